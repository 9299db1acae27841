"""A settlement run is killed before each statement it sends, is taken up again, and ends in the same bytes."""

from collections.abc import Sequence

from app.core import database
from procurement.settlement import payout
from tests.killing import KILLED, chosen, connected, copy_of, forking
from tests.procurement import settled_work
from tests.procurement.settlement import killed
from tests.procurement.settlement.end_state import end_state


async def beginning() -> list[int]:
    """Set up three people with two approved claims each, of which the cap leaves one out; return who settles."""
    money = await settled_work.approved(people=3, shifts=2)
    return [person.actor for person in (money.desk.clerk, money.desk.approver, money.desk.cashier)]


async def ended(name: str, accounts: Sequence[int]) -> bytes:
    """Return what the run left, and the bank's file with it."""
    async with connected(name):
        left = await end_state()
        batch = await database.fetch_value("SELECT id FROM settlement_batch")
        cashier = killed.officer(accounts[2], killed.STEPS[2])
        return left + (await payout.bank_file_again(cashier, batch)).content


async def test_killed_before_any_statement_and_taken_up_again_it_ends_in_the_same_bytes(database_name: str) -> None:
    async with connected(database_name):
        accounts = await beginning()
    with forking(killed.__name__, accounts) as runs:
        async with copy_of(database_name) as whole:
            code, statements = await runs.run(whole)
            assert code == 0
            expected = await ended(whole, accounts)
        assert b"short_of_money" in expected
        assert statements > 40
        for statement in chosen(statements):
            async with copy_of(database_name) as broken:
                assert await runs.run(broken, statement) == (KILLED, 0), f"statement {statement} of {statements}"
                assert (await runs.run(broken))[0] == 0
                assert await ended(broken, accounts) == expected, f"killed before statement {statement} of {statements}"


async def test_a_run_taken_up_again_after_it_was_done_changes_nothing(database_name: str) -> None:
    async with connected(database_name):
        accounts = await beginning()
    with forking(killed.__name__, accounts) as runs:
        assert (await runs.run(database_name))[0] == 0
        async with connected(database_name):
            once = await end_state()
        assert (await runs.run(database_name))[0] == 0
        async with connected(database_name):
            assert await end_state() == once
