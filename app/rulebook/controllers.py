"""The officer's pages of the rulebook: every figure, what waits to be confirmed, one figure with its history."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.rulebook import queries, service
from app.rulebook.forms import ConfirmForm, Filter, ProposeForm, RefuseForm
from app.rulebook.proposals import queries as proposals_queries
from app.rulebook.proposals import service as proposals
from app.rulebook.proposals.rules import STATUS_NAMES, ProposalStatus
from app.rulebook.rules import Rule
from app.rulebook.wording import unit_of
from app.web.components import Crumb, Tag
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other

RULEBOOK = "/rulebook"
READERS = requires(Permission.RULEBOOK_CONFIRM, Permission.AUDIT_READ)
OFFICERS = requires(Permission.RULEBOOK_CONFIRM)
CONFIRMED, READ, UNVERIFIED = (
    Tag("done", N_("已确认")),
    Tag("info", N_("已对照原文")),
    Tag("need", N_("未核实")),
)
SHOWN = {
    queries.Shown.ALL: N_("全部"),
    queries.Shown.UNVERIFIED: N_("待确认"),
    queries.Shown.PROPOSED: N_("有新数值待确认"),
}


def verification(rule: Rule) -> Tag:
    """Return how far a figure may be relied on, for every page that shows one."""
    if rule.verified_by is not None:
        return CONFIRMED
    return READ if rule.text_read else UNVERIFIED


@get(RULEBOOK, guards=[READERS])
async def rulebook(request: Request[Any, Any, Any]) -> Response[str]:
    """Show every figure with its source and standing, or those that wait to be confirmed."""
    return await _rulebook(Form.from_query(request, Filter))


@post(f"{RULEBOOK}/confirm", guards=[OFFICERS])
async def confirm(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Confirm the ticked figures."""
    form = await Form.read(request, ConfirmForm)
    try:
        seen = form.value.seen()
        await service.confirm_rules(principal, seen)
    except DomainError as refusal:
        return await _rulebook(Form.empty(Filter, show=queries.Shown.UNVERIFIED), form.refused(refusal))
    return see_other(f"{RULEBOOK}?show=unverified", N_("已确认 %(count)s 个数值，记入审计。"), count=len(seen))


@get(f"{RULEBOOK}/confirm", guards=[READERS])
async def back_to_unverified() -> Response[Any]:
    """Answer whoever reloads the answer to the form."""
    return see_other(f"{RULEBOOK}?show=unverified")


@get("/rulebook/{rule_id:int}", guards=[READERS])
async def rule(rule_id: FromPath[int], principal: CurrentPrincipal) -> Response[str]:
    """Show one figure with its history, and what is proposed."""
    return await _rule(principal, rule_id)


@post("/rulebook/{rule_id:int}/propose", guards=[OFFICERS])
async def propose(
    request: Request[Any, Any, Any], rule_id: FromPath[int], principal: CurrentPrincipal
) -> Response[Any]:
    """Propose another figure from a day on."""
    form = await Form.read(request, ProposeForm)
    try:
        await proposals.propose_figure(principal, rule_id, form.value.replacement())
    except DomainError as refusal:
        return await _rule(principal, rule_id, form.refused(refusal))
    return see_other(f"{RULEBOOK}/{rule_id}", N_("已提出，等另一人对照原文确认。"))


@post("/rulebook/{rule_id:int}/proposal/confirm", guards=[OFFICERS])
async def confirm_proposal(rule_id: FromPath[int], principal: CurrentPrincipal) -> Response[Any]:
    """Let the proposed figure hold."""
    new_id = await proposals.confirm_proposal(principal, rule_id)
    return see_other(f"{RULEBOOK}/{new_id}", N_("新数值已确认，自生效日起适用，记入审计。"))


@post("/rulebook/{rule_id:int}/proposal/refuse", guards=[OFFICERS])
async def refuse_proposal(
    request: Request[Any, Any, Any], rule_id: FromPath[int], principal: CurrentPrincipal
) -> Response[Any]:
    """Turn the proposed figure down."""
    form = await Form.read(request, RefuseForm)
    try:
        await proposals.refuse_proposal(principal, rule_id, form.value.reason)
    except DomainError as refusal:
        return await _rule(principal, rule_id, refusing=form.refused(refusal))
    return see_other(f"{RULEBOOK}/{rule_id}", N_("已退回，现行数值不变。"))


@get(
    [f"/rulebook/{{rule_id:int}}/{step}" for step in ("propose", "proposal/confirm", "proposal/refuse")],
    guards=[READERS],
)
async def back_to_rule(rule_id: FromPath[int]) -> Response[Any]:
    """Answer whoever reloads the answer to a form."""
    return see_other(f"{RULEBOOK}/{rule_id}")


async def _rulebook(asked: Form[Filter], confirming: Form[ConfirmForm] | None = None) -> Response[str]:
    wanted = Filter() if asked.errors else asked.value
    return await page(
        "app/rulebook/rulebook.html",
        status=confirming.status if confirming else None,
        asked=asked,
        shown=wanted.show,
        shown_names=SHOWN,
        form=confirming or Form.empty(ConfirmForm),
        rows=await queries.rulebook(clock.today(), wanted.show, wanted.q),
        verification=verification,
        unit_of=unit_of,
        unverified=await queries.unverified_count(),
    )


async def _rule(
    principal: Principal,
    rule_id: int,
    form: Form[ProposeForm] | None = None,
    refusing: Form[RefuseForm] | None = None,
) -> Response[str]:
    found = await queries.rule_by_id(rule_id)
    if found is None:
        raise NotFound
    refused = form or refusing
    told = await proposals_queries.proposals_of(rule_id)
    waiting = next((one for one in told if one.status is ProposalStatus.PROPOSED), None)
    return await page(
        "app/rulebook/rule.html",
        status=refused.status if refused else None,
        form=form or Form.empty(ProposeForm, document=found.document, article=found.article),
        refusing=refusing or Form.empty(RefuseForm),
        rule=found,
        proposal=waiting,
        own=waiting is not None and waiting.proposed_by == principal.account_id,
        refused=[one for one in told if one.status is ProposalStatus.REFUSED],
        proposal_names=STATUS_NAMES,
        history=await queries.history(found),
        verification=verification,
        status_tag=verification(found),
        unit_of=unit_of,
        crumbs=[Crumb(N_("规则库"), RULEBOOK), Crumb(localized(found, "note") or found.key)],
    )
