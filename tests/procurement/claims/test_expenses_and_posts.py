"""Expenses with receipts, months of a full-time mediator's post, and caps for a person and a period."""

from datetime import date

import msgspec
import pytest

from app.attachments.service import keep
from app.core import clock, database
from app.core.errors import InvalidInput
from procurement.claims import accrual, caps
from procurement.claims.cases import service as cases
from procurement.claims.expenses import rules as expense_rules
from procurement.claims.expenses import service as expenses
from procurement.claims.expenses.rules import ExpenseDraft, ExpenseKind
from procurement.claims.posts import rules as post_rules
from procurement.claims.posts import service as posts
from procurement.claims.posts.rules import PostDraft, months
from procurement.tariffs import service as tariffs
from procurement.tariffs.engine.kinds import Period
from tests.procurement import attended_work as work
from tests.procurement import closed_cases as world
from tests.refusals import refused

PNG = b"\x89PNG\r\n\x1a\n"


def taxi(**values: object) -> ExpenseDraft:
    said = {"kind": ExpenseKind.TRAVEL, "spent_on": clock.today(), "amount_fen": 4_600, "reason_zh": "到桐庐值班"}
    return ExpenseDraft(**{**said, **values})  # type: ignore[arg-type]


async def test_an_expense_with_its_receipt_is_a_claim_and_a_receipt_is_paid_once(db: None) -> None:
    made = await world.office()
    payee = await world.self_of(await work.person("payee"))
    receipt = await keep("receipt.png", PNG + b"one")
    reference = await expenses.hand_in(payee, taxi(), [receipt])
    claim = await database.fetch_one("SELECT reference, status, item, amount_fen, tariff_set_id FROM claim")
    assert claim == {
        "reference": reference, "status": "accrued", "item": "expense", "amount_fen": 4_600, "tariff_set_id": None,
    }  # fmt: skip
    with pytest.raises(expense_rules.ReceiptUsed):
        await expenses.hand_in(await world.self_of(await work.person("another")), taxi(), [receipt])
    assert await database.fetch_value("SELECT count(*) FROM expense") == 1
    assert made.place


async def test_an_expense_needs_a_receipt_a_recent_day_and_a_line(db: None) -> None:
    payee = await world.self_of(await work.person("payee"))
    with pytest.raises(expense_rules.ReceiptMissing):
        await expenses.hand_in(payee, taxi(), [])
    receipt = await keep("receipt.png", PNG + b"two")
    with pytest.raises(InvalidInput):
        await expenses.hand_in(payee, taxi(spent_on=date(2020, 1, 1)), [receipt])
    with pytest.raises(expense_rules.NoBudgetLine):
        await expenses.hand_in(payee, taxi(), [receipt])


def test_a_month_counts_by_calendar_days_and_only_once_it_is_over() -> None:
    found = list(months(310_000, date(2026, 8, 17), None, date(2026, 10, 31)))
    assert [(one.month, one.days, one.fen) for one in found] == [
        (date(2026, 8, 1), 15, 150_000), (date(2026, 9, 1), 30, 310_000),
    ]  # fmt: skip
    ended = list(months(310_000, date(2026, 8, 1), date(2026, 9, 10), date(2027, 1, 1)))
    assert [(one.days, one.fen) for one in ended] == [(31, 310_000), (10, 103_333)]


async def test_each_month_of_a_post_that_is_over_is_claimed_once(db: None) -> None:
    made = await world.office()
    person = await world.licensed("P", "M1")
    draft = PostDraft(person, made.place, "清波街道人民调解委员会", "清街发〔2026〕3号", 300_000, date(2026, 1, 1))
    post = await posts.record_post(made.recorder, draft)
    first, again = await accrual.accrue(clock.now()), await accrual.accrue(clock.now())
    assert first.months == (clock.today().replace(day=1).month - 1 if clock.today().year == 2026 else 12)
    assert again.months == 0
    with pytest.raises(post_rules.PostOverlaps):
        await posts.record_post(made.recorder, draft)
    await posts.end_post(made.recorder, post, date(2026, 12, 31))
    with pytest.raises(post_rules.PostEnded):
        await posts.end_post(made.recorder, post, date(2026, 12, 30))
    await refused("mediator_post_frozen", "UPDATE mediator_post SET monthly_fen = 1")


@pytest.mark.parametrize(
    ("period", "first", "end"),
    [
        (Period.MONTH, date(2026, 12, 1), date(2027, 1, 1)),
        (Period.QUARTER, date(2026, 10, 1), date(2027, 1, 1)),
        (Period.YEAR, date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_has_its_first_day_and_the_first_after_it(period: Period, first: date, end: date) -> None:
    assert caps.period_of(period, date(2026, 12, 31)) == (first, end)


async def capped(cap: dict[str, object]) -> world.Office:
    """Set up an office with a tariff of 2025 that has a cap besides what the demonstration set says."""
    made = await world.office()
    desk = made.desk
    body = {**msgspec.json.decode(tariffs.seed_documents()[0]), "caps": [cap], "from": "2025-01-01", "to": "2025-12-31"}
    tariff = await tariffs.draft_tariff(desk.claims, msgspec.json.encode(body))
    await tariffs.publish_tariff(desk.clerk, tariff)
    await database.execute(
        """INSERT INTO budget_line (programme_id, place_id, year, functional_code, economic_code)
           SELECT programme_id, place_id, 2025, functional_code, economic_code FROM budget_line"""
    )
    return made


async def test_a_persons_month_is_capped_over_all_their_claims_whatever_run_they_came_in(db: None) -> None:
    cap = {"id": "month", "scope": "payee_period", "amount": "600", "items": ["duty"]}
    await capped(cap)
    payee, other = await work.person("payee"), await work.person("other")
    for day in (3, 4):
        await work.attended(payee, day=date(2025, 6, day))
    await accrual.accrue(clock.now())
    await work.attended(payee, day=date(2025, 6, 5))
    await work.attended(other, day=date(2025, 6, 5), hour=10)
    await work.attended(payee, day=date(2025, 7, 1))
    await accrual.accrue(clock.now())
    rows = await database.fetch("SELECT amount_fen FROM claim WHERE person_id = $1 ORDER BY service_day", payee)
    assert [row["amount_fen"] for row in rows] == [25_000, 25_000, 10_000, 25_000]
    assert await database.fetch_value("SELECT amount_fen FROM claim WHERE person_id = $1", other) == 25_000


async def test_a_matter_is_capped_over_its_stages(db: None) -> None:
    made = await capped({"id": "matter", "scope": "matter", "amount": "3000"})
    person = await world.licensed("P", "M1")
    for item in (world.CaseItem.CIVIL, world.CaseItem.LABOUR_ARBITRATION):
        draft = world.civil(made, person, item=item, accepted_on=date(2025, 3, 1), closed_on=date(2025, 6, 3))
        await cases.record_case(made.recorder, draft)
    await accrual.accrue(clock.now())
    assert await database.fetch_value("SELECT array_agg(amount_fen ORDER BY id) FROM claim") == [200_000, 100_000]
