"""The rules: which there are and were, setting another, ending one."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public
from app.web.pages import page, see_other
from volunteers.assignments.rules import COMPENSATION_NAMES, KIND_NAMES
from volunteers.coverage import queries
from volunteers.coverage.controllers import HOME, PLANS
from volunteers.coverage.rules import EVERY_NAMES, LEVEL_NAMES
from volunteers.coverage.standing import service
from volunteers.coverage.standing.forms import EndForm, RuleForm
from volunteers.coverage.wording import NAMES, promised

RULES = "/coverage/rules"
CRUMBS = [Crumb(N_("覆盖承诺"), HOME), Crumb(N_("规则"), RULES)]
WORDS = {"kind_names": KIND_NAMES, "promised": promised, "compensation_names": COMPENSATION_NAMES}


@get(RULES, guards=[public])
async def rules(principal: CurrentPrincipal) -> Response[str]:
    """List what was promised to whom, by whom and why; also what has ended."""
    found = await queries.all_rules()
    return await page(
        "volunteers/coverage/standing/list.html",
        found=found,
        today=clock.today(),
        plans=principal.can(Permission.DISPATCH_PLAN),
        crumbs=CRUMBS,
        **WORDS,
    )


@get("/coverage/rules/new", guards=[PLANS])
async def new_form(principal: CurrentPrincipal) -> Response[str]:
    """Ask what is to be promised."""
    codes = principal.scope(Permission.DISPATCH_PLAN).place_codes
    return await _new(principal, Form.empty(RuleForm, place=codes[0] if codes else "", valid_from=clock.today()))


@post("/coverage/rules/new", guards=[PLANS])
async def create(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Promise it."""
    form = await Form.read(request, RuleForm)
    try:
        made = await service.set_rule(principal, form.value)
    except DomainError as refusal:
        return await _new(principal, form.refused(refusal))
    return see_other(f"{HOME}?rule={made}", N_("规则已定。快到期没人去的地方，会自动发布班次。"))


@get("/coverage/rules/{public_id:uuid}", guards=[public])
async def show(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show one rule in full."""
    return await _show(principal, public_id, Form.empty(EndForm, last_day=clock.today()))


@post("/coverage/rules/{public_id:uuid}/end", guards=[PLANS])
async def end(public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Say until when it holds."""
    form = await Form.read(request, EndForm)
    try:
        await service.end_rule(principal, public_id, form.value.last_day, form.value.reason)
    except DomainError as refusal:
        return await _show(principal, public_id, form.refused(refusal))
    return see_other(f"{RULES}/{public_id}", N_("已写上结束日期。已发布的班次不变。"))


async def _show(principal: Principal, public_id: UUID, form: Form[EndForm]) -> Response[str]:
    rule = await queries.rule_by_id(public_id)
    can = Permission.DISPATCH_PLAN
    ends = principal.can(can) and principal.scope(can).covers_place(rule.place_code) and not rule.ending_reason
    crumbs = [*CRUMBS, Crumb(localized(rule, "place"))]
    return await page(
        "volunteers/coverage/standing/show.html",
        form=form, rule=rule, plans=principal.can(can), may_end=ends, today=clock.today(), crumbs=crumbs, people=NAMES,
        **WORDS,
    )  # fmt: skip


async def _new(principal: Principal, form: Form[RuleForm]) -> Response[str]:
    places = await queries.places_to_promise(principal.scope(Permission.DISPATCH_PLAN).place_codes)
    return await page(
        "volunteers/coverage/standing/new.html",
        form=form,
        places=[(code, Message("%(name)s", {"name": name})) for code, name in places],
        level_names=LEVEL_NAMES,
        every_names=EVERY_NAMES,
        people=NAMES,
        crumbs=[*CRUMBS, Crumb(N_("新规则"))],
        **WORDS,
    )
