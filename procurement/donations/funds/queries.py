"""Reading funds: what the public sees of one is what the ledger says, to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from app.core.text import Words
from marketplace.organizations.provision import QualificationKind
from marketplace.organizations.qualifications.rules import Paper
from procurement.blocks import Block
from procurement.donations.funds.rules import Cause, Month, Owner, Totals, every_month, qualification_blocks
from procurement.ledger.rules import EntryKind

OFFICERS = (Permission.DONATION_MANAGE, Permission.DONATION_APPROVE)
# What belongs to no gift is seen by who looks after every fund: nobody knows whose it is.
EVERYWHERE = """
NOT EXISTS (SELECT FROM donation_fund every JOIN place far ON far.id = every.place_id WHERE NOT far.code LIKE ANY ({}))
"""


@dataclass(frozen=True, slots=True)
class FundView:
    """A fund with its owner, its totals, and what keeps it from taking gifts today."""

    id: int
    code: str
    cause: Cause
    name_zh: str
    name_en: str
    purpose_zh: str
    purpose_en: str
    organization_id: int
    owner: UUID
    owner_zh: str
    owner_en: str
    place_zh: str
    place_en: str
    place_code: str
    currency: str
    minimum_minor: int
    maximum_minor: int
    opened_at: datetime
    paused_at: datetime | None
    totals: tuple[Totals, ...]
    blocks: tuple[Block, ...]

    @property
    def path(self) -> str:
        """Return its address."""
        return f"/funds/{self.code}"

    @property
    def open(self) -> bool:
        """Tell whether the fund itself may take gifts; whether there is a payment service is another question."""
        return not self.blocks and self.paused_at is None


@dataclass(frozen=True, slots=True)
class UseView:
    """One thing that a fund's money was used for."""

    used_on: date
    purpose_zh: str
    purpose_en: str
    amount_minor: int
    currency: str


_FUNDS = """
SELECT f.id, f.code, f.cause, f.name_zh, f.name_en, f.purpose_zh, f.purpose_en, f.currency, f.minimum_minor,
       f.maximum_minor, f.opened_at, f.paused_at, o.id AS organization_id, o.public_id AS owner,
       o.name_zh AS owner_zh, o.name_en AS owner_en,
       o.status = 'verified' AS verified, place.name_zh AS place_zh, place.name_en AS place_en,
       place.code AS place_code,
       (SELECT coalesce(json_agg(json_build_object('valid_from', q.valid_from, 'valid_until', q.valid_until,
                'verified', q.verified_at IS NOT NULL, 'refused', q.refused_reason <> '')), '[]')
        FROM qualification q WHERE q.organization_id = o.id AND q.kind = $1)::text AS papers,
       (SELECT coalesce(json_agg(t), '[]') FROM (
            SELECT a.currency, split_part(a.code, ':', 3) AS use, sum(p.amount_fen)::bigint AS minor
            FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
            WHERE a.donation_fund_id = f.id GROUP BY 1, 2 ORDER BY 1, 2) AS t)::text AS sums
FROM donation_fund f JOIN organization o ON o.id = f.organization_id JOIN place ON place.id = f.place_id
"""
_MONTHS = """
SELECT a.currency, date_trunc('month', t.booked_on)::date AS first_day,
       coalesce(-sum(p.amount_fen) FILTER (WHERE said.use = 'given' AND t.kind <> ALL ($2)), 0)::bigint AS received,
       coalesce(sum(p.amount_fen) FILTER (WHERE said.use = 'given' AND t.kind = ANY ($2)), 0)::bigint AS back,
       coalesce(sum(p.amount_fen) FILTER (WHERE said.use = 'fees'), 0)::bigint AS fees,
       coalesce(sum(p.amount_fen) FILTER (WHERE said.use = 'used'), 0)::bigint AS used
FROM ledger_account a CROSS JOIN LATERAL split_part(a.code, ':', 3) AS said (use)
JOIN ledger_posting p ON p.account_id = a.id JOIN ledger_transaction t ON t.id = p.transaction_id
WHERE a.donation_fund_id = $1 GROUP BY 1, 2 ORDER BY 1, 2
"""
_USES = """
SELECT used_on, purpose_zh, purpose_en, amount_minor, currency FROM fund_use
WHERE fund_id = $1 AND status = 'approved' ORDER BY used_on DESC, id DESC LIMIT $2
"""


async def funds(principal: Principal | None = None) -> list[FundView]:
    """Return all funds, or those of an officer's places."""
    if principal is None:
        rows = await database.fetch(f"{_FUNDS} ORDER BY f.id", QualificationKind.PUBLIC_FUNDRAISING.value)
    else:
        rows = await database.fetch(
            f"{_FUNDS} WHERE place.code LIKE ANY ($2) ORDER BY f.id",
            QualificationKind.PUBLIC_FUNDRAISING.value,
            patterns(principal),
        )
    return [_view(row) for row in rows]


async def of_owners(organization_ids: Sequence[int]) -> list[FundView]:
    """Return the funds of some organizations."""
    rows = await database.fetch(
        f"{_FUNDS} WHERE o.id = ANY ($2) ORDER BY f.id",
        QualificationKind.PUBLIC_FUNDRAISING.value,
        list(organization_ids),
    )
    return [_view(row) for row in rows]


async def fund(code: str) -> FundView:
    """Return one fund."""
    row = await database.fetch_one(f"{_FUNDS} WHERE f.code = $2", QualificationKind.PUBLIC_FUNDRAISING.value, code)
    if row is None:
        raise NotFound
    return _view(row)


async def months(of: FundView) -> dict[str, list[Month]]:
    """Return what the ledger says month by month until today's, by currency."""
    found: dict[str, list[Month]] = {}
    for row in await database.fetch(_MONTHS, of.id, [EntryKind.GIFT_REFUND, EntryKind.GIFT_DISPUTE]):
        found.setdefault(row.pop("currency"), []).append(Month(**row))
    return {currency: every_month(known, clock.today()) for currency, known in found.items()}


async def uses(of: FundView, limit: int = 50) -> list[UseView]:
    """Return what the fund's money was used for, the latest first."""
    return [UseView(**row) for row in await database.fetch(_USES, of.id, limit)]


async def gift_count(of: FundView) -> int:
    """Return how many gifts came."""
    found = await database.fetch_value("SELECT count(*) FROM gift WHERE fund_id = $1 AND status = 'given'", of.id)
    return int(found)


async def looks_after_all(places: Sequence[str]) -> bool:
    """Tell whether patterns of places cover every fund."""
    return bool(await database.fetch_value(f"SELECT {EVERYWHERE.format('$1')}", list(places)))


def patterns(principal: Principal) -> list[str]:
    """Return the patterns of the places whose donations an officer sees."""
    scopes = [principal.scopes[one] for one in OFFICERS if one in principal.scopes]
    return sorted({pattern for scope in scopes for pattern in scope.like_patterns()})


def _view(row: database.Row) -> FundView:
    papers = [
        Paper(QualificationKind.PUBLIC_FUNDRAISING, one.valid_from, one.valid_until, one.verified, one.refused)
        for one in database.decoded(row.pop("papers"), list[_Paper])
    ]
    owner = Owner(Words(row["owner_zh"], row["owner_en"]), row.pop("verified"), papers)
    sums = database.decoded(row.pop("sums"), list[_Sum])
    blocks = tuple(qualification_blocks(owner, clock.today()))
    return FundView(**{**row, "cause": Cause(row["cause"])}, totals=_totals(sums), blocks=blocks)


def _totals(sums: Sequence["_Sum"]) -> tuple[Totals, ...]:
    of = {(one.currency, one.use): one.minor for one in sums}
    return tuple(
        Totals(currency, -of.get((currency, "given"), 0), of.get((currency, "fees"), 0), of.get((currency, "used"), 0))
        for currency in sorted({currency for currency, _ in of})
    )


@dataclass(frozen=True, slots=True)
class _Paper:
    valid_from: date
    valid_until: date | None
    verified: bool
    refused: bool


@dataclass(frozen=True, slots=True)
class _Sum:
    currency: str
    use: str
    minor: int
