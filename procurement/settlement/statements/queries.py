"""Reading a payee's statement: for the payee all of it, for finance what their own places paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from procurement.settlement.queries import READERS, reading_scope


class Part(msgspec.Struct, array_like=True, frozen=True):
    """One claim in a payment."""

    claim: str
    service_day: date
    work_zh: str
    work_en: str
    programme_zh: str
    programme_en: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class PaidOut:
    """One payment: gross, tax, net, and whether it came back."""

    paid_on: date
    batch: str
    line: int
    place_zh: str
    place_en: str
    amount_fen: int
    tax_fen: int
    unverified: bool
    confirmed_on: date | None
    returned_on: date | None
    parts: tuple[Part, ...]

    @property
    def net_fen(self) -> int:
        """Return what went to the account."""
        return self.amount_fen - self.tax_fen


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Money that the payee gave back in cash for a deduction."""

    received_on: date
    claim: str
    place_zh: str
    place_en: str
    amount_fen: int
    document: str


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or one month of it."""

    year: int
    month: int | None

    @property
    def first(self) -> date:
        """Return its first day."""
        return date(self.year, self.month or 1, 1)

    @property
    def end(self) -> date:
        """Return the first day after it."""
        if self.month is None or self.month == 12:
            return date(self.year + 1, 1, 1)
        return date(self.year, self.month + 1, 1)


@dataclass(frozen=True, slots=True)
class Statement:
    """A payee's payments in a period; the sums leave out what came back."""

    payee_id: UUID
    name: str
    own: bool
    period: Period
    years: tuple[int, ...]
    payments: tuple[PaidOut, ...]
    given_back: tuple[GivenBack, ...] = ()

    @property
    def given_back_fen(self) -> int:
        """Return what was given back in cash."""
        return sum(one.amount_fen for one in self.given_back)

    def sums(self) -> tuple[int, int, int]:
        """Return gross, tax and net of what did not come back."""
        kept = [one for one in self.payments if one.returned_on is None]
        gross, tax = sum(one.amount_fen for one in kept), sum(one.tax_fen for one in kept)
        return gross, tax, gross - tax

    @property
    def unverified(self) -> bool:
        """Tell whether some of the tax rests on a figure that nobody has confirmed."""
        return any(one.unverified for one in self.payments)


@dataclass(frozen=True, slots=True)
class OwnPayee:
    """Oneself, or an organization that one acts for."""

    payee_id: UUID
    name: str


_PAYEE = """
SELECT person.id AS person_id, NULL::bigint AS organization_id, person.name, person.account_id
FROM person WHERE person.public_id = $1
UNION ALL
SELECT NULL, o.id, o.name_zh, NULL FROM organization o WHERE o.public_id = $1
"""
_OWN = """
SELECT public_id AS payee_id, name FROM person WHERE account_id = $1
UNION ALL
SELECT public_id, name_zh FROM organization WHERE id = ANY ($2)
"""
_PAYMENTS = """
SELECT hangzhou_day(b.paid_at) AS paid_on, b.reference AS batch, place.name_zh AS place_zh, place.name_en AS place_en,
       (SELECT count(*) FROM settlement_payment x WHERE x.batch_id = b.id AND x.id <= p.id) AS line, p.amount_fen,
       taxed.tax_fen, taxed.unverified, said.confirmed_on, r.returned_on, made.parts::text AS parts
FROM settlement_payment p JOIN settlement_batch b ON b.id = p.batch_id JOIN place ON place.id = b.place_id
LEFT JOIN bank_confirmation said ON said.payment_id = p.id LEFT JOIN bank_return r ON r.payment_id = p.id
CROSS JOIN LATERAL (SELECT coalesce(sum(w.tax_fen), 0)::bigint AS tax_fen,
                           coalesce(bool_or(w.unverified AND w.tax_fen > 0), false) AS unverified
                    FROM tax_withholding w WHERE w.payment_id = p.id) AS taxed
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(c.reference, c.service_day,
               coalesce(a.title_zh, v.title_zh, k.title_zh, e.title_zh, m.title_zh, ''),
               coalesce(a.title_en, v.title_en, k.title_en, e.title_en, m.title_en, ''),
               programme.name_zh, programme.name_en, i.amount_fen)
               ORDER BY c.id) AS parts
    FROM settlement_item i JOIN claim c ON c.id = i.claim_id JOIN programme ON programme.id = c.programme_id
    LEFT JOIN sign_up s ON s.id = c.sign_up_id LEFT JOIN assignment a ON a.id = s.assignment_id
    LEFT JOIN closed_case k ON k.id = c.closed_case_id LEFT JOIN expense e ON e.id = c.expense_id
    LEFT JOIN mediator_post m ON m.id = c.mediator_post_id LEFT JOIN contract ON contract.id = c.contract_id
    LEFT JOIN product_version v ON v.product_id = contract.product_id AND v.number = contract.product_version
    WHERE i.payment_id = p.id) AS made
WHERE b.status = 'paid' AND place.code LIKE ANY ($3)
  AND (p.person_id = $1 OR p.organization_id = $2)
ORDER BY b.paid_at, p.id
"""
_GIVEN_BACK = """
SELECT r.received_on, c.reference AS claim, district.name_zh AS place_zh, district.name_en AS place_en, r.amount_fen,
       r.document
FROM deduction_repayment r JOIN claim c ON c.id = r.claim_id JOIN place ON place.id = c.place_id
JOIN place district ON district.code = left(place.code, 6)
WHERE r.status = 'confirmed' AND c.person_id = $1 AND place.code LIKE ANY ($2) ORDER BY r.received_on, r.id
"""
EVERYWHERE = ["%"]


async def own_payees(principal: Principal) -> Sequence[OwnPayee]:
    """Return oneself and the organizations that one acts for."""
    organizations = list(principal.scope(Permission.CLAIM_SELF).organization_ids)
    return [OwnPayee(**row) for row in await database.fetch(_OWN, principal.actor, organizations)]


async def statement(principal: Principal, payee_id: UUID, year: int | None, month: int | None) -> Statement:
    """Return a payee's statement of a year, the latest one unless it is named, or of one of its months.

    The payee sees every payment; an officer those that the treasuries of their places paid.
    """
    row = await database.fetch_one(_PAYEE, payee_id)
    if row is None:
        raise NotFound
    own = _is_own(principal, row)
    patterns = EVERYWHERE if own else _patterns(principal)
    rows = await database.fetch(_PAYMENTS, row["person_id"], row["organization_id"], patterns)
    back = [GivenBack(**one) for one in await database.fetch(_GIVEN_BACK, row["person_id"], patterns)]
    if not rows and not back and not own:
        raise NotFound
    every = [PaidOut(**{**one, "parts": database.decoded(one["parts"], tuple[Part, ...])}) for one in rows]
    days = [one.paid_on for one in every] + [one.received_on for one in back]
    years = tuple(sorted({day.year for day in days} | {clock.today().year}, reverse=True))
    period = Period(year if year in years else years[0], month if month and 1 <= month <= 12 else None)
    within = tuple(one for one in every if period.first <= one.paid_on < period.end)
    returned = tuple(one for one in back if period.first <= one.received_on < period.end)
    return Statement(payee_id, row["name"], own, period, years, within, returned)


def _is_own(principal: Principal, row: database.Row) -> bool:
    if not principal.can(Permission.CLAIM_SELF):
        return False
    if row["organization_id"] is not None:
        return principal.scope(Permission.CLAIM_SELF).covers_organization(row["organization_id"])
    return bool(row["account_id"] == principal.account_id)


def _patterns(principal: Principal) -> list[str]:
    if not any(principal.can(permission) for permission in READERS):
        raise NotFound
    return reading_scope(principal).like_patterns()
