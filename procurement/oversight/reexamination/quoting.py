"""Sealed quotations: each round as suppliers were invited, the opening, the comparison."""

from collections.abc import Iterable

from app.core import database
from app.core.calendar import Calendar
from app.core.database import Row
from procurement import law
from procurement.blocks import Block
from procurement.offers.rules import (
    SEALED,
    RoundFigures,
    Standing,
    comparison_blocks,
    needed_blocks,
    opening_blocks,
    round_blocks,
)
from procurement.oversight.reexamination.facts import Past
from procurement.oversight.reexamination.rules import DecidedStep, Judge, LawOfDay, PastStep
from procurement.purchases.rules import Method


async def steps_of(past: Past) -> list[PastStep]:
    """Return the rounds of a purchase by quotations."""
    if past.method is not Method.QUOTATION:
        return []
    found = []
    for row in await database.fetch(_ROUNDS, past.id):
        found.append(PastStep(DecidedStep.INVITE, row["invited_at"], _invited(row), str(row["number"])))
        if row["opened_at"]:
            found.append(PastStep(DecidedStep.OPEN, row["opened_at"], _opened(row), str(row["number"]), (SEALED,)))
        if row["compared_at"]:
            found.append(PastStep(DecidedStep.COMPARE, row["compared_at"], _compared(row), str(row["number"])))
    return found


def _invited(row: Row) -> Judge:
    def judge(figures: LawOfDay, _: Calendar) -> Iterable[Block]:
        keys = (law.QUOTATION_SUPPLIERS, law.QUOTATION_DAYS, law.KEEPERS, law.KEEPERS_NEEDED)
        least = RoundFigures(*(figures[key] for key in keys))
        return [
            *round_blocks(row["deadline"], row["invited_at"], row["suppliers"], row["keepers"], least),
            *needed_blocks(row["needed"], least.needed),
        ]

    return judge


def _opened(row: Row) -> Judge:
    standing = Standing(row["opened_at"], row["deadline"], row["answered"], row["unlocked"], row["needed"])

    def judge(figures: LawOfDay, _: Calendar) -> Iterable[Block]:
        return opening_blocks(standing, figures[law.QUOTATION_SUPPLIERS])

    return judge


def _compared(row: Row) -> Judge:
    return lambda figures, _: comparison_blocks(row["countable"], figures[law.QUOTATION_SUPPLIERS])


_ROUNDS = """
SELECT r.number, r.invited_at, r.deadline, r.needed, o.opened_at, x.made_at AS compared_at,
       (SELECT count(*) FROM quotation_invitation i WHERE i.round_id = r.id) AS suppliers,
       (SELECT count(*) FROM quotation_keeper k WHERE k.round_id = r.id) AS keepers,
       (SELECT count(*) FROM quotation_unlock u WHERE u.round_id = r.id) AS unlocked,
       (SELECT count(*) FROM (SELECT DISTINCT ON (s.invitation_id) s.ciphertext FROM sealed_quotation s
                              WHERE s.round_id = r.id ORDER BY s.invitation_id, s.id DESC) AS last
        WHERE last.ciphertext IS NOT NULL) AS answered,
       (SELECT count(*) FROM opened_quotation q WHERE q.round_id = r.id AND NOT EXISTS (
            SELECT FROM quotation_exclusion e WHERE e.opened_quotation_id = q.id
            AND e.excluded_at <= x.made_at)) AS countable
FROM quotation_round r LEFT JOIN quotation_opening o ON o.round_id = r.id
LEFT JOIN quotation_comparison x ON x.opening_id = o.id
WHERE r.purchase_id = $1 ORDER BY r.number
"""
