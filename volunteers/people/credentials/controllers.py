"""The officer's queue: credentials to hold against the original, verified or refused with a reason."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from volunteers.people.credentials import queries, service
from volunteers.people.credentials.rules import GROUND_NAMES, KIND_NAMES, Ground

OFFICER = requires(Permission.CREDENTIAL_VERIFY)


class VerifyForm(msgspec.Struct):
    """The claims that were ticked, and what they were held against."""

    claims: list[UUID]
    ground: Ground
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class RefuseForm(msgspec.Struct):
    """Why a claim is refused."""

    reason: Annotated[str, msgspec.Meta(max_length=200)]


@get("/credentials", guards=[OFFICER])
async def queue(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show what waits for a verdict, oldest first."""
    return await _queue(principal, cursor)


@post("/credentials/verify", guards=[OFFICER])
async def verify(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Vouch for the ticked claims."""
    form = await Form.read(request, VerifyForm)
    if not form.text("claims"):
        return see_other("/credentials", N_("还没有勾选证件。"), "info")
    try:
        asked = form.value
        count = await service.verify_credentials(principal, asked.claims, asked.ground, asked.note)
    except DomainError as refusal:
        return await _queue(principal, None, form.refused(refusal))
    return see_other("/credentials", N_("已核验 %(count)s 份证件。"), count=count)


@post("/credentials/{public_id:uuid}/refuse", guards=[OFFICER])
async def refuse(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Refuse one claim with a reason that its holder reads."""
    form = await Form.read(request, RefuseForm)
    try:
        await service.refuse_credential(principal, public_id, form.value.reason)
    except DomainError as refusal:
        return await _queue(principal, None, form.refused(refusal))
    return see_other("/credentials", N_("已退回，本人会看到原因。"))


async def _queue(principal: CurrentPrincipal, cursor: str | None, refused: Form[Any] | None = None) -> Response[str]:
    after = decode_cursor(cursor, tuple[datetime, int])
    rows = await queries.queue(principal, after, PAGE + 1)
    return await page(
        "volunteers/people/credentials.html",
        status=refused.status if refused else None,
        form=refused if refused and refused.struct is VerifyForm else Form.empty(VerifyForm, ground=Ground.ORIGINAL),
        refused=refused,
        ticked=refused.text("claims") if refused and refused.struct is VerifyForm else [],
        ground_names=GROUND_NAMES,
        part=sliced(rows, lambda row: (row.claimed_at, row.id)),
        waiting=await queries.waiting_count(principal),
        kind_names=KIND_NAMES,
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("证件核验"))],
    )
