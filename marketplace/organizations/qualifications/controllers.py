"""Adding a file to a paper that waits."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.organizations.provision import QUALIFICATION_NAMES
from marketplace.organizations.qualifications import files
from marketplace.organizations.qualifications.files import Upload
from marketplace.organizations.queries import organization_in_full

MEMBER = requires(Permission.ORGANIZATION_MANAGE)


class FileForm(msgspec.Struct):
    """One file."""

    file: str = ""


async def uploaded(form: Form[Any]) -> Upload | None:
    """Return the file that came with a form."""
    sent = form.files.get("file")
    return Upload(sent.filename, await sent.read()) if sent else None


@get("/my/organizations/{public_id:uuid}/papers/{paper:int}/file", guards=[MEMBER])
async def file_form(public_id: FromPath[UUID], paper: FromPath[int], principal: CurrentPrincipal) -> Response[str]:
    """Show the form for one file."""
    return await _page(principal, public_id, paper, Form.empty(FileForm))


@post("/my/organizations/{public_id:uuid}/papers/{paper:int}/file", guards=[MEMBER])
async def add_file(
    public_id: FromPath[UUID], paper: FromPath[int], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Add a file to a paper."""
    form = await Form.read(request, FileForm)
    try:
        upload = await uploaded(form)
        if upload is None:
            raise InvalidInput({"file": Message(N_("请选择照片或 PDF。"))})
        await files.add_file(principal, public_id, paper, upload)
    except DomainError as refusal:
        return await _page(principal, public_id, paper, form.refused(refusal))
    return see_other(f"/my/organizations/{public_id}", N_("文件已加密保存，核验人员会看到。"))


async def _page(principal: Principal, public_id: UUID, paper: int, form: Form[FileForm]) -> Response[str]:
    found = await organization_in_full(principal, public_id)
    shown = next((one for one in found.qualifications if one.id == paper), None)
    if shown is None:
        raise NotFound
    return await page(
        "marketplace/organizations/paper_file.html",
        form=form,
        paper=shown,
        paper_names=QUALIFICATION_NAMES,
        crumbs=[
            Crumb(N_("我的单位"), "/my/organizations"),
            Crumb(localized(found, "name"), f"/my/organizations/{public_id}"),
            Crumb(N_("附上文件")),
        ],
    )
