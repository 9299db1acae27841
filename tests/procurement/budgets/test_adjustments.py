"""Money moves between two lines by one document: both sides or neither, by two people, never below what is bound."""

import asyncio

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Permission, Principal, Role
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound, NotPermitted, SamePersonRefused
from procurement.blocks import LawRefusal
from procurement.budgets import rules, service
from procurement.budgets.adjustments import queries
from procurement.budgets.adjustments.service import (
    AdjustmentAcross,
    AdjustmentDecision,
    NewAdjustment,
    decide_adjustments,
    propose_adjustment,
)
from procurement.budgets.movements import BudgetExceeded, CutExceedsBound, post_movements
from procurement.budgets.rules import Amounts, Fund, MoneySource
from procurement.budgets.service import AlreadyDecided, Decision, FundMixed, NewLine, Proposal
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.budgets.test_budgets import amounts, post
from tests.refusals import refusal_by, refused

DOCUMENT = "杭财行〔2026〕91号"


async def people() -> tuple[Principal, Principal]:
    return await buying.person_as(Role.PROCUREMENT_OFFICER), await buying.person_as(Role.APPROVER)


async def two_lines(first: int = 1000, second: int = 1000) -> tuple[int, int]:
    return await buying.budget_line(first), await buying.budget_line(second, programme="expenses")


async def moved(source: int, target: int, fen: int) -> None:
    officer, approver = await people()
    adjustment = await propose_adjustment(officer, NewAdjustment(source, target, fen, DOCUMENT))
    await decide_adjustments(approver, [AdjustmentDecision(adjustment, approve=True)])


async def test_both_lines_move_when_a_second_person_approves_and_not_before(db: None) -> None:
    officer, approver = await people()
    source, target = await two_lines()
    adjustment = await propose_adjustment(officer, NewAdjustment(source, target, 400, DOCUMENT))
    assert (await amounts(source), await amounts(target)) == (Amounts(1000), Amounts(1000))
    both = buying.acting(officer.actor, Role.APPROVER, buying.CITY)
    with pytest.raises(SamePersonRefused):
        await decide_adjustments(both, [AdjustmentDecision(adjustment, approve=True)])
    await decide_adjustments(approver, [AdjustmentDecision(adjustment, approve=True)])
    assert (await amounts(source), await amounts(target)) == (Amounts(600), Amounts(1400))
    with pytest.raises(AlreadyDecided):
        await decide_adjustments(approver, [AdjustmentDecision(adjustment, approve=True)])
    [shown] = await queries.adjustments(approver.scope(Permission.BUDGET_APPROVE))
    assert (shown.from_key.split("/")[2], shown.to_key.split("/")[2], shown.status) == (
        "purchase",
        "expenses",
        "approved",
    )


async def test_a_line_is_not_adjusted_below_what_is_bound_and_the_refusal_names_the_amounts(db: None) -> None:
    source, target = await two_lines()
    await post(source, rules.reserve(source, 700, MoneySource("test", 1)))
    with pytest.raises(
        CutExceedsBound, match=r"已有 ¥7\.00 被预留、签约或支付，最多可调减 ¥3\.00，这次要调减 ¥3\.01"
    ) as cut:
        await moved(source, target, 301)
    assert cut.value.values["bound"] == "¥7.00"
    assert (await amounts(source), await amounts(target)) == (Amounts(1000, 700), Amounts(1000))
    await moved(source, target, 300)
    assert (await amounts(source), await amounts(target)) == (Amounts(700, 700), Amounts(1300))


async def test_a_cut_names_what_is_bound(db: None) -> None:
    officer, approver = await people()
    line_id = await buying.budget_line(1000)
    await post(line_id, rules.reserve(line_id, 600, MoneySource("test", 1)))
    await post(line_id, rules.commit(line_id, 600, MoneySource("test", 1)))
    [cut] = await service.propose_appropriations(officer, [Proposal(line_id, -401, "调减")])
    with pytest.raises(CutExceedsBound, match=r"已有 ¥6\.00 被预留"):
        await service.decide_appropriations(approver, [Decision(cut, approve=True)])


async def test_a_refused_adjustment_moves_nothing_and_says_why(db: None) -> None:
    officer, approver = await people()
    source, target = await two_lines()
    adjustment = await propose_adjustment(officer, NewAdjustment(source, target, 400, DOCUMENT))
    with pytest.raises(InvalidInput):
        await decide_adjustments(approver, [AdjustmentDecision(adjustment, approve=False)])
    await decide_adjustments(approver, [AdjustmentDecision(adjustment, approve=False, reason="依据不足")])
    assert await amounts(source) == Amounts(1000)


async def test_an_adjustment_needs_an_amount_a_document_two_lines_and_the_places(db: None) -> None:
    officer, _ = await people()
    source, target = await two_lines()
    with pytest.raises(InvalidInput) as refusal:
        await propose_adjustment(officer, NewAdjustment(source, source, 0, " "))
    assert set(refusal.value.fields) == {"amount", "to_line", "document"}
    with pytest.raises(NotFound):
        await propose_adjustment(officer, NewAdjustment(source, target + 99, 5, DOCUMENT))
    stranger = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    with pytest.raises(NotPermitted):
        await propose_adjustment(stranger, NewAdjustment(source, target, 5, DOCUMENT))


async def test_money_keeps_its_year_and_its_kind(db: None) -> None:
    officer, _ = await people()
    source = await buying.budget_line(1000)
    year = clock.today().year
    [later] = await service.open_lines(officer, [NewLine("purchase", buying.DISTRICT, year + 1, "2040607", "30227")])
    donated = await buying.budget_line(1000, programme="donation")
    for other in (later, donated):
        for pair in ((source, other), (other, source)):
            with pytest.raises(AdjustmentAcross, match="同一年度、同一资金性质"):
                await propose_adjustment(officer, NewAdjustment(*pair, 5, DOCUMENT))


async def test_a_fiscal_line_takes_no_donated_money_nor_the_other_way_round(db: None) -> None:
    officer, _ = await people()
    fiscal, donated = await buying.budget_line(1000), await buying.budget_line(1000, programme="donation")
    assert await database.fetch_value("SELECT fund FROM budget_line WHERE id = $1", donated) == "donated"
    for line_id, fund in ((fiscal, Fund.DONATED), (donated, Fund.FISCAL)):
        with pytest.raises(FundMixed, match="杭州市法律援助条例第5条"):
            await service.propose_appropriations(officer, [Proposal(line_id, 5, "捐赠协议", fund)])
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="budget_line_of_one_fund"):
        await database.execute(
            """INSERT INTO budget_line (programme_id, place_id, year, functional_code, economic_code, fund)
               SELECT programme_id, place_id, year + 1, functional_code, economic_code, 'donated' FROM budget_line
               WHERE id = $1""",
            fiscal,
        )
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="_of_one_fund"):
        await database.execute("UPDATE budget_line SET fund = 'donated' WHERE id = $1", fiscal)
    [waiting] = await service.propose_appropriations(officer, [Proposal(fiscal, 5, "文号")])
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="appropriation_of_one_fund"):
        await database.execute("UPDATE appropriation SET fund = 'donated' WHERE id = $1", waiting)


RAW = """INSERT INTO budget_movement (budget_line_id, kind, approved_fen, source_type, source_id, moved_at)
         VALUES ($1, 'appropriate', $2, 'budget_adjustment', $3, now())"""


async def test_raw_sql_cannot_move_one_side_only_nor_decide_alone_nor_rewrite(db: None) -> None:
    officer, _ = await people()
    source, target = await two_lines()
    await propose_adjustment(officer, NewAdjustment(source, target, 400, DOCUMENT))
    row = await database.fetch_value("SELECT id FROM budget_adjustment")
    approve = "UPDATE budget_adjustment SET status = 'approved', decided_by = $2, decided_at = now() WHERE id = $1"
    second = (await buying.person_as(Role.APPROVER)).actor
    attempts = [
        [(RAW, source, -400, row)],
        [(RAW, source, -400, row), (RAW, target, 400, row)],
        [(approve, row, second)],
        [(approve, row, second), (RAW, source, -400, row)],
        [(approve, row, second), (RAW, source, -400, row), (RAW, target, 500, row)],
    ]
    for statements in attempts:
        async with refusal_by("budget_adjustment_balanced"):
            for sql, *values in statements:
                await database.execute(sql, *values)
    alone = approve.replace("approved", "refused")
    await refused("budget_adjustment_second_person", alone, row, officer.actor)
    for statement in ("UPDATE budget_adjustment SET amount_fen = 1", "DELETE FROM budget_adjustment"):
        await refused("budget_adjustment_frozen", statement)
    assert (await amounts(source), await amounts(target)) == (Amounts(1000), Amounts(1000))


async def test_adjustments_that_cross_each_other_both_land_and_never_wait_in_a_circle(db: None) -> None:
    officer, approver = await people()
    first, second = await two_lines(100_000, 100_000)
    for number in range(rounds(5, 100)):
        there = await propose_adjustment(officer, NewAdjustment(first, second, 300 + number, DOCUMENT))
        back = await propose_adjustment(officer, NewAdjustment(second, first, 100, DOCUMENT))
        await asyncio.gather(
            decide_adjustments(approver, [AdjustmentDecision(there, approve=True)]),
            decide_adjustments(approver, [AdjustmentDecision(back, approve=True)]),
        )
        left, right = await amounts(first), await amounts(second)
        assert left.approved + right.approved == 200_000


async def test_one_adjustment_decided_twice_at_once_moves_once(db: None) -> None:
    officer, approver = await people()
    rival = await buying.person_as(Role.APPROVER)
    source, target = await two_lines(100_000, 100_000)
    for number in range(1, rounds(4, 100) + 1):
        adjustment = await propose_adjustment(officer, NewAdjustment(source, target, 10, DOCUMENT))
        outcomes = await asyncio.gather(
            *(decide_adjustments(one, [AdjustmentDecision(adjustment, approve=True)]) for one in (approver, rival)),
            return_exceptions=True,
        )
        assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyDecided", "NoneType"]
        assert (await amounts(target)).approved == 100_000 + 10 * number


async def test_a_cut_against_a_reservation_is_exact_whichever_comes_first(db: None) -> None:
    """Of a line of 1000, one cuts 600 while another reserves 600: exactly one of them succeeds."""
    officer, approver = await people()
    for place in await buying.villages(rounds(4, 100)):
        line_id = await buying.budget_line(1000, place["code"])
        [cut] = await service.propose_appropriations(officer, [Proposal(line_id, -600, "调减")])

        async def reserve(line_id: int = line_id) -> None:
            async with transaction():
                await post_movements(officer, [rules.reserve(line_id, 600, MoneySource("race", line_id))])

        outcomes = await asyncio.gather(
            service.decide_appropriations(approver, [Decision(cut, approve=True)]), reserve(), return_exceptions=True
        )
        refused = [one for one in outcomes if one is not None]
        assert len(refused) == 1
        assert isinstance(refused[0], BudgetExceeded), refused
        assert await amounts(line_id) in (Amounts(400), Amounts(1000, 600))


async def test_every_refusal_says_what_to_do() -> None:
    for refusal in (AdjustmentAcross, FundMixed, CutExceedsBound):
        assert issubclass(refusal, LawRefusal)
        assert "请" in refusal.remedy
