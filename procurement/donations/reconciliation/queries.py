"""What the looks at the payment service's books found."""

from dataclasses import dataclass
from datetime import datetime

from app.core import database
from app.core.access import Principal
from procurement.donations.funds.queries import EVERYWHERE, patterns


@dataclass(frozen=True, slots=True)
class Balance:
    """The payment service's balance in one currency, and ours; minor units."""

    currency: str
    theirs: int
    ours: int


@dataclass(frozen=True, slots=True)
class Look:
    """One look."""

    ran_at: datetime
    entries: int
    missed: int
    unclear: int
    balances: tuple[Balance, ...]

    @property
    def equal(self) -> bool:
        """Tell whether the two agree to the cent."""
        return all(one.theirs == one.ours for one in self.balances)


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of the payment service's balance with what found it."""

    gateway_id: str
    kind: str
    amount_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    original_minor: int
    original_currency: str
    made_at: datetime
    found_by: str
    gift: str | None


_ENTRIES = """
SELECT e.gateway_id, e.kind, e.amount_minor, e.fee_minor, e.net_minor, e.currency, e.original_minor,
       e.original_currency, e.made_at, e.found_by, gift.reference AS gift
FROM gateway_entry e LEFT JOIN gift ON gift.id = e.gift_id
"""


async def looks(principal: Principal, limit: int = 20) -> list[Look]:
    """Return the latest looks, for who looks after every fund: the balance is of all together."""
    rows = await database.fetch(
        f"""SELECT ran_at, entries, missed, unclear, balances::text AS balances FROM gateway_reconciliation
            WHERE {EVERYWHERE.format("$1")} ORDER BY id DESC LIMIT $2""",
        patterns(principal),
        limit,
    )
    return [Look(**{**row, "balances": tuple(database.decoded(row["balances"], list[Balance]))}) for row in rows]


async def missed_entries(principal: Principal, limit: int = 50) -> list[EntryView]:
    """Return the entries of an officer's places that no event had brought, the latest first."""
    rows = await database.fetch(
        f"""{_ENTRIES} LEFT JOIN donation_fund f ON f.id = e.fund_id LEFT JOIN place ON place.id = f.place_id
            WHERE e.found_by = 'reconciliation' AND e.kind NOT IN ('payout', 'fee')
              AND CASE WHEN f.id IS NULL THEN {EVERYWHERE.format("$1")} ELSE place.code LIKE ANY ($1) END
            ORDER BY e.id DESC LIMIT $2""",
        patterns(principal),
        limit,
    )
    return [EntryView(**row) for row in rows]


async def entries_of(gift_id: int) -> list[EntryView]:
    """Return the entries of one gift, the oldest first."""
    rows = await database.fetch(f"{_ENTRIES} WHERE e.gift_id = $1 ORDER BY e.made_at, e.id", gift_id)
    return [EntryView(**row) for row in rows]
