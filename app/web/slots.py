"""Named places on a page that packages above may fill; the page does not know by whom.

A template says ``{{ slot("product_page.aside", product.id) }}``. An upper package's wiring says
``SLOTS = [("product_page.aside", rating)]`` with ``async def rating(principal, product_id) -> Fill | None``.
Templates render synchronously (twice as fast as Jinja's async mode): ``slot`` leaves a mark, and
``app.web.pages.page`` awaits the fills and puts them in its place.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from markupsafe import Markup

from app.web.context import current


@dataclass(frozen=True, slots=True)
class Fill:
    """What goes into a slot: a template and its context."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


SlotFunction = Callable[..., Awaitable[Fill | None]]
Slot = tuple[str, SlotFunction]


@dataclass(frozen=True, slots=True)
class Pending:
    """A slot met while rendering, waiting to be filled."""

    mark: str
    name: str
    arguments: tuple[Any, ...]


_functions: dict[str, list[SlotFunction]] = {}


def register(slots: Iterable[Slot]) -> None:
    """Take the packages' slots, lower packages first; replaces what was registered before."""
    _functions.clear()
    for name, function in slots:
        _functions.setdefault(name, []).append(function)


def slot(name: str, *arguments: Any) -> Markup:
    """Leave a mark in the page; called by templates."""
    if not _functions.get(name):
        return Markup("")
    pending = Pending(f"<!--slot:{uuid4().hex}-->", name, arguments)
    current().slots.append(pending)
    return Markup(pending.mark)  # noqa: S704 - a comment of our own with random digits


async def filled(text: str, render: Callable[[str, dict[str, Any]], str]) -> str:
    """Return the page with its marks replaced; a fill may hold slots itself."""
    context = current()
    while context.slots:
        pending = context.slots.pop()
        if pending.mark not in text:
            continue
        parts = [await function(context.principal, *pending.arguments) for function in _functions[pending.name]]
        text = text.replace(pending.mark, "".join(render(part.template, part.context) for part in parts if part))
    return text
