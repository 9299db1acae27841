"""The coordinator's list of findings, one finding with its evidence, and the decision."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from volunteers.attendance.findings import queries, service
from volunteers.attendance.findings.forms import DecisionForm
from volunteers.attendance.findings.rules import EVENT_NAMES, KIND_NAMES, STATUS_NAMES, FindingKind, FindingStatus
from volunteers.attendance.findings.tags import FINDING_TAGS

OFFICER = requires(Permission.CREDENTIAL_VERIFY)
HOME, SHOWN = "/findings", 30


@get(HOME, guards=[OFFICER])
async def findings(
    principal: CurrentPrincipal,
    status: FromQuery[str] = FindingStatus.OPEN,
    kind: FromQuery[str] = "",
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """List what was noticed, what waits for a decision first."""
    asked = FindingStatus(status) if status in set(FindingStatus) else None
    of_kind = FindingKind(kind) if kind in set(FindingKind) else None
    rows = await queries.findings(principal, asked, of_kind, decode_cursor(cursor, int), SHOWN + 1)
    return await page(
        "volunteers/attendance/findings/list.html",
        part=sliced(rows, key=lambda row: row.id, size=SHOWN),
        status_asked=asked or "",
        kind_asked=of_kind or "",
        statuses=STATUS_NAMES,
        kinds=KIND_NAMES,
        finding_tags=FINDING_TAGS,
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("异常核查"))],
    )


@post("/findings/look", guards=[OFFICER])
async def look(principal: CurrentPrincipal) -> Redirect:
    """Look now instead of waiting for the night."""
    found = sum((await service.look(principal, clock.now())).values())
    return see_other(HOME, N_("查完了，新发现 %(count)s 条。"), count=found)


@get("/findings/{public_id:uuid}", guards=[OFFICER])
async def show(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show one finding with what shows it."""
    return await _page(principal, public_id, Form.empty(DecisionForm))


@post("/findings/{public_id:uuid}", guards=[OFFICER])
async def decide(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Decide, with a reason."""
    form = await Form.read(request, DecisionForm)
    try:
        await service.decide(principal, public_id, form.value.event, form.value.reason)
    except DomainError as refusal:
        return await _page(principal, public_id, form.refused(refusal))
    return see_other(HOME, N_("已记下你的结论。"))


async def _page(principal: Principal, public_id: UUID, form: Form[DecisionForm]) -> Response[str]:
    found = await queries.finding(principal, public_id)
    return await page(
        "volunteers/attendance/findings/show.html",
        form=form,
        finding=found,
        work=await queries.work_behind(found),
        kinds=KIND_NAMES,
        events=EVENT_NAMES,
        finding_tags=FINDING_TAGS,
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("异常核查"), HOME), Crumb(KIND_NAMES[found.kind])],
    )
