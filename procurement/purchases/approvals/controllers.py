"""The page of those who decide: figures, levels, deputies; proposing, confirming and ending them."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.choices import place_options
from procurement.purchases.approvals import authority, queries
from procurement.purchases.approvals.authority import PAGE, Kind
from procurement.purchases.approvals.forms import DecideForm, DeputyForm, LevelForm, LimitForm
from procurement.purchases.approvals.rules import CHAIN, LEVEL_NAMES
from procurement.reading import reading_scope

DECIDERS = (Permission.BUDGET_MANAGE, Permission.PURCHASE_APPROVE, Permission.LEDGER_READ)
READER = requires(*DECIDERS)
OFFICER = requires(Permission.BUDGET_MANAGE)
APPROVER = requires(Permission.PURCHASE_APPROVE)
KINDS = {"limits": Kind.LIMIT, "levels": Kind.LEVEL, "deputies": Kind.DEPUTY}
TAGS = {
    "proposed": Tag("need", N_("待确认")),
    "confirmed": Tag("done", N_("已确认")),
    "refused": Tag("off", N_("已退回")),
}
IN_FORCE, LATER, OVER = Tag("done", N_("执行中")), Tag("wait", N_("未开始")), Tag("off", N_("已结束"))
LABELS = {
    "place_code": N_("适用地区"),
    "section_up_to": N_("科室负责人可批到（元）"),
    "division_up_to": N_("分管领导可批到（元）"),
    "effective_from": N_("执行日"),
    "document": N_("依据文件"),
    "account": N_("审批人"),
    "level": N_("审批级别"),
    "starts_on": N_("第一天"),
    "ends_on": N_("最后一天"),
    "deputy": N_("代行人"),
}


@get(PAGE, guards=[READER])
async def overview(principal: CurrentPrincipal) -> Response[str]:
    """Show up to which amount who decides, who holds which level, and who stands in."""
    return await _overview(principal, Form.empty(DecideForm))


@get(f"{PAGE}/limits/new", guards=[OFFICER])
async def limit_form(principal: CurrentPrincipal) -> Response[str]:
    """Show empty figures."""
    return await _limit(principal, Form.empty(LimitForm))


@post(f"{PAGE}/limits", guards=[OFFICER])
async def propose_limit(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Propose figures."""
    form = await Form.read(request, LimitForm)
    try:
        await authority.propose_limit(principal, form.value.limit())
    except DomainError as refusal:
        return await _limit(principal, form.refused(refusal))
    return see_other(PAGE, N_("已提出，等待另一人确认。"))


@get(f"{PAGE}/levels/new", guards=[OFFICER])
async def level_form(principal: CurrentPrincipal) -> Response[str]:
    """Show an empty level."""
    return await _level(principal, Form.empty(LevelForm, starts_on=clock.today()))


@post(f"{PAGE}/levels", guards=[OFFICER])
async def propose_level(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Propose who holds a level."""
    form = await Form.read(request, LevelForm)
    try:
        await authority.propose_level(principal, form.value.new_level())
    except DomainError as refusal:
        return await _level(principal, form.refused(refusal))
    return see_other(PAGE, N_("已提出，等待另一人确认。"))


@get(f"{PAGE}/deputies/new", guards=[OFFICER])
async def deputy_form(principal: CurrentPrincipal) -> Response[str]:
    """Show an empty deputy for somebody else."""
    return await _deputy(principal, Form.empty(DeputyForm, starts_on=clock.today()), own=False)


@post(f"{PAGE}/deputies", guards=[OFFICER])
async def propose_deputy(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Propose a deputy for somebody else."""
    form = await Form.read(request, DeputyForm)
    try:
        asked = form.value.new_deputy()
        if asked.account is None:
            raise NotFound
        await authority.name_deputy(principal, asked)
    except DomainError as refusal:
        return await _deputy(principal, form.refused(refusal), own=False)
    return see_other(PAGE, N_("已提出，等待另一人确认。"))


@get("/my/deputy", guards=[APPROVER])
async def own_deputy_form(principal: CurrentPrincipal) -> Response[str]:
    """Show who stands in for oneself."""
    return await _deputy(principal, Form.empty(DeputyForm, starts_on=clock.today()), own=True)


@post("/my/deputy", guards=[APPROVER])
async def name_own_deputy(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Name one's own deputy; it holds at once."""
    form = await Form.read(request, DeputyForm)
    try:
        asked = form.value
        await authority.name_deputy(principal, authority.NewDeputy(asked.deputy, asked.starts_on, asked.ends_on))
    except DomainError as refusal:
        return await _deputy(principal, form.refused(refusal), own=True)
    return see_other(PAGE, N_("已指定，对方已收到通知。"))


@post(PAGE + "/{kind:str}/{public_id:uuid}/decision", guards=[APPROVER])
async def decide(
    kind: FromPath[str], public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Confirm or refuse what another person proposed."""
    form = await Form.read(request, DecideForm)
    try:
        said = form.value
        await authority.decide_authority(principal, _kind(kind), public_id, said.approve, said.reason)
    except DomainError as refusal:
        return await _overview(principal, form.refused(refusal))
    return see_other(PAGE, N_("已确认。") if said.approve else N_("已退回。"))


@post(PAGE + "/{kind:str}/{public_id:uuid}/end", guards=[READER])
async def end(kind: FromPath[str], public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """End a level or a deputy at once."""
    await authority.end_authority(principal, _kind(kind), public_id)
    return see_other(PAGE, N_("已结束，立即生效。"))


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound
    return KINDS[name]


async def _overview(principal: Principal, form: Form[DecideForm]) -> Response[str]:
    scope, today = reading_scope(principal, *DECIDERS), clock.today()
    limits = await queries.limits(scope)
    return await page(
        "procurement/purchases/approvals/overview.html",
        form=form,
        limits=limits,
        holding=queries.holding(limits, today),
        levels=await queries.levels(scope),
        deputies=await queries.deputies(scope),
        chain=CHAIN,
        standing=_standing,
        level_names=LEVEL_NAMES,
        me=principal.account_id,
        crumbs=[Crumb(N_("采购"), "/buying/purchases"), Crumb(N_("审批权限"))],
    )


def _standing(row: queries.AuthorityView) -> Tag:
    today = clock.today()
    if row.status != "confirmed":
        return TAGS[row.status]
    if row.starts_on > today and (row.ends_on is None or row.ends_on >= row.starts_on):
        return LATER
    return IN_FORCE if row.in_force(today) else OVER


async def _limit(principal: Principal, form: Form[LimitForm]) -> Response[str]:
    places = await place_options(principal.scope(Permission.BUDGET_MANAGE))
    return await _form("limit.html", form, places=places)


async def _level(principal: Principal, form: Form[LevelForm]) -> Response[str]:
    scope = principal.scope(Permission.BUDGET_MANAGE)
    return await _form(
        "level.html",
        form,
        places=await place_options(scope),
        people=await queries.approvers(scope),
        levels={level.value: LEVEL_NAMES[level] for level in CHAIN},
    )


async def _deputy(principal: Principal, form: Form[DeputyForm], *, own: bool) -> Response[str]:
    scope = principal.scope(Permission.PURCHASE_APPROVE if own else Permission.BUDGET_MANAGE)
    people = [one for one in await queries.approvers(scope) if not own or one[0] != str(principal.public_id)]
    return await _form("deputy.html", form, people=people, own=own)


async def _form(template: str, form: Form[Any], **shown: Any) -> Response[str]:
    crumbs = [Crumb(N_("审批权限"), PAGE), Crumb(N_("新提出"))]
    return await page(f"procurement/purchases/approvals/{template}", form=form, labels=LABELS, crumbs=crumbs, **shown)
