"""Adding a picture to a claim, and claiming the renewal of a credential that ends."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.people.credentials import files
from volunteers.people.credentials.own.forms import CredentialForm, PictureForm, uploaded
from volunteers.people.credentials.rules import KIND_NAMES
from volunteers.people.credentials.service import add_credential
from volunteers.people.queries import CredentialView, profile

VOLUNTEER = requires(Permission.VOLUNTEER_SELF)
HOME = "/my/profile"


@post("/my/credentials/{public_id:uuid}/file", guards=[VOLUNTEER])
async def add_picture(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Add a picture to a claim that waits."""
    held, form = await _held(principal, public_id), await Form.read(request, PictureForm)
    try:
        upload = await uploaded(form)
        if upload is None:
            raise InvalidInput({"file": Message(N_("请选择照片或 PDF。"))})
        await files.add_file(principal, public_id, upload)
    except DomainError as refusal:
        return await _page("picture", held, form.refused(refusal))
    return see_other(HOME, N_("照片已加密保存，核验人员会看到。"))


@get("/my/credentials/{public_id:uuid}/file", guards=[VOLUNTEER])
async def picture_form(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Show the form for one picture."""
    return await _page("picture", await _held(principal, public_id), Form.empty(PictureForm))


@get("/my/credentials/{public_id:uuid}/renew", guards=[VOLUNTEER])
async def renewal_form(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Show the claim filled in with what stays the same."""
    held = await _held(principal, public_id)
    first = held.valid_until + timedelta(days=1) if held.valid_until else None
    same = {name: getattr(held, name) for name in ("kind", "number", "issuer_zh")}
    return await _page("renew", held, Form.empty(CredentialForm, **same, valid_from=first))


@post("/my/credentials/{public_id:uuid}/renew", guards=[VOLUNTEER])
async def renew(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Claim the renewal; the credential in force counts until it ends."""
    held, form = await _held(principal, public_id), await Form.read(request, CredentialForm)
    try:
        await add_credential(principal, form.value.stated(), await uploaded(form))
    except DomainError as refusal:
        return await _page("renew", held, form.refused(refusal))
    return see_other(HOME, N_("新证已提交，核验后会通知你。旧证到期前照常有效。"))


async def _held(principal: CurrentPrincipal, public_id: UUID) -> CredentialView:
    for held in (await profile(principal)).credentials:
        if held.public_id == public_id:
            return held
    raise NotFound


async def _page(name: str, held: CredentialView, form: Form[Any]) -> Response[str]:
    return await page(
        f"volunteers/people/credential_{name}.html",
        status=form.status if form.refusal else None,
        held=held,
        form=form,
        credential_names=KIND_NAMES,
        crumbs=[Crumb(N_("我的资料"), HOME), Crumb(KIND_NAMES[held.kind])],
    )
