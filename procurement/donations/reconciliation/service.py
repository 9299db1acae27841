"""The payment service's own books beside ours: every entry of its balance is in our ledger."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from app.core import audit, clock, database
from app.core.access import Permission, Principal, system_principal
from app.core.database import transaction
from app.core.errors import DomainError, NotPermitted
from procurement.donations.choosing import gateway
from procurement.donations.funds.queries import looks_after_all
from procurement.donations.gifts.entries import Finder, book
from procurement.donations.gifts.settling import PaymentDiffers, settle_checkout, settle_payment, settle_plan
from procurement.donations.payments import BalanceEntry, EntryKind, GatewayRefused, GatewayUnavailable
from procurement.donations.rules import OF_GIFTS

OVERLAP = timedelta(days=3)  # entries appear late at times; reading some again costs nothing
PATIENCE = timedelta(minutes=15)  # a gift that stands still for so long is looked up
FORGOTTEN = timedelta(days=2)  # a page that never opened is given up
PROGRAM = system_principal(Permission.DONATION_MANAGE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the payment service's books found."""

    entries: int
    missed: int
    unclear: int


async def reconcile(now: datetime) -> Found:
    """Read the payment service's entries since the last look and take over what is missing.

    An entry that belongs to a payment is settled with the whole payment; one that belongs to no gift of ours is kept as
    it is, on the accounts for payouts, fees, or what is still unclear.
    """
    since = await _since()
    if since is None:  # no fund was ever opened
        return Found(0, 0, 0)
    seen = await gateway().entries(since, now + timedelta(minutes=1))
    known = {row["gateway_id"] for row in await database.fetch(_KNOWN, [entry.id for entry in seen])}
    missing = [entry for entry in seen if entry.id not in known]
    missed = 0
    for payment_id in dict.fromkeys(entry.payment_id for entry in missing if entry.payment_id):
        try:
            missed += await settle_payment(payment_id, Finder.RECONCILIATION)
        except (PaymentDiffers, GatewayRefused):  # its entries wait as unclear for finance; the others are not held up
            continue
    missed += await _take_over_rest(missing)
    unclear = int(await database.fetch_value(_UNCLEAR))
    found = Found(len(seen), missed, unclear)
    await _note(since, now, found)
    await follow_open(now)
    return found


async def ask_to_reconcile(principal: Principal) -> Found:
    """Look now because an officer wants it."""
    scope = principal.scope(Permission.DONATION_MANAGE)
    if not await looks_after_all(scope.like_patterns()):
        raise NotPermitted
    async with transaction():
        await audit.record(principal, "gateway_reconciliation.asked", "gateway_reconciliation", 0)
    return await reconcile(clock.now())


async def follow_open(now: datetime) -> int:
    """Look up gifts and monthly gifts that have stood still: what failed or expired books no entry. Return how many."""
    gifts = await database.fetch(_STANDING, now - PATIENCE)
    for row in gifts:
        await _followed(settle_checkout, row["checkout_id"])
    plans = await database.fetch("SELECT gateway_id FROM gift_plan WHERE status = 'active' ORDER BY id")
    for row in plans:
        await _followed(settle_plan, row["gateway_id"])
    await database.execute(
        "UPDATE gift SET status = 'expired' WHERE status = 'started' AND checkout_id IS NULL AND started_at < $1",
        now - FORGOTTEN,
    )
    return len(gifts) + len(plans)


async def _followed(settle: Callable[[str, Finder], Awaitable[int]], gateway_id: str) -> None:
    """Follow one object; one that the payment service no longer knows, or whose payment differs, holds up no other."""
    try:
        await settle(gateway_id, Finder.RECONCILIATION)
    except GatewayUnavailable:
        raise
    except DomainError:
        return


async def _since() -> datetime | None:
    last: datetime | None = await database.fetch_value("SELECT max(looked_until) FROM gateway_reconciliation")
    first: datetime | None = await database.fetch_value("SELECT min(opened_at) FROM donation_fund")
    return last - OVERLAP if last else first


async def _take_over_rest(missing: list[BalanceEntry]) -> int:
    """Take over what belongs to no gift: payouts, fees, and payments that are not ours as unclear."""
    known = {row["gateway_id"] for row in await database.fetch(_KNOWN, [entry.id for entry in missing])}
    rest = [_of_no_gift(entry) for entry in missing if entry.id not in known]
    if not rest:
        return 0
    async with transaction():
        return await book(PROGRAM, rest, Finder.RECONCILIATION, None)


def _of_no_gift(entry: BalanceEntry) -> BalanceEntry:
    return replace(entry, kind=EntryKind.OTHER) if entry.kind in OF_GIFTS else entry


async def _note(since: datetime, until: datetime, found: Found) -> None:
    theirs = await gateway().balances()
    ours = {row["currency"]: row["minor"] for row in await database.fetch(_OURS)}
    balances = [
        {"currency": currency, "theirs": theirs.get(currency, 0), "ours": ours.get(currency, 0)}
        for currency in sorted({*theirs, *ours})
    ]
    await database.execute(
        """INSERT INTO gateway_reconciliation (looked_from, looked_until, entries, missed, unclear, balances, ran_at)
           VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7)""",
        *(since, until, found.entries, found.missed, found.unclear),
        msgspec.json.encode(balances).decode(),
        clock.now(),
    )


_KNOWN = "SELECT gateway_id FROM gateway_entry WHERE gateway_id = ANY($1)"
_UNCLEAR = """
SELECT count(*) FROM gateway_entry e WHERE e.kind = 'other' AND NOT EXISTS (
    SELECT FROM unclear_decision_entry s JOIN unclear_decision d ON d.id = s.decision_id
    WHERE s.entry_id = e.id AND s.standing AND d.status = 'approved')
"""
_STANDING = """
SELECT checkout_id FROM gift WHERE status IN ('started', 'processing', 'failed') AND checkout_id IS NOT NULL
AND started_at < $1 ORDER BY id LIMIT 500
"""
_OURS = """
SELECT a.currency, sum(p.amount_fen)::bigint AS minor FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
WHERE a.donated AND starts_with(a.code, 'donated:gateway:') GROUP BY a.currency
"""
