"""Appropriations need two people; a line is the sum of its movements and never exceeds what was approved."""

import asyncio

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound, NotPermitted, SamePersonRefused
from procurement.blocks import Blocked
from procurement.budgets import queries, rules, service
from procurement.budgets.movements import BudgetExceeded, MovementRepeated, post_movements
from procurement.budgets.rules import Amounts, MoneySource, Movement, Pot
from procurement.budgets.service import Decision, NewLine, Proposal
from tests.conftest import rounds
from tests.procurement import buying
from tests.refusals import refused

SUM = """SELECT coalesce(sum(approved_fen), 0) AS approved, coalesce(sum(reserved_fen), 0) AS reserved,
                coalesce(sum(committed_fen), 0) AS committed, coalesce(sum(spent_fen), 0) AS spent,
                coalesce(sum(closed_fen), 0) AS closed
         FROM budget_movement WHERE budget_line_id = $1"""
LINE = """SELECT approved_fen AS approved, reserved_fen AS reserved, committed_fen AS committed, spent_fen AS spent,
                 closed_fen AS closed
          FROM budget_line WHERE id = $1"""


async def amounts(line_id: int) -> Amounts:
    """Return the line's amounts, after seeing that they are the sum of its book."""
    line, book = await database.fetch_one(LINE, line_id), await database.fetch_one(SUM, line_id)
    assert line == book
    return Amounts(**line)


async def post(line_id: int, *entries: Movement) -> None:
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    async with transaction():
        await post_movements(officer, entries)


async def test_money_is_there_only_after_a_second_person_approved_it(db: None) -> None:
    officer, approver = await buying.person_as(Role.PROCUREMENT_OFFICER), await buying.person_as(Role.APPROVER)
    line_id = await buying.budget_line(0)
    [proposal] = await service.propose_appropriations(officer, [Proposal(line_id, 500, "杭财行〔2026〕1号")])
    assert await amounts(line_id) == Amounts()
    waiting = await queries.waiting_proposals(approver.scope(buying.access.Permission.BUDGET_APPROVE))
    assert [(view.amount_fen, view.line.id) for view in waiting] == [(500, line_id)]
    assert await queries.appropriation_ids([waiting[0].public_id]) == [proposal]
    await service.decide_appropriations(approver, [Decision(proposal, approve=True)])
    assert await amounts(line_id) == Amounts(approved=500)
    with pytest.raises(service.AlreadyDecided):
        await service.decide_appropriations(approver, [Decision(proposal, approve=True)])
    assert await amounts(line_id) == Amounts(approved=500)


async def test_who_proposes_money_does_not_approve_it(db: None) -> None:
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    line_id = await buying.budget_line(0)
    [proposal] = await service.propose_appropriations(officer, [Proposal(line_id, 500, "文号")])
    both = buying.acting(officer.actor, Role.APPROVER, buying.CITY)
    with pytest.raises(SamePersonRefused):
        await service.decide_appropriations(both, [Decision(proposal, approve=True)])
    with pytest.raises(asyncpg.CheckViolationError, match="appropriation_second_person"):
        await database.execute(
            "UPDATE appropriation SET status = 'approved', decided_by = proposed_by, decided_at = now() WHERE id = $1",
            proposal,
        )


async def test_a_refused_proposal_moves_nothing_and_says_why(db: None) -> None:
    officer, approver = await buying.person_as(Role.PROCUREMENT_OFFICER), await buying.person_as(Role.APPROVER)
    line_id = await buying.budget_line(0)
    [proposal] = await service.propose_appropriations(officer, [Proposal(line_id, 500, "文号")])
    with pytest.raises(InvalidInput):
        await service.decide_appropriations(approver, [Decision(proposal, approve=False)])
    await service.decide_appropriations(approver, [Decision(proposal, approve=False, reason="文号有误")])
    assert await amounts(line_id) == Amounts()


async def test_a_cut_stops_at_what_is_already_bound(db: None) -> None:
    officer, approver = await buying.person_as(Role.PROCUREMENT_OFFICER), await buying.person_as(Role.APPROVER)
    line_id = await buying.budget_line(1000)
    await post(line_id, rules.reserve(line_id, 700, MoneySource("test", 1)))
    [cut] = await service.propose_appropriations(officer, [Proposal(line_id, -400, "调减")])
    with pytest.raises(BudgetExceeded) as refusal:
        await service.decide_appropriations(approver, [Decision(cut, approve=True)])
    assert refusal.value.values["asked"] == "¥4.00"
    assert refusal.value.values["left"] == "¥3.00"
    assert await amounts(line_id) == Amounts(approved=1000, reserved=700)


async def test_scope_keeps_an_officer_in_the_district(db: None) -> None:
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    line_id = await buying.budget_line(0)
    with pytest.raises(NotPermitted):
        await service.propose_appropriations(officer, [Proposal(line_id, 500, "文号")])
    with pytest.raises(NotPermitted):
        await service.open_lines(
            officer, [NewLine("purchase", buying.DISTRICT, clock.today().year, "2040607", "30227")]
        )
    with pytest.raises(NotFound):
        scope = officer.scope(buying.access.Permission.BUDGET_MANAGE)
        await queries.line(scope, clock.today().year, buying.DISTRICT, "purchase")


async def test_a_line_needs_full_codes_and_a_budget_year_and_is_unique(db: None) -> None:
    officer, year = await buying.person_as(Role.PROCUREMENT_OFFICER), clock.today().year
    with pytest.raises(Blocked, match="预算法 第13条"):
        await service.open_lines(officer, [NewLine("purchase", buying.DISTRICT, year, "204", "30227")])
    with pytest.raises(Blocked, match="预算法 第18条"):
        await service.open_lines(officer, [NewLine("purchase", buying.DISTRICT, year - 2, "2040607", "30227")])
    line = NewLine("purchase", buying.DISTRICT, year, "2040607", "30227")
    await service.open_lines(officer, [line])
    with pytest.raises(service.LineExists):
        await service.open_lines(officer, [line])
    with pytest.raises(NotFound):
        await service.open_lines(officer, [NewLine("pencils", buying.DISTRICT, year, "2040607", "30227")])


async def test_the_refusal_names_the_line_what_is_asked_and_what_is_left(db: None) -> None:
    line_id = await buying.budget_line(100_000)
    with pytest.raises(BudgetExceeded) as refusal:
        await post(line_id, rules.reserve(line_id, 100_001, MoneySource("test", 1)))
    assert "西湖区" in refusal.value.values["line"]
    assert (refusal.value.values["asked"], refusal.value.values["left"]) == ("¥1,000.01", "¥1,000.00")


async def test_one_source_moves_a_line_once_per_kind(db: None) -> None:
    line_id = await buying.budget_line(1000)
    await post(line_id, rules.reserve(line_id, 100, MoneySource("test", 1)))
    with pytest.raises(MovementRepeated):
        await post(line_id, rules.reserve(line_id, 100, MoneySource("test", 1)))
    assert await amounts(line_id) == Amounts(approved=1000, reserved=100)


async def test_movements_outside_a_transaction_are_refused(db: None) -> None:
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    with pytest.raises(RuntimeError):
        await post_movements(officer, [rules.reserve(1, 1, MoneySource("test", 1))])


async def test_a_whole_life_of_money_ends_at_nothing_bound(db: None) -> None:
    line_id = await buying.budget_line(1000)
    source = [MoneySource("test", number) for number in range(3)]
    await post(line_id, rules.reserve(line_id, 600, source[0]))
    await post(line_id, rules.commit(line_id, 600, source[0]))
    await post(line_id, rules.spend(line_id, 200, source[1], Pot.COMMITTED))
    assert await amounts(line_id) == Amounts(1000, 0, 400, 200)
    await post(line_id, rules.give_back(line_id, 200, source[1], Pot.COMMITTED))
    await post(line_id, rules.release(line_id, 600, source[0], Pot.COMMITTED))
    assert await amounts(line_id) == Amounts(1000)


BY_HAND = [
    "UPDATE budget_movement SET approved_fen = 9999",
    "DELETE FROM budget_movement",
    "TRUNCATE budget_movement",
]


async def test_nobody_writes_a_line_or_its_book_by_hand(db: None) -> None:
    line_id = await buying.budget_line(1000)
    for change in ("approved_fen = approved_fen + 1", "spent_fen = 1"):
        await refused("budget_line_is_summed", f"UPDATE budget_line SET {change}")
    for statement in BY_HAND:
        with pytest.raises((asyncpg.RestrictViolationError, asyncpg.InsufficientPrivilegeError)):
            await database.execute(statement)
    assert await amounts(line_id) == Amounts(approved=1000)


RAW = """INSERT INTO budget_movement (budget_line_id, kind, approved_fen, reserved_fen, committed_fen, spent_fen,
                                      source_type, source_id, moved_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'raw', $7, now())"""


async def test_raw_sql_cannot_reserve_beyond_the_appropriation(db: None) -> None:
    line_id = await buying.budget_line(1000)
    await database.execute(RAW, line_id, "reserve", 0, 1000, 0, 0, 1)
    with pytest.raises(asyncpg.CheckViolationError, match="budget_line_within_appropriation"):
        await database.execute(RAW, line_id, "reserve", 0, 1, 0, 0, 2)


WRONG_WAYS = [
    ("appropriate", (0, 0, 0, 0)),
    ("appropriate", (10, 10, 0, 0)),
    ("reserve", (0, -1, 0, 0)),
    ("reserve", (0, 0, 1, 0)),
    ("commit", (0, 0, 5, 0)),
    ("commit", (0, 5, -5, 0)),
    ("spend", (0, 0, 0, 5)),
    ("spend", (0, -4, 0, 5)),
    ("release", (0, 5, -5, 0)),
    ("release", (0, 0, 0, -5)),
    ("return", (0, 0, 0, -5)),
    ("return", (0, 5, 0, 5)),
]


async def test_raw_sql_cannot_move_money_the_wrong_way(db: None) -> None:
    line_id = await buying.budget_line(1000)
    await database.execute(RAW, line_id, "reserve", 0, 100, 0, 0, 1)
    for kind, change in WRONG_WAYS:
        with pytest.raises(asyncpg.CheckViolationError, match="budget_movement_direction"):
            await database.execute(RAW, line_id, kind, *change, 2)


async def test_parallel_reservations_never_exceed_one_line(db: None) -> None:
    for place in await buying.villages(rounds(3, 100)):
        line_id = await buying.budget_line(10_000, place["code"])
        outcomes = await asyncio.gather(
            *(post(line_id, rules.reserve(line_id, 900, MoneySource("race", number))) for number in range(16)),
            return_exceptions=True,
        )
        refused = [outcome for outcome in outcomes if outcome is not None]
        assert all(isinstance(outcome, BudgetExceeded) for outcome in refused), refused
        assert len(refused) == 5
        assert await amounts(line_id) == Amounts(approved=10_000, reserved=9_900)


async def test_movements_over_many_lines_in_either_order_do_not_deadlock(db: None) -> None:
    first, second = [await buying.budget_line(100_000, programme=code) for code in ("purchase", "expenses")]
    for number in range(rounds(10, 200)):
        pair = [
            rules.reserve(first, 1, MoneySource("a", number)),
            rules.reserve(second, 1, MoneySource("a", number)),
        ]
        other = [
            rules.reserve(second, 1, MoneySource("b", number)),
            rules.reserve(first, 1, MoneySource("b", number)),
        ]
        await asyncio.gather(post(first, *pair), post(first, *other))
    assert await amounts(first) == await amounts(second) == Amounts(100_000, 2 * number + 2)
