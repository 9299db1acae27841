"""Entries of the payment service's balance, taken over once: kept as they are, and posted to the ledger."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from app.core import clock, database
from app.core.access import Principal
from app.core.database import Row
from procurement.donations.payments import BalanceEntry
from procurement.donations.rules import OF_GIFTS, booking
from procurement.ledger import posting
from procurement.ledger.rules import Entry


class Finder(StrEnum):
    """What brought us to an entry first."""

    EVENT = "event"
    REDIRECT = "redirect"
    DESK = "desk"
    RECONCILIATION = "reconciliation"


async def book(principal: Principal, entries: Sequence[BalanceEntry], finder: Finder, gift: Row | None) -> int:
    """Take over entries of a gift (or of none) inside the caller's transaction; return how many were new."""
    new = 0
    for entry in sorted(entries, key=lambda one: (one.made_at, one.id)):
        of_gift = gift if entry.kind in OF_GIFTS else None
        entry_id = await _kept(entry, finder, of_gift)
        if entry_id is None:
            continue
        new += 1
        await _post(principal, entry_id, entry, (of_gift["fund_id"], of_gift["fund_code"]) if of_gift else None)
    return new


async def _kept(entry: BalanceEntry, finder: Finder, gift: Row | None) -> int | None:
    return await database.insert_once(
        "gateway_entry",
        {
            "gateway_id": entry.id,
            "kind": entry.kind.value,
            "fund_id": gift["fund_id"] if gift else None,
            "gift_id": gift["id"] if gift else None,
            "payment_id": entry.payment_id,
            "amount_minor": entry.amount_minor,
            "fee_minor": entry.fee_minor,
            "net_minor": entry.net_minor,
            "currency": entry.currency,
            "original_minor": entry.original_minor,
            "original_currency": entry.original_currency,
            "made_at": entry.made_at,
            "found_by": finder.value,
            "recorded_at": clock.now(),
        },
        ("gateway_id",),
    )


async def _post(principal: Principal, entry_id: int, entry: BalanceEntry, fund: tuple[int, str] | None) -> None:
    made = booking(entry, fund)
    if not made.postings:
        return
    booked_on = await _open_day(clock.local(entry.made_at).date())
    key = f"gateway:{entry.id}"
    await posting.post(
        principal, made.accounts, [Entry(key, booked_on, made.kind, "gateway_entry", entry_id, made.postings)]
    )


async def _open_day(day: date) -> date:
    """Return the day of an entry, or today where its month is closed: what comes late lands in the open period."""
    closed = await database.fetch_value(
        """SELECT EXISTS (SELECT FROM ledger_period
                          WHERE starts_on <= $1 AND ends_on > $1 AND closed_at IS NOT NULL)""",
        day,
    )
    return clock.today() if closed else day
