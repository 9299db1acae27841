"""Reading taxes: months by payer, a month by person with how each tax came about, and the year's exempt payees."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import msgspec

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from procurement.settlement.queries import reading_scope
from procurement.taxes.rules import TaxKind


@dataclass(frozen=True, slots=True)
class TaxMonth:
    """What one payer paid people in a month, by kind of income, and what became of the tax; fen."""

    place_code: str
    place_zh: str
    place_en: str
    month: date
    payees: int
    withheld_income_fen: int
    exempt_fen: int
    outside_fen: int
    tax_fen: int
    unverified: bool
    remitted_fen: int
    document: str
    paid_on: date | None

    @property
    def open_fen(self) -> int:
        """Return what is still owed to the tax office; below zero if money came back after it was paid over."""
        return self.tax_fen - self.remitted_fen

    @property
    def handle(self) -> str:
        """Return the month as an address has it."""
        return f"{self.month:%Y-%m}"


@dataclass(frozen=True, slots=True)
class UnfiledMonth:
    """A payer's month whose withheld tax waits to be filed and paid over; fen."""

    place_code: str
    place_zh: str
    place_en: str
    month: date
    tax_fen: int

    @property
    def handle(self) -> str:
        """Return the month as an address has it."""
        return f"{self.month:%Y-%m}"


class Step(msgspec.Struct, array_like=True, frozen=True):
    """One payment's part of a month's tax, and where it was paid."""

    kind: TaxKind
    income_fen: int
    before_fen: int
    before_tax_fen: int
    deduction_fen: int
    taxable_fen: int
    rate_percent: int
    quick_fen: int
    tax_fen: int
    unverified: bool
    batch: str
    line: int

    @property
    def month_income_fen(self) -> int:
        """Return the month's income with this payment."""
        return self.before_fen + self.income_fen

    @property
    def due_fen(self) -> int:
        """Return the tax on the month's whole, of which part was withheld before."""
        return self.before_tax_fen + self.tax_fen


@dataclass(frozen=True, slots=True)
class TaxedPerson:
    """One person's month with one payer."""

    payee_id: UUID
    name: str
    subject_key_id: int
    id_card_sealed: bytes | None
    steps: tuple[Step, ...] = field(default=())

    def income_of(self, kind: TaxKind) -> int:
        """Return the month's income of a kind."""
        return sum(step.income_fen for step in self.steps if step.kind is kind)

    @property
    def tax_fen(self) -> int:
        """Return what was withheld."""
        return sum(step.tax_fen for step in self.steps)

    @property
    def last_labour(self) -> Step | None:
        """Return the step that the month's labour remuneration stands at."""
        labour = [step for step in self.steps if step.kind is TaxKind.WITHHELD]
        return max(labour, key=lambda step: step.month_income_fen, default=None)


@dataclass(frozen=True, slots=True)
class ExemptPayee:
    """What somebody was paid in a year that is exempt and reported."""

    name: str
    subject_key_id: int
    id_card_sealed: bytes | None
    place_code: str
    place_zh: str
    place_en: str
    payments: int
    income_fen: int
    unverified: bool


_MONTHS = """
SELECT place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, w.month,
       count(DISTINCT w.person_id) AS payees,
       coalesce(sum(w.income_fen) FILTER (WHERE w.kind = 'withheld'), 0)::bigint AS withheld_income_fen,
       coalesce(sum(w.income_fen) FILTER (WHERE w.kind = 'exempt'), 0)::bigint AS exempt_fen,
       coalesce(sum(w.income_fen) FILTER (WHERE w.kind = 'outside'), 0)::bigint AS outside_fen,
       sum(w.tax_fen)::bigint AS tax_fen, bool_or(w.unverified) AS unverified,
       coalesce(r.amount_fen, 0)::bigint AS remitted_fen, coalesce(r.document, '') AS document, r.paid_on
FROM tax_standing w JOIN place ON place.id = w.place_id
LEFT JOIN tax_remittance r ON (r.place_id, r.month) = (w.place_id, w.month)
WHERE place.code LIKE ANY ($1) AND ($2::text IS NULL OR place.code = $2) AND ($3::date IS NULL OR w.month = $3)
GROUP BY place.id, w.month, r.id ORDER BY w.month DESC, place.code
"""
_UNFILED = """
SELECT place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, w.month,
       sum(w.tax_fen)::bigint AS tax_fen
FROM tax_standing w JOIN place ON place.id = w.place_id
WHERE place.code LIKE ANY ($1) AND w.month < $2
  AND NOT EXISTS (SELECT FROM tax_remittance r WHERE (r.place_id, r.month) = (w.place_id, w.month))
GROUP BY place.id, w.month HAVING sum(w.tax_fen) > 0 ORDER BY w.month, place.code LIMIT 5
"""
_PEOPLE = """
SELECT person.public_id AS payee_id, person.name, person.subject_key_id, person.id_card_sealed,
       jsonb_agg(jsonb_build_array(w.kind, w.income_fen, w.before_fen, w.before_tax_fen, w.deduction_fen,
                 w.taxable_fen, w.rate_percent, w.quick_fen, w.tax_fen, w.unverified, b.reference,
                 (SELECT count(*) FROM settlement_payment x WHERE x.batch_id = b.id AND x.id <= p.id))
                 ORDER BY w.id)::text AS steps
FROM tax_standing w JOIN place ON place.id = w.place_id JOIN person ON person.id = w.person_id
JOIN settlement_payment p ON p.id = w.payment_id JOIN settlement_batch b ON b.id = p.batch_id
WHERE place.code LIKE ANY ($1) AND place.code = $2 AND w.month = $3
GROUP BY person.id ORDER BY person.id
"""
_EXEMPT = """
SELECT person.name, person.subject_key_id, person.id_card_sealed, place.code AS place_code,
       place.name_zh AS place_zh, place.name_en AS place_en, count(*) AS payments,
       sum(w.income_fen)::bigint AS income_fen, bool_or(w.unverified) AS unverified
FROM tax_standing w JOIN place ON place.id = w.place_id JOIN person ON person.id = w.person_id
WHERE place.code LIKE ANY ($1) AND w.kind = 'exempt' AND w.month >= $2 AND w.month < $3
GROUP BY person.id, place.id ORDER BY place.code, person.id
"""
_YEARS = """
SELECT DISTINCT extract(year FROM w.month)::integer AS year FROM tax_standing w JOIN place ON place.id = w.place_id
WHERE place.code LIKE ANY ($1) ORDER BY 1 DESC
"""


async def months(principal: Principal) -> list[TaxMonth]:
    """Return every month of the officer's payers, the latest first."""
    rows = await database.fetch(_MONTHS, reading_scope(principal).like_patterns(), None, None)
    return [TaxMonth(**row) for row in rows]


async def unfiled(principal: Principal) -> Sequence[UnfiledMonth]:
    """Return the months of the cashier's payers that are over and whose tax was not paid over, the oldest first."""
    patterns = principal.scope(Permission.SETTLEMENT_PAY).like_patterns()
    rows = await database.fetch(_UNFILED, patterns, clock.today().replace(day=1))
    return [UnfiledMonth(**row) for row in rows]


async def month(principal: Principal, place_code: str, first: date) -> TaxMonth:
    """Return one month of one payer."""
    row = await database.fetch_one(_MONTHS, reading_scope(principal).like_patterns(), place_code, first)
    if row is None:
        raise NotFound
    return TaxMonth(**row)


async def people(principal: Principal, place_code: str, first: date) -> Sequence[TaxedPerson]:
    """Return everybody who was paid in a month by a payer, with the steps of their tax."""
    rows = await database.fetch(_PEOPLE, reading_scope(principal).like_patterns(), place_code, first)
    return [TaxedPerson(**{**row, "steps": database.decoded(row["steps"], tuple[Step, ...])}) for row in rows]


async def exempt_payees(principal: Principal, year: int) -> Sequence[ExemptPayee]:
    """Return everybody who was paid exempt income in a year, by payer."""
    patterns = reading_scope(principal).like_patterns()
    rows = await database.fetch(_EXEMPT, patterns, date(year, 1, 1), date(year + 1, 1, 1))
    return [ExemptPayee(**row) for row in rows]


async def years(principal: Principal) -> list[int]:
    """Return the years in which anybody was paid."""
    return [row["year"] for row in await database.fetch(_YEARS, reading_scope(principal).like_patterns())]
