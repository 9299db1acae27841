"""The end card says what a shift pays and when, before and after the money has gone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database
from app.core.access import Principal
from app.core.calendar import Calendar, is_working_day
from procurement.claims import accrual
from procurement.claims.rewards.queries import amount_in_words, reward
from procurement.claims.rewards.rules import PAY_DAY, expected_pay_day
from procurement.claims.slots import shift_reward
from tests.procurement import attended_work as work

MAY_DAY = Calendar({date(2026, 5, 15): False})


@pytest.mark.parametrize(
    ("confirmed", "today", "expected"),
    [
        (date(2026, 3, 20), date(2026, 3, 20), date(2026, 4, 15)),
        (date(2026, 3, 31), date(2026, 4, 15), date(2026, 4, 15)),
        (date(2026, 3, 31), date(2026, 4, 16), date(2026, 5, 18)),
        (date(2026, 1, 31), date(2026, 1, 31), date(2026, 2, 16)),
        (date(2026, 12, 1), date(2026, 12, 1), date(2027, 1, 15)),
    ],
)
def test_work_is_paid_in_the_middle_of_the_month_after_it(confirmed: date, today: date, expected: date) -> None:
    assert expected_pay_day(MAY_DAY, confirmed, today) == expected


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.integers(0, 400))
def test_the_expected_day_is_worked_and_never_over(confirmed: date, later: int) -> None:
    today = date.fromordinal(confirmed.toordinal() + later)
    expected = expected_pay_day(MAY_DAY, confirmed, today)
    assert expected >= max(today, confirmed)
    assert is_working_day(MAY_DAY, expected)
    assert expected.day >= PAY_DAY


async def attended() -> tuple[Principal, int, int]:
    """Let somebody's shift be confirmed; return them, the sign-up and the assignment."""
    person = await work.person("payee")
    await work.attended(person)
    row = await database.fetch_one("SELECT id, assignment_id FROM sign_up ORDER BY id DESC LIMIT 1")
    account = await database.fetch_value("SELECT account_id FROM person WHERE id = $1", person)
    assert row
    return Principal(account, kind="session"), row["id"], row["assignment_id"]


async def test_the_amount_is_told_at_once_and_then_comes_from_the_claim(db: None) -> None:
    await work.desk()
    payee, sign_up, assignment = await attended()
    before = await reward(payee, sign_up)
    assert before
    assert (before.fen, before.reference) == (25_000, "")
    assert before.expected_on
    assert await amount_in_words(assignment) == "¥250"
    await accrual.accrue(clock.now())
    after = await reward(payee, sign_up)
    assert after
    assert after.fen == 25_000
    assert after.reference
    assert await shift_reward(payee, sign_up)


async def test_nobody_reads_it_of_another_and_unpaid_work_has_none(db: None) -> None:
    await work.desk()
    payee, sign_up, assignment = await attended()
    other = Principal(await work.account("other"), kind="session")
    assert await reward(other, sign_up) is None
    await accrual.accrue(clock.now())
    await database.execute("UPDATE claim SET status = 'rejected', reason = 'x'")
    assert await reward(payee, sign_up) is None
    await database.execute("UPDATE assignment SET compensation = 'unpaid' WHERE id = $1", assignment)
    assert await amount_in_words(assignment) == ""
