"""The answers of a page's controller: a rendered page, a redirect after a write, or a file to be saved."""

from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.response import Redirect

from app.core.text import Message
from app.web import slots
from app.web.context import Flash, current
from app.web.forms import Form
from app.web.templates import render

HTML = "text/html"


async def page(
    template: str, *, form: Form[Any] | None = None, status: int | None = None, **context: Any
) -> Response[str]:
    """Render ``templates/<template>``; a form given here also gives the page its status (422 with errors)."""
    values = context if form is None else {**context, "form": form}
    text = await slots.filled(render(template, values), render)
    return Response(text, media_type=HTML, status_code=status or (form.status if form else 200))


def see_other(path: str, flash: Message | str | None = None, kind: str = "done", **values: Any) -> Redirect:
    """Answer a write with 303, so that reloading does not write again; ``flash`` is shown on the next page.

    ``path`` is an address of this site: whatever comes from a request goes through ``own_path`` first.
    """
    if flash is not None:
        message = flash if isinstance(flash, Message) else Message(flash, values)
        current().next_flashes.append(Flash(message, kind))
    return Redirect(path, status_code=303)


def to_save(content: bytes, name: str, media_type: str) -> Response[bytes]:
    """Answer with a file for the reader alone, to be saved and never shown."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "cache-control": "private, no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


def own_path(wanted: str | None, otherwise: str = "/") -> str:
    """Return an address that came with a request if it stays on this site (no open redirect)."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return otherwise
    return otherwise if any(ord(char) < 32 for char in wanted) else wanted
