"""Reading what is owed: claims that are approved and not paid, by the day of their approval.

Their sum is what the books owe payees, in the accounts of payees and of batches that the bank has not been told of.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core import clock, database
from app.core.access import Principal
from procurement.settlement.queries import reading_scope
from procurement.settlement.reconciliation.rules import by_age


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed for one programme in one district since one day."""

    place_code: str
    place_zh: str
    place_en: str
    programme: str
    programme_zh: str
    programme_en: str
    days: int
    claims: int
    fen: int
    to_deduct_fen: int  # deductions among them, which fen is less by
    oldest: str  # a claim that has waited that long


@dataclass(frozen=True, slots=True)
class Aged:
    """One district's or programme's row: fen by age, youngest first."""

    code: str
    name_zh: str
    name_en: str
    claims: int
    fen: tuple[int, ...]
    oldest: str

    @property
    def total_fen(self) -> int:
        """Return what is owed."""
        return sum(self.fen)


_OWED = """
SELECT district.code AS place_code, district.name_zh AS place_zh, district.name_en AS place_en,
       programme.code AS programme, programme.name_zh AS programme_zh, programme.name_en AS programme_en,
       $2::date - hangzhou_day(c.approved_at) AS days, count(*)::integer AS claims,
       sum(c.amount_fen)::bigint AS fen, -sum(least(c.amount_fen, 0))::bigint AS to_deduct_fen,
       min(c.reference) AS oldest
FROM claim c JOIN place ON place.id = c.place_id JOIN place district ON district.code = left(place.code, 6)
JOIN programme ON programme.id = c.programme_id
WHERE c.status IN ('approved', 'batched', 'returned_by_bank') AND place.code LIKE ANY ($1)
GROUP BY district.id, programme.id, 7 ORDER BY 7 DESC, district.code, programme.id
"""


async def owed(principal: Principal) -> Sequence[Owed]:
    """Return what is owed in the officer's places, the oldest first."""
    rows = await database.fetch(_OWED, reading_scope(principal).like_patterns(), clock.today())
    return [Owed(**row) for row in rows]


def aged(rows: Sequence[Owed], by: str) -> list[Aged]:
    """Add up by ``place`` or by ``programme``, those with the oldest debts first."""
    groups: dict[str, list[Owed]] = {}
    for row in rows:
        groups.setdefault(row.place_code if by == "place" else row.programme, []).append(row)
    return [
        Aged(
            code, getattr(g[0], f"{by}_zh"), getattr(g[0], f"{by}_en"), sum(one.claims for one in g),
            tuple(by_age((one.days, one.fen) for one in g)), g[0].oldest,
        )
        for code, g in groups.items()
    ]  # fmt: skip
