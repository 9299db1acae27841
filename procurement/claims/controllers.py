"""One claim's page, for its payee and for the officers of its place; handing it in again."""

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.attachments.queries import files_of
from app.core.access import Permission
from app.core.state import events_from
from app.core.text import N_
from app.operations.queries import history
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.places import queries as places
from procurement.claims import queries, service
from procurement.claims.disputes.queries import disputes_of
from procurement.claims.disputes.rules import DISPUTABLE
from procurement.claims.facts.queries import facts_of
from procurement.claims.forms import ReasonForm
from procurement.claims.rewards.queries import pay_day
from procurement.claims.rules import TRANSITIONS
from procurement.claims.standing.queries import standings
from procurement.claims.wording import (
    ACTION_NAMES,
    ITEM_NAMES,
    PART_NAMES,
    TAGS,
    explained,
    headline,
    line_named,
    moments,
    when_paid,
)

HOMES = {
    "own": Crumb(N_("我的补贴"), "/my/claims"),
    "desk": Crumb(N_("补贴审核"), "/claims"),
    "finance": Crumb(N_("结算"), "/settlement"),
}
"""Where each of a claim's readers came from."""


@get("/claims/{reference:str}", guards=[requires(Permission.CLAIM_SELF, *queries.READERS)])
async def show(principal: CurrentPrincipal, reference: FromPath[str]) -> Response[str]:
    """Show a claim: the work, the amount and why, where it stands, what happened."""
    claim = await queries.claim_page(principal, reference)
    facts = await facts_of(claim.row.id)
    standing = (await standings([claim.row.id])).get(claim.row.id)
    home = HOMES["own" if claim.own else "desk" if claim.may_judge else "finance"]
    return await page(
        "procurement/claims/show.html",
        form=Form.empty(ReasonForm),
        claim=claim,
        row=claim.row,
        tags=TAGS,
        item_names=ITEM_NAMES,
        part_names=PART_NAMES,
        lines=explained(claim.steps),
        when_paid=when_paid(claim.row, claim.payment),
        moments=moments(claim),
        stands_on=facts,
        standing=standing,
        expected_on=standing.next_on if standing else await pay_day(claim.row.status, claim.accrued_at),
        headline=headline(claim, facts),
        line=line_named(claim),
        disputes=await disputes_of(principal, claim.row.id),
        may_dispute=claim.own and not claim.of_contract and claim.row.status in DISPUTABLE,
        receipts=await files_of("expense", facts.expense_id) if facts.expense_id else [],
        events={event.value for event in events_from(TRANSITIONS, claim.row.status)},
        places=await places.path_to(claim.place_code),
        action_names=ACTION_NAMES,
        history=[] if claim.own else await history("claim", claim.row.id),
        crumbs=[home, Crumb(claim.row.reference)],
    )


@post("/claims/{reference:str}/resubmit", guards=[requires(Permission.CLAIM_SELF)])
async def resubmit(principal: CurrentPrincipal, reference: FromPath[str]) -> Redirect:
    """Hand in a returned claim again."""
    claim = await queries.claim_page(principal, reference)
    await service.resubmit_claim(principal, claim.row.id)
    return see_other(f"/claims/{reference}", N_("已重新提交，等待审核。"))
