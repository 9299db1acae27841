"""What else the database holds of donations whoever writes: currencies, keys first, one direction, one fund's words."""

import pytest

from app.core import clock, database
from app.core.errors import DomainError
from procurement.donations.fake import acting
from procurement.donations.refunds.service import NewRefund, RefundBeyondGift, decide_refund, propose_refund
from procurement.donations.uses.service import NewUse, propose_use
from procurement.piccolo_app import APP_CONFIG
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE
from tests.refusals import refused

NEW_GIFT = """INSERT INTO gift (fund_id, donor_id, amount_minor, currency, status, checkout_id, started_at)
              SELECT fund_id, donor_id, 1, $1, 'started', $2, now() FROM gift"""
NEW_ENTRY = """INSERT INTO gateway_entry (gateway_id, kind, amount_minor, fee_minor, net_minor, currency,
                 original_minor, original_currency, made_at, found_by, recorded_at)
               VALUES ('new', 'other', 0, 0, 0, $1, 0, $2, now(), 'desk', now())"""
NEW_LETTER = """INSERT INTO acknowledgement (fund_id, gift_id, year, amount_minor, currency, issued_at)
                SELECT fund_id, id, extract(year FROM hangzhou_day(now()))::integer, $1, $2, now() FROM gift"""


async def test_currencies_are_those_of_iso_4217(db: None) -> None:
    await giving.desk()
    await giving.given(10_000, monthly=True)
    await refused("gift_currency_iso", NEW_GIFT, "XYZ", None)
    await refused("gateway_entry_currency_iso", NEW_ENTRY, "CNY", "RMB")
    await refused("gateway_entry_currency_iso", NEW_ENTRY, "RMB", "CNY")
    await refused(
        "gift_plan_currency_iso",
        """INSERT INTO gift_plan (fund_id, donor_id, amount_minor, currency, status, started_at)
           SELECT fund_id, donor_id, 1, 'YUAN', 'started', now() FROM gift_plan""",
    )
    await refused(
        "donation_fund_currency_iso",
        """INSERT INTO donation_fund (code, organization_id, place_id, cause, name_zh, purpose_zh, currency,
                                      minimum_minor, maximum_minor, opened_by, opened_at)
           SELECT 'another', organization_id, place_id, cause, 'x', 'x', 'RMB', 1, 2, opened_by, now()
           FROM donation_fund""",
    )
    await refused(
        "fund_use_currency_iso",
        """INSERT INTO fund_use (fund_id, amount_minor, currency, used_on, purpose_zh, document, status, proposed_by,
                                 proposed_at)
           SELECT id, 1, 'RMB', current_date, 'x', 'x', 'proposed', opened_by, now() FROM donation_fund""",
    )
    await refused(
        "ledger_account_currency_iso",
        "INSERT INTO ledger_account (code, kind, currency, donated) VALUES ('donated:bank:RMB', 'asset', 'RMB', true)",
    )


async def test_a_fund_keeps_its_address_owner_and_currency(db: None) -> None:
    await giving.desk()
    for change in ("code = 'another'", "currency = 'HKD'", "opened_at = now()"):
        await refused("donation_fund_kept", f"UPDATE donation_fund SET {change}")
    await refused("donation_fund_kept", "DELETE FROM donation_fund")


async def test_a_donation_enters_no_budget_line(db: None) -> None:
    desk = await giving.desk()
    await giving.given(10_000)
    line = await database.fetch_value(
        """INSERT INTO budget_line (place_id, year, programme_id, functional_code, economic_code)
           SELECT min(place.id), 2026, (SELECT id FROM programme WHERE code = 'purchase'), '2040607', '30226'
           FROM place RETURNING id"""
    )
    await refused(
        "ledger_account_donated",
        "INSERT INTO ledger_account (code, kind, donated, budget_line_id) VALUES ('x', 'expense', true, $1)",
        line,
    )
    await database.execute(
        "INSERT INTO ledger_account (code, kind, budget_line_id) VALUES ('expense:line:x', 'expense', $1)", line
    )
    await refused(
        "ledger_donations_apart",
        """WITH made AS (
               INSERT INTO ledger_transaction (booked_on, period_id, kind, idempotency_key, source_type, source_id,
                                               actor_id, created_at)
               SELECT booked_on, period_id, 'fund_use', 'x', 'fund_use', 1, $1, now() FROM ledger_transaction LIMIT 1
               RETURNING id)
           INSERT INTO ledger_posting (transaction_id, account_id, amount_fen, currency, donated)
           SELECT made.id, a.id, CASE WHEN a.donated THEN -5 ELSE 5 END, 'CNY', a.donated
           FROM made, ledger_account a WHERE a.code IN ('expense:line:x', 'donated:gateway:CNY')""",
        desk.clerk.actor,
    )


async def test_money_that_a_bank_takes_back_is_not_given_back_as_well(db: None) -> None:
    desk = await giving.desk()
    payment = await giving.given(10_000)
    reference = await giving.reference_of(payment)
    asked = await propose_refund(desk.clerk, NewRefund(reference, 4_000, "x"))
    dispute = await acting.dispute(STRIPE, payment)
    await giving.deliver()
    await refused(
        "gift_refund_within_gift",
        """INSERT INTO gift_refund (gift_id, amount_minor, reason, status, proposed_at)
           SELECT id, 1, 'x', 'proposed', now() FROM gift""",
    )
    with pytest.raises(RefundBeyondGift):
        await decide_refund(desk.approver, asked, approve=True)
    await acting.close_dispute(STRIPE, dispute, won=True)
    await giving.deliver()
    await decide_refund(desk.approver, asked, approve=True)
    assert (await giving.balances())["donated:legal-aid:given:CNY"] == -6_000


async def test_a_dispute_keeps_its_amount(db: None) -> None:
    await giving.desk()
    await acting.dispute(STRIPE, await giving.given(10_000))
    await giving.deliver()
    await refused("gift_dispute_forward", "UPDATE gift_dispute SET amount_minor = 1")
    await refused("gift_dispute_forward", "DELETE FROM gift_dispute")


async def test_nothing_goes_to_the_payment_service_without_a_key_that_is_kept(db: None) -> None:
    desk = await giving.desk()
    payment = await giving.given(10_000)
    await refused("gateway_attempt_first", NEW_GIFT, "CNY", "cs_without_a_key")
    await propose_refund(desk.clerk, NewRefund(await giving.reference_of(payment), 4_000, "x"))
    await refused(
        "gateway_attempt_first",
        "UPDATE gift_refund SET status = 'approved', decided_by = $1, decided_at = now()",
        desk.approver.actor,
    )
    for change in ("UPDATE gateway_attempt SET key = 'x'", "DELETE FROM gateway_attempt"):
        await refused("append_only", change)


async def test_an_acknowledgement_never_says_more_than_the_fund_still_has_of_the_gift(db: None) -> None:
    desk = await giving.desk()
    payment = await giving.given(10_000)
    await giving.refunded(desk, payment, 3_000)
    await refused("acknowledgement_within_gift", NEW_LETTER, 7_001, "CNY")
    await refused("acknowledgement_within_gift", NEW_LETTER, 7_000, "HKD")
    await giving.asked(5_000)
    await database.execute("UPDATE acknowledgement SET voided_at = now(), void_reason = 'refunded' WHERE number = 2")
    await refused("acknowledgement_within_gift", NEW_LETTER, 5_000, "CNY")


async def test_an_event_that_was_handled_stays_handled(db: None) -> None:
    await giving.desk()
    await giving.given(10_000)
    for change in ("status = 'failed', handled_at = NULL", "status = 'received', handled_at = NULL",
                   "status = 'ignored'", "attempts = 0"):  # fmt: skip
        await refused("gateway_event_forward", f"UPDATE gateway_event SET {change}")
    await refused("gateway_event_kept", "UPDATE gateway_event SET received_at = now() + interval '1 day'")


async def test_what_is_approved_is_what_was_proposed_word_for_word(db: None) -> None:
    desk = await giving.desk()
    await propose_use(desk.clerk, NewUse(desk.code, 1, "CNY", clock.today(), "鉴定费", "", "付001"))
    await refused("fund_use_kept", "UPDATE fund_use SET purpose_zh = '聚餐'")


async def test_a_gift_keeps_the_names_it_is_known_by(db: None) -> None:
    await giving.desk()
    await giving.asked(10_000)
    for change in ("reference = 'JZ-1'", "public_id = gen_random_uuid()", "started_at = now() + interval '1 day'"):
        await refused("gift_forward", f"UPDATE gift SET {change}")


async def test_the_table_classes_of_donations_name_every_column(db: None) -> None:
    named = {
        table._meta.tablename: {column._meta.db_column_name for column in table._meta.columns}
        for table in APP_CONFIG.table_classes
        if ".donations." in table.__module__
    }
    rows = await database.fetch(
        """SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
           WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
             AND c.relnamespace = 'public'::regnamespace
             AND c.relname ~ '^(donation_|donor$|gift|gateway_|acknowledg|statutory_|fund_use|unclear_|demo_gateway)'"""
    )
    stored: dict[str, set[str]] = {}
    for row in rows:
        stored.setdefault(row["relname"], set()).add(row["attname"])
    assert named == stored


async def test_a_refusal_by_another_refund_says_what_to_do(db: None) -> None:
    desk = await giving.desk()
    reference = await giving.reference_of(await giving.given(10_000))
    await propose_refund(desk.clerk, NewRefund(reference, 10_000, "x"))
    with pytest.raises(DomainError) as caught:
        await propose_refund(desk.clerk, NewRefund(reference, 1, "x"))
    assert "还能退多少" in str(caught.value)
