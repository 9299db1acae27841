"""A payment with a deduction that the bank returns after others have used what the deduction had set free."""

import asyncpg
import pytest

from app.core import clock, database
from procurement.budgets import movements
from procurement.claims.cases import service as cases
from procurement.claims.cases.rules import CaseItem
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from tests.procurement import closed_cases as world
from tests.procurement.claims.test_grading_down import WORTH, Lowered, line, paid
from tests.procurement.settlement.books_hold import faults
from tests.procurement.settlement.returns.test_returns import name_account

REST = 20_000  # what the payment brings beyond its deduction


async def deducted() -> tuple[Lowered, int]:
    """Pay a case, grade it down, and deduct it from the payment of two others; return the batch."""
    had = await paid()
    await had.grade()
    await had.another("2号", CaseItem.CIVIL)
    await had.another("3号", CaseItem.DRAFTING)
    batch = await had.pay()
    return had, batch.id


async def used_up(had: Lowered) -> None:
    """Have somebody else's case take what the deduction set free, and cut the rest of the line."""
    other = await world.licensed("Q", "M2")
    await cases.record_case(had.made.recorder, world.civil(had.made, other, matter="9号"))
    await had.approve()
    row = await database.fetch_one(
        """SELECT l.id, l.approved_fen - l.reserved_fen - l.spent_fen AS left FROM budget_line l
           JOIN programme p ON p.id = l.programme_id WHERE p.code = 'legal_aid_case'"""
    )
    assert row
    await world.appropriated(had.made.desk, row["id"], -row["left"])


async def give_back(had: Lowered, batch: int) -> int:
    slip = BankReturn(1, reason="账号与户名不符", returned_on=clock.today(), document="TH-1")
    return await record_return(had.made.desk.cashier, batch, slip)


async def test_what_came_back_is_recorded_although_others_used_what_the_deduction_had_set_free(db: None) -> None:
    had, batch = await deducted()
    await used_up(had)
    assert await give_back(had, batch) == REST
    assert await line() == (2 * WORTH + REST, 0)
    assert await faults() == []


async def test_paid_again_the_deduction_gives_its_budget_back_no_second_time(db: None) -> None:
    had, batch = await deducted()
    await used_up(had)
    await give_back(had, batch)
    await name_account(had.person)
    again = await had.pay()
    assert again.claim_count == 4
    assert await line() == (0, 2 * WORTH + REST)
    assert await faults() == []


async def test_returned_twice_the_line_is_given_what_it_can_bear(db: None) -> None:
    had, batch = await deducted()
    await used_up(had)
    await give_back(had, batch)
    await name_account(had.person)
    again = await had.pay()
    payment = await database.fetch_value(
        "SELECT count(*) FROM settlement_payment WHERE batch_id = $1 AND id <= ("
        "SELECT id FROM settlement_payment WHERE batch_id = $1 AND person_id = $2)", again.id, had.person,
    )  # fmt: skip
    slip = BankReturn(payment, reason="账号与户名不符", returned_on=clock.today(), document="TH-2")
    assert await record_return(had.made.desk.cashier, again.id, slip) == REST
    assert await faults() == []


async def test_the_database_leaves_no_deduction_given_back_where_the_line_has_room(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    had, batch = await deducted()

    async def no_room(_line: int, _fen: int) -> bool:
        return False

    monkeypatch.setattr(movements, "has_room", no_room)
    with pytest.raises(asyncpg.PostgresError) as refusal:
        await give_back(had, batch)
    assert getattr(refusal.value, "constraint_name", None) == "bank_return_booked"
