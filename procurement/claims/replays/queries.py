"""Pricing the claims of the last weeks again by a draft; caps over other claims are left out of both sums."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache

from app.core import clock, database
from procurement.claims import rules
from procurement.claims.cases.accrual import facts_of
from procurement.claims.cases.rules import work_of
from procurement.claims.replays.rules import DAYS, Priced, Replay, compared
from procurement.tariffs.engine.document import read_set
from procurement.tariffs.engine.model import Result, TariffSet, Work
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.engine.refusals import TariffRefused
from procurement.tariffs.engine.validation import validate

_DRAFT = "SELECT body::text FROM tariff_set WHERE id = $1 AND status = 'draft'"
_SHIFTS = """
SELECT c.item, c.person_id, c.amount_fen, a.kind, t.minutes
FROM claim c JOIN sign_up s ON s.id = c.sign_up_id JOIN assignment a ON a.id = s.assignment_id
JOIN attendance t ON t.sign_up_id = s.id JOIN tariff_set old ON old.id = c.tariff_set_id
JOIN tariff_set draft ON draft.id = $1 AND draft.family = old.family AND draft.region = old.region
WHERE c.service_day >= $2 AND claim_lives(c.status)
"""
_CASES = """
SELECT c.item, c.person_id, c.amount_fen, k.closed_on, k.stage, k.class, k.outcome, k.early_percent,
       k.early_reason_zh, CASE c.part WHEN 'base' THEN '' ELSE k.grade END AS grade,
       ARRAY(SELECT name_zh FROM case_document d WHERE d.closed_case_id = k.id) AS documents
FROM claim c JOIN closed_case k ON k.id = c.closed_case_id JOIN tariff_set old ON old.id = c.tariff_set_id
JOIN tariff_set draft ON draft.id = $1 AND draft.family = old.family AND draft.region = old.region
WHERE c.service_day >= $2 AND claim_lives(c.status) AND c.status <> 'held' AND c.part = 'base'
"""


async def replay(tariff_id: int) -> Replay | None:
    """Return what a draft would have changed over the last weeks; None for a published set, or one that has faults."""
    body = await database.fetch_value(_DRAFT, tariff_id)
    if body is None:
        return None
    since = clock.today() - timedelta(days=DAYS)
    draft = read_set(body.encode())
    if validate(draft):
        return None
    shifts = await database.fetch(_SHIFTS, tariff_id, since)
    cases = await database.fetch(_CASES, tariff_id, since)
    return compared([*_of_shifts(draft, shifts), *_of_cases(draft, cases)])


def _of_shifts(draft: TariffSet, rows: list[database.Row]) -> Iterator[Priced]:
    @cache
    def fen(kind: str, minutes: int) -> int | None:
        asked = rules.priced_as(kind, minutes)
        return _fen(draft, Work(item=asked.item, units={asked.unit: asked.count}))

    for row in rows:
        yield Priced(row["item"], row["person_id"], row["amount_fen"], fen(row["kind"], row["minutes"]))


def _of_cases(draft: TariffSet, rows: list[database.Row]) -> Iterator[Priced]:
    for row in rows:
        work = work_of(facts_of(row), row["documents"])
        dateless = Work(**{name: getattr(work, name) for name in work.__struct_fields__ if name != "on"})
        yield Priced(row["item"], row["person_id"], row["amount_fen"], _fen(draft, dateless))


def _fen(draft: TariffSet, work: Work) -> int | None:
    """Return what the draft gives, whatever its dates; None where none of its lines is for the work."""
    try:
        result: Result = price(draft, work)
    except TariffRefused:
        return None
    return None if any(step.key == "no_line" for step in result.trace) else result.fen
