"""Reading the pairs that wait for a decision."""

from dataclasses import dataclass
from datetime import date

from app.core import database
from app.core.access import Permission, Principal
from procurement.claims.doubles.rules import Ground


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two claims."""

    reference: str
    status: str
    work_zh: str
    work_en: str
    payee: str
    agency: str
    district_zh: str
    district_en: str
    service_day: date
    amount_fen: int
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims that may be one piece of work."""

    id: int
    ground: Ground
    sides: tuple[Side, Side]


_SIDE = """
jsonb_build_object('reference', {c}.reference, 'status', {c}.status,
  'work_zh', coalesce({c}a.title_zh, {c}k.title_zh, ''),
  'work_en', coalesce(nullif({c}a.title_en, ''), {c}k.title_en, ''), 'payee', coalesce({c}p.name, ''),
  'agency', coalesce({c}k.agency_zh, ''), 'district_zh', {c}d.name_zh, 'district_en', {c}d.name_en,
  'service_day', {c}.service_day, 'amount_fen', {c}.amount_fen, 'label_zh', coalesce({c}t.label_zh, ''),
  'label_en', coalesce({c}t.label_en, ''))::text AS {c}_side
"""
_JOINED = """
JOIN claim {c} ON {c}.id = pair.{column} JOIN place {c}pl ON {c}pl.id = {c}.place_id
JOIN place {c}d ON {c}d.code = left({c}pl.code, 6) LEFT JOIN person {c}p ON {c}p.id = {c}.person_id
LEFT JOIN sign_up {c}s ON {c}s.id = {c}.sign_up_id LEFT JOIN assignment {c}a ON {c}a.id = {c}s.assignment_id
LEFT JOIN closed_case {c}k ON {c}k.id = {c}.closed_case_id LEFT JOIN tariff_set {c}t ON {c}t.id = {c}.tariff_set_id
"""
_OPEN = f"""
SELECT pair.id, pair.ground, {_SIDE.format(c="x")}, {_SIDE.format(c="y")}
FROM claim_double pair {_JOINED.format(c="x", column="other_claim_id")} {_JOINED.format(c="y", column="claim_id")}
WHERE pair.decision = '' AND (xpl.code LIKE ANY ($1) OR ypl.code LIKE ANY ($1)) AND pair.id > $2
ORDER BY pair.id LIMIT $3
"""


async def open_pairs(principal: Principal, after: int | None, size: int) -> list[Pair]:
    """Return pairs of the officer's places that nobody decided yet, the oldest first."""
    patterns = principal.scope(Permission.CLAIM_APPROVE).like_patterns()
    rows = await database.fetch(_OPEN, patterns, after or 0, size)
    return [
        Pair(
            row["id"],
            Ground(row["ground"]),
            (database.decoded(row["x_side"], Side), database.decoded(row["y_side"], Side)),
        )
        for row in rows
    ]


async def waiting(principal: Principal) -> int:
    """Return how many pairs wait for the officer."""
    patterns = principal.scope(Permission.CLAIM_APPROVE).like_patterns()
    found = await database.fetch_value(
        """SELECT count(*) FROM claim_double d WHERE d.decision = '' AND EXISTS (
               SELECT FROM claim c JOIN place ON place.id = c.place_id
               WHERE c.id IN (d.claim_id, d.other_claim_id) AND place.code LIKE ANY ($1))""",
        patterns,
    )
    return int(found)
