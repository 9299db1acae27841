"""One unit, one claim: each with the whole way back to its budget line."""

from litestar import Response, get
from litestar.params import FromPath

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from procurement.claims.wording import TAGS as CLAIM_TAGS
from procurement.contracts.requirements.rules import KIND_NAMES as LINE_NAMES
from procurement.deliveries.acceptances.rules import OUTCOME_NAMES
from procurement.deliveries.proofs.rules import KIND_NAMES as PROOF_NAMES
from procurement.deliveries.tags import STATUS_TAGS as UNIT_TAGS
from procurement.ledger.books.wording import ENTRY_NAMES
from procurement.oversight.flags.controllers import WORDS
from procurement.oversight.flags.queries import flags_of
from procurement.oversight.trace import ways
from procurement.oversight.trace.works import queries
from procurement.oversight.trace.works.queries import Way
from procurement.settlement.wording import TAGS as BATCH_TAGS

READER = requires(Permission.LEDGER_READ)


@get("/oversight/units/{reference:str}", guards=[READER])
async def unit(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one unit: who came, what proves it, what was found, what was paid."""
    found = await queries.unit(principal, reference)
    return await page(
        "procurement/oversight/trace/unit.html",
        found=found,
        flags=await flags_of(principal, order=reference),
        unit_tags=UNIT_TAGS,
        claim_tags=CLAIM_TAGS,
        batch_tags=BATCH_TAGS,
        proof_names=PROOF_NAMES,
        outcome_names=OUTCOME_NAMES,
        line_names=LINE_NAMES,
        crumbs=[*_above(found.way), Crumb(N_("服务"))],
        **WORDS,
    )


@get("/oversight/claims/{reference:str}", guards=[READER])
async def claim(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one claim: its work, its entries, its payment."""
    found = await queries.claim(principal, reference)
    return await page(
        "procurement/oversight/trace/claim.html",
        found=found,
        flags=await flags_of(principal, claim=reference),
        claim_tags=CLAIM_TAGS,
        batch_tags=BATCH_TAGS,
        entry_names=ENTRY_NAMES,
        crumbs=[*_above(found.way), Crumb(N_("申领"))],
        **WORDS,
    )


def _above(way: Way) -> list[Crumb]:
    """Return the way down to the thing itself, as far as it is known."""
    steps = [ways.entry(way.year), ways.line(way.year, way.line_place, way.programme, localized(way, "programme"))]
    if way.purchase:
        steps.append(ways.purchase(way.purchase))
    if way.unit:
        steps.append(ways.unit(way.unit))
    return steps
