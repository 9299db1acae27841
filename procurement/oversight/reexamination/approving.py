"""The approval: the chain that the amount asked for on the day of the request, and who took its steps."""

from collections.abc import Iterable

from app.core import clock, database
from app.core.calendar import Calendar
from procurement.blocks import Block
from procurement.oversight.reexamination.book import DIVISION, SECTION
from procurement.oversight.reexamination.facts import Past, offer_at
from procurement.oversight.reexamination.rules import DecidedStep, LawOfDay, PastStep
from procurement.purchases.approvals.rules import AUTHORITY, Level, Taken, chain_blocks, chain_for
from procurement.purchases.guards import offer_blocks
from procurement.separation import SEPARATION


async def steps_of(past: Past) -> list[PastStep]:
    """Return the approval of a purchase that was approved, by whichever method."""
    if past.approved_at is None:
        return []
    rows = await database.fetch(_TAKEN, past.id)
    taken = [Taken(Level(row["level"]), row["decided_by"], row["in_stead_of"], row["held"]) for row in rows]
    decided_at = max([row["decided_at"] for row in rows], default=past.approved_at)
    offer = await offer_at(past.id, decided_at)
    day = clock.local(decided_at).date()

    def judge(figures: LawOfDay, _: Calendar) -> Iterable[Block]:
        section, division = figures.known(SECTION), figures.known(DIVISION)
        chain: tuple[Level, ...] = (Level.SINGLE,)
        source = AUTHORITY
        if section and division:
            chain, source = chain_for(past.amount_fen, section.value, division.value), section.source
        return [
            *chain_blocks(past.reference, past.requested_by, taken, chain, source),
            *offer_blocks(offer, day),
        ]

    return [PastStep(DecidedStep.APPROVE, decided_at, judge, articles=(SEPARATION,), law_of=past.asked_on)]


_TAKEN = """
SELECT a.level, a.decided_by, a.in_stead_of, a.decided_at,
       a.level = 'single' OR EXISTS (
           SELECT FROM approvers_of(p.place_id, a.level, (a.decided_at AT TIME ZONE 'Asia/Shanghai')::date) w
           WHERE w.account_id = a.decided_by AND w.in_stead_of IS NOT DISTINCT FROM a.in_stead_of) AS held
FROM purchase_approval a JOIN purchase p ON p.id = a.purchase_id
WHERE a.purchase_id = $1 AND a.round = approval_round($1) AND a.verdict = 'approved' ORDER BY a.step
"""
