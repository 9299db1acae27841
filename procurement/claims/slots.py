"""What claims add to pages of the layers below: an assignment's amount, a shift's reward, one's own subsidies."""

from uuid import UUID

from app.core.access import Permission, Principal
from app.core.text import N_
from app.web.slots import Fill
from procurement.claims.own import queries
from procurement.claims.quotes.queries import quotes
from procurement.claims.quotes.scenarios import cost_of_scenario
from procurement.claims.rewards.queries import reward
from procurement.claims.wording import TAGS, when_paid

SPANS = {
    ("half_day", 1): N_("半天"),
    ("half_day", 2): N_("一天"),
    ("day", 1): N_("一天"),
    ("lecture", 1): N_("一场"),
}
"""What a volunteer calls the units that attended work is priced in."""

LATEST = 3


async def assignment_amount(_principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``assignment_page.compensation``: what the shift pays, before anybody signs up; nothing if it is unpaid."""
    quote = (await quotes([assignment_id])).get(assignment_id)
    if quote is None:
        return None
    span = SPANS.get((quote.unit, quote.count), "")
    return Fill("procurement/claims/quote.html", {"quote": quote, "span": span})


async def scenario_cost(_principal: Principal, scenario: UUID) -> Fill | None:
    """Fill ``scenario_page.cost``: what the visits would cost that would be made besides."""
    cost = await cost_of_scenario(scenario)
    return Fill("procurement/claims/scenario_cost.html", {"cost": cost, "spans": SPANS}) if cost else None


async def own_subsidies(principal: Principal, *_ids: int) -> Fill | None:
    """Fill a card on one's own pages: what is paid, what is coming, the latest claims."""
    if not principal.signed_in or not principal.can(Permission.CLAIM_SELF):
        return None
    found = await queries.my_claims(principal, None, LATEST)
    if not found.rows:
        return None
    return Fill("procurement/claims/subsidies.html", {"found": found, "tags": TAGS, "when_paid": when_paid})


async def shift_reward(principal: Principal, sign_up_id: int) -> Fill | None:
    """Fill ``shift_done.reward``: what the shift brought and when it arrives."""
    found = await reward(principal, sign_up_id)
    return Fill("procurement/claims/reward.html", {"reward": found}) if found else None
