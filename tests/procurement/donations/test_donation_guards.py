"""What the database holds of donations whoever writes: each guard is seen to refuse, by raw SQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS
from app.core.errors import DomainError
from procurement.donations.fake import acting
from procurement.donations.uses.service import NewUse, decide_use, propose_use
from procurement.ledger import posting
from procurement.ledger.rules import Account, AccountKind, Entry, EntryKind, Posting
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE

GATEWAY = Account("donated:gateway:CNY", AccountKind.ASSET, donated=True)
UNCLEAR = Account("donated:unclear:CNY", AccountKind.LIABILITY, donated=True)
FOREIGN = Account("donated:gateway:HKD", AccountKind.ASSET, currency="HKD", donated=True)
FISCAL = Account("treasury:330106", AccountKind.ASSET)
OWED = Account("payable:person:7", AccountKind.LIABILITY)


@asynccontextmanager
async def refused(name: str) -> AsyncIterator[None]:
    with pytest.raises(asyncpg.PostgresError) as caught:
        yield
    assert getattr(caught.value, "constraint_name", None) == name


async def raw(sql: str, *values: object) -> None:
    async with database.transaction():
        await database.execute(sql, *values)


async def posted(kind: EntryKind, debit: Account, credit: Account) -> None:
    entry = Entry(f"test:{kind}:{debit.code}", clock.today(), kind, "test", 1,
                  (Posting(debit.code, 5), Posting(credit.code, -5)))  # fmt: skip
    async with database.transaction():
        await posting.post(ANONYMOUS, [debit, credit], [entry])


async def test_charitable_money_never_meets_fiscal_money_in_the_ledger(db: None) -> None:
    await posted(EntryKind.GATEWAY_OTHER, GATEWAY, UNCLEAR)
    await posted(EntryKind.ACCRUAL, FISCAL, OWED)
    for kind in (EntryKind.GIFT, EntryKind.ACCRUAL):
        async with refused("ledger_donations_apart"):
            await posted(kind, GATEWAY, FISCAL)
    async with refused("ledger_donations_apart"):
        await posted(EntryKind.PAYOUT, GATEWAY, UNCLEAR)
    async with refused("ledger_donations_apart"):
        await posted(EntryKind.GIFT, FISCAL, OWED)
    async with refused("ledger_zero_sum"):
        await posted(EntryKind.GATEWAY_OTHER, FOREIGN, UNCLEAR)
    async with refused("ledger_account_donated"):
        await raw(
            """INSERT INTO ledger_account (code, kind, donated, place_id)
               SELECT 'x', 'asset', true, min(id) FROM place"""
        )
    async with refused("ledger_posting_side"):
        await raw("UPDATE ledger_account SET donated = false, donation_fund_id = NULL WHERE code = $1", GATEWAY.code)


async def test_a_gift_and_its_parts_only_move_forward(db: None) -> None:
    desk = await giving.desk()
    payment = await giving.given(10_000, monthly=True)
    for change in ("status = 'failed'", "amount_minor = 1", "payment_id = 'other'", "given_at = now()"):
        async with refused("gift_forward"):
            await raw(f"UPDATE gift SET {change}")
    async with refused("gift_forward"):
        await raw("DELETE FROM gift")
    async with refused("gift_given_by_a_payment"):
        await raw("""INSERT INTO gift (fund_id, donor_id, amount_minor, currency, status, started_at)
                     SELECT fund_id, donor_id, 1, 'CNY', 'given', now() FROM gift""")
    async with refused("gift_plan_forward"):
        await raw("UPDATE gift_plan SET status = 'started'")
    await giving.refunded(desk, payment, 4_000)
    async with refused("gift_refund_forward"):
        await raw("UPDATE gift_refund SET status = 'approved'")
    async with refused("gift_refund_forward"):
        await raw("DELETE FROM gift_refund")
    async with refused("gift_refund_decided"):
        await raw("""INSERT INTO gift_refund (gift_id, amount_minor, reason, status, proposed_by, proposed_at)
                     SELECT gift_id, 1, 'x', 'sent', proposed_by, now() FROM gift_refund""")
    async with refused("gift_refund_second_person"):
        await raw("UPDATE gift_refund SET decided_by = proposed_by")
    dispute = await acting.dispute(STRIPE, payment)
    await giving.deliver()
    await acting.close_dispute(STRIPE, dispute, won=False)
    await giving.deliver()
    async with refused("gift_dispute_forward"):
        await raw("UPDATE gift_dispute SET status = 'won'")


async def test_no_more_is_given_back_than_was_given(db: None) -> None:
    await giving.desk()
    await giving.given(10_000)
    insert = """INSERT INTO gift_refund (gift_id, amount_minor, reason, status, proposed_at)
                SELECT id, $1, 'x', 'sent', now() FROM gift"""
    async with refused("gift_refund_within_gift"):
        await raw(insert, 10_001)
    await raw(insert, 6_000)
    async with refused("gift_refund_within_gift"):
        await raw(insert, 4_001)
    await raw(insert, 4_000)


async def test_an_event_an_attempt_and_an_entry_are_kept_once_and_for_ever(db: None) -> None:
    await giving.desk()
    await giving.given(10_000)
    again = """INSERT INTO gateway_event (event_id, kind, subject_kind, subject_id, body_sha256, status, received_at)
               SELECT event_id, kind, subject_kind, subject_id, body_sha256, 'received', now() FROM gateway_event"""
    async with refused("gateway_event_once"):
        await raw(again)
    for change in ("DELETE FROM gateway_event", "UPDATE gateway_event SET subject_id = 'x'"):
        async with refused("gateway_event_kept"):
            await raw(change)
    async with refused("gateway_attempt_once"):
        await raw("""INSERT INTO gateway_attempt (key, purpose, subject_id, request_sha256, made_at)
                     SELECT key, purpose, subject_id, request_sha256, made_at FROM gateway_attempt""")
    for table in ("gateway_attempt", "gateway_entry"):
        async with refused("append_only"):
            await raw(f"DELETE FROM {table}")
    copy = """INSERT INTO gateway_entry (gateway_id, kind, fund_id, gift_id, amount_minor, fee_minor, net_minor,
                 currency, original_minor, original_currency, made_at, found_by, recorded_at)
              SELECT {}, {}, fund_id, {}, amount_minor, fee_minor, net_minor{}, currency, original_minor,
                     original_currency, made_at, found_by, recorded_at FROM gateway_entry"""
    for values, name in (
        (("gateway_id", "kind", "gift_id", ""), "gateway_entry_once"),
        (("'new'", "kind", "gift_id", ""), "gateway_entry_booked"),
        (("'new'", "kind", "gift_id", " + 1"), "gateway_entry_adds_up"),
        (("'new'", "'payout'", "gift_id", ""), "gateway_entry_of_gift"),
    ):
        async with refused(name):
            await raw(copy.format(*values))


async def test_acknowledgements_are_numbered_without_gaps_and_kept(db: None) -> None:
    desk = await giving.desk()
    await giving.given(10_000)
    async with refused("acknowledgement_gapless"):
        await raw("""INSERT INTO acknowledgement (fund_id, gift_id, year, number, amount_minor, currency, issued_at)
                     SELECT fund_id, gift_id, year, 7, 1, currency, issued_at FROM acknowledgement""")
    async with refused("acknowledgement_gapless"):
        await raw("UPDATE acknowledgement_series SET last = last + 1")
    async with refused("acknowledgement_one_counts"):
        await raw("""INSERT INTO acknowledgement (fund_id, gift_id, year, amount_minor, currency, issued_at)
                     SELECT fund_id, gift_id, year, 1, currency, issued_at FROM acknowledgement""")
    for change in ("DELETE FROM acknowledgement", "UPDATE acknowledgement SET amount_minor = 1",
                   "DELETE FROM acknowledgement_series"):  # fmt: skip
        async with refused("acknowledgement_kept"):
            await raw(change)
    async with refused("statutory_receipt_once"):
        await raw(
            """INSERT INTO statutory_receipt (gift_id, number, issued_on, recorded_by, recorded_at)
                     SELECT id, 'n', current_date, $1, now() FROM gift, generate_series(1, 2)""",
            desk.clerk.actor,
        )


async def test_a_fund_spends_what_it_has_by_two_people(db: None) -> None:
    desk = await giving.desk()
    await giving.given(10_000)
    new = NewUse(desk.code, 6_000, "CNY", clock.today(), "鉴定费", "Appraisal", "付001")
    uses = [await propose_use(desk.clerk, new) for _ in range(3)]
    done = await asyncio.gather(*[decide_use(desk.approver, one, approve=True) for one in uses], return_exceptions=True)
    assert [getattr(one, "code", "done") for one in done].count("done") == 1
    assert {one.code for one in done if isinstance(one, DomainError)} == {"fund_use_within_balance"}
    assert (await giving.balances())["donated:legal-aid:used:CNY"] == 6_000
    async with refused("fund_use_kept"):
        await raw("UPDATE fund_use SET amount_minor = 1 WHERE status = 'approved'")
    async with refused("fund_use_second_person"):
        await raw("""UPDATE fund_use SET status = 'declined', decided_by = proposed_by, decided_at = now()
                     WHERE status = 'proposed'""")
    async with refused("fund_use_booked"):
        await raw(
            """UPDATE fund_use SET status = 'approved', decided_by = $1, decided_at = now()
                     WHERE id = (SELECT min(id) FROM fund_use WHERE status = 'proposed')""",
            desk.approver.actor,
        )
