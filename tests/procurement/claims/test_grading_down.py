"""A grade that brings less than was approved: reversed before it is paid, deducted from the next payment after it."""

from pathlib import Path

import pytest

from app.core import clock, database
from app.core.access import Permission
from procurement.claims import accrual
from procurement.claims import service as claims
from procurement.claims.cases import queries, rules, service
from procurement.claims.cases.rules import CaseItem, Grade
from procurement.claims.disputes.rules import DisputeEvent
from procurement.claims.disputes.service import answer_dispute, raise_dispute
from procurement.settlement import payout
from procurement.settlement import service as settlement
from procurement.settlement.planning import queries as planning
from procurement.settlement.recompute.service import recompute
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import closed_cases as world
from tests.procurement import settled_work as money
from tests.procurement.offers.bidding import as_owner
from tests.procurement.settlement.books_hold import faults
from tests.procurement.settlement.returns.test_returns import name_account
from tests.refusals import refusal_by, refused

PERIOD = money.PERIOD
DEDUCTIONS = Path(__file__).resolve().parents[3] / "procurement/piccolo_migrations/deductions.sql"
WORTH = 200_000  # a civil case by the demonstration tariff; unqualified work is worth nothing


class Lowered:
    """An office with one case of a person whose base was approved, and what it did since."""

    def __init__(self, made: world.Office, person: int, reference: str) -> None:
        """Know the case."""
        self.made, self.person, self.reference, self.keys = made, person, reference, 0

    async def grade(self) -> None:
        await service.grade_case(self.made.recorder, self.reference, Grade.UNQUALIFIED)

    async def another(self, matter: str, item: CaseItem = CaseItem.CIVIL) -> None:
        """Have the person close another case, claimed and approved."""
        await service.record_case(self.made.recorder, world.civil(self.made, self.person, matter=matter, item=item))
        await self.approve()

    async def approve(self) -> None:
        """Claim what there is, and approve everything that waits for it."""
        await accrual.accrue(clock.now())
        rows = await database.fetch("SELECT id FROM claim WHERE status = 'accrued' ORDER BY id")
        if rows:
            await claims.approve_claims(self.made.desk.claims, [row["id"] for row in rows])

    async def compute(self, cap_fen: int | None = None) -> settlement.Batch:
        self.keys += 1
        return await settlement.compute_batch(self.made.desk.clerk, work.DISTRICT, *PERIOD, f"run {self.keys}", cap_fen)

    async def pay(self) -> settlement.Batch:
        batch = await self.compute()
        await payout.approve_batch(self.made.desk.approver, batch.id)
        await payout.pay_batch(self.made.desk.cashier, batch.id)
        return batch


async def approved() -> Lowered:
    made = await world.office()
    person = await world.licensed("P", "M1")
    reference = await service.record_case(made.recorder, world.civil(made, person))
    had = Lowered(made, person, reference)
    await had.approve()
    return had


async def paid() -> Lowered:
    had = await approved()
    await had.pay()
    return had


async def states() -> list[tuple[str, str, int]]:
    """Return part, status and fen of every claim of a case, in their order."""
    rows = await database.fetch("SELECT part, status, amount_fen FROM claim WHERE part <> '' ORDER BY id")
    return [(row["part"], row["status"], row["amount_fen"]) for row in rows]


async def line() -> tuple[int, int]:
    """Return what is reserved and spent of the line that pays legal aid."""
    row = await database.fetch_one(
        """SELECT l.reserved_fen, l.spent_fen FROM budget_line l JOIN programme p ON p.id = l.programme_id
           WHERE p.code = 'legal_aid_case'"""
    )
    assert row
    return row["reserved_fen"], row["spent_fen"]


async def test_what_is_approved_and_waits_is_reversed_in_the_books_and_its_budget_is_free(db: None) -> None:
    had = await approved()
    assert await line() == (WORTH, 0)
    await had.grade()
    assert await states() == [("base", "reversed", WORTH)]
    assert await line() == (0, 0)
    assert await faults() == []
    with pytest.raises(settlement.NothingToSettle):
        await had.compute()


async def test_raw_sql_reverses_no_claim_without_its_books(db: None) -> None:
    await approved()
    await refused("claim_reversal_booked", "UPDATE claim SET status = 'reversed'")


async def test_what_was_paid_is_deducted_from_the_next_payment_and_every_sum_holds(db: None) -> None:
    had = await paid()
    await had.grade()
    assert await states() == [("base", "paid", WORTH), ("deduction", "accrued", -WORTH)]
    await had.another("2号", CaseItem.CIVIL)
    await had.another("3号", CaseItem.DRAFTING)
    assert await faults() == []
    fitting = await planning.fitting(had.made.desk.clerk, work.DISTRICT, *PERIOD, None)
    batch = await had.pay()
    assert (batch.total_fen, batch.claim_count) == (20_000, 3) == (fitting.total_fen, fitting.claims)
    assert await faults() == []
    assert (await recompute(batch.reference)).same
    assert await line() == (0, WORTH + 20_000)
    assert (await queries.case_page(had.made.recorder, had.reference)).over_fen == 0


async def test_a_deduction_that_a_payment_cannot_bear_waits_and_takes_nobody_elses_money(db: None) -> None:
    had = await paid()
    await had.grade()
    await had.another("2号", CaseItem.DRAFTING)
    other = await world.licensed("Q", "M2")
    await service.record_case(had.made.recorder, world.civil(had.made, other, matter="9号"))
    await had.approve()
    batch = await had.pay()
    assert (batch.total_fen, batch.payment_count) == (20_000 + WORTH, 2)
    left = await database.fetch("SELECT reason, amount_fen, line_number FROM settlement_left_out")
    assert [tuple(row.values()) for row in left] == [("nothing_to_deduct_from", -WORTH, 1)]
    with pytest.raises(settlement.NothingToSettle):
        await had.compute()
    assert await faults() == []
    assert await planning.plans(had.made.desk.clerk) == []


async def test_a_deduction_comes_from_its_own_budget_line_alone(db: None) -> None:
    had = await paid()
    await had.grade()
    await service.record_case(had.made.recorder, world.mediation(had.made, had.person))
    await had.approve()
    batch = await had.compute()
    assert (batch.total_fen, batch.claim_count) == (20_000, 1)


async def test_under_a_cap_a_deduction_is_netted_against_what_is_paid_and_overtakes_nobody(db: None) -> None:
    had = await paid()
    await had.grade()
    await had.another("2号", CaseItem.CIVIL)
    await had.another("3号", CaseItem.CIVIL)
    short = await had.compute(WORTH)
    assert (short.total_fen, short.claim_count) == (WORTH, 1)
    await settlement.cancel_batch(had.made.desk.clerk, short.id)
    whole = await had.compute(2 * WORTH)
    assert (whole.total_fen, whole.claim_count) == (WORTH, 3)


async def test_graded_while_a_batch_holds_it_the_batch_stays_and_the_difference_is_deducted_later(db: None) -> None:
    had = await approved()
    batch = await had.compute()
    await had.grade()
    assert await states() == [("base", "batched", WORTH), ("deduction", "accrued", -WORTH)]
    await payout.approve_batch(had.made.desk.approver, batch.id)
    await payout.pay_batch(had.made.desk.cashier, batch.id)
    assert await faults() == []


async def test_a_payment_with_a_deduction_that_the_bank_returns_is_booked_back_and_paid_again(db: None) -> None:
    had = await paid()
    await had.grade()
    await had.another("2号", CaseItem.CIVIL)
    await had.another("3号", CaseItem.DRAFTING)
    batch = await had.pay()
    slip = BankReturn(1, reason="账号与户名不符", returned_on=clock.today(), document="TH-1")
    assert await record_return(had.made.desk.cashier, batch.id, slip) == 20_000
    assert await faults() == []
    await name_account(had.person)
    again = await had.pay()
    assert (again.total_fen, again.claim_count) == (20_000, 3)
    assert await faults() == []


async def test_what_came_back_from_the_bank_is_reversed_as_what_waits(db: None) -> None:
    had = await approved()
    batch = await had.pay()
    slip = BankReturn(1, reason="账号与户名不符", returned_on=clock.today(), document="TH-1")
    await record_return(had.made.desk.cashier, batch.id, slip)
    await had.grade()
    assert await states() == [("base", "reversed", WORTH)]
    assert await faults() == []


async def test_raw_sql_claims_no_more_of_a_graded_case_than_it_is_worth_and_deducts_no_other_sum(db: None) -> None:
    had = await paid()
    await refused("case_worth_its_grade", "UPDATE closed_case SET graded_fen = 1")
    await had.grade()
    await refused("case_worth_its_grade", "UPDATE claim SET status = 'rejected' WHERE part = 'deduction'")
    await refused("claim_below_zero", "UPDATE claim SET amount_fen = 5 WHERE part = 'deduction'")
    await refused("claim_amount_frozen", "UPDATE claim SET amount_fen = -5 WHERE part = 'deduction'")
    async with refusal_by("case_worth_its_grade"):
        await database.execute(
            """INSERT INTO claim (programme_id, status, closed_case_id, part, person_id, item, service_day, place_id,
                                  budget_line_id, tariff_set_id, amount_fen, trace, accrued_at)
               SELECT programme_id, 'accrued', closed_case_id, 'quality', person_id, item, service_day, place_id,
                      budget_line_id, tariff_set_id, 1, trace, now() FROM claim WHERE part = 'base'"""
        )


async def test_raw_sql_puts_nothing_of_no_amount_into_a_payment(db: None) -> None:
    had = await approved()
    await had.compute()
    await refused("settlement_item_amount", "UPDATE settlement_item SET amount_fen = 0")
    left_out = """INSERT INTO settlement_left_out (batch_id, claim_id, reason, line_number, amount_fen)
                  SELECT batch_id, claim_id, 'disputed', 1, 0 FROM settlement_item"""
    await refused("settlement_left_out_amount", left_out)


async def test_a_deduction_is_not_rejected_but_may_be_disputed_and_waits_meanwhile(db: None) -> None:
    had = await paid()
    await had.grade()
    row = await database.fetch_one("SELECT id, reference FROM claim WHERE part = 'deduction'")
    assert row
    with pytest.raises(rules.WorthOfGrade):
        await claims.reject_claim(had.made.desk.claims, row["id"], "不扣")
    provider = await world.self_of(had.person)
    await raise_dispute(provider, row["reference"], "评定有误")
    other = await work.officer("second", Permission.CLAIM_APPROVE)
    await answer_dispute(other, row["reference"], DisputeEvent.DISMISS, "评定属实")
    await claims.approve_claims(had.made.desk.claims, [row["id"]])
    assert await faults() == []


async def test_what_the_grade_rejected_is_not_taken_up_again_beside_what_it_brought(db: None) -> None:
    made = await world.office()
    person = await world.licensed("P", "M1")
    reference = await service.record_case(made.recorder, world.civil(made, person))
    await accrual.accrue(clock.now())
    await service.grade_case(made.recorder, reference, Grade.UNQUALIFIED)
    base = await database.fetch_value("SELECT reference FROM claim WHERE part = 'base'")
    await raise_dispute(await world.self_of(person), base, "不服")
    other = await work.officer("second", Permission.CLAIM_APPROVE)
    with pytest.raises(rules.WorthOfGrade):
        await answer_dispute(other, base, DisputeEvent.UPHOLD, "同意")


async def test_the_provider_is_told_and_reads_why_on_every_page(db: None) -> None:
    had = await paid()
    await had.grade()
    provider = await world.self_of(had.person)
    told = await database.fetch_value("SELECT msgid FROM notification WHERE msgid LIKE '%从下一次付款里扣回%'")
    assert told
    deduction = await database.fetch_value("SELECT reference FROM claim WHERE part = 'deduction'")
    base = await database.fetch_value("SELECT reference FROM claim WHERE part = 'base'")
    async with client(provider) as http:
        assert (
            f'<a href="/claims/{deduction}">质量评定后扣回</a> -¥2,000.00' in (await http.get(f"/claims/{base}")).text
        )
        seen = (await http.get(f"/claims/{deduction}")).text
        mine = (await http.get("/my/claims")).text
        sums = (await http.get("/api/v1/my/claims")).json()
        case = (await http.get(f"/cases/{had.reference}")).text
    for words in ("质量评定后多付的部分，等待区县确认", "-¥2,000", "应扣回 ¥2,000.00", "减去结案时已申领的 ¥2,000.00"):
        assert words in seen
    assert "质量评定后多付的部分，等待区县确认" in mine
    assert "质量评定后扣回" in case
    assert "待扣回" in mine
    assert (sums["paid_fen"], sums["coming_fen"], sums["to_deduct_fen"]) == (WORTH, 0, WORTH)
    assert "质量评定，生成扣回" in seen
    assert "到账" not in seen
    async with client(had.made.desk.claims) as http:
        assert "-¥2,000" in (await http.get(f"/claims/approval?claims={deduction}")).text


async def test_what_was_graded_down_before_is_deducted_by_the_upgrade(db: None) -> None:
    had = await paid()
    before = "grade = 'unqualified', graded_by = recorded_by, graded_at = now(), graded_fen = 50000"
    await as_owner(f"UPDATE closed_case SET {before}")
    upgrade = DEDUCTIONS.read_text("utf-8").partition("-- What was graded down before")[2]
    await as_owner(f"-- {upgrade}")
    assert await states() == [("base", "paid", WORTH), ("deduction", "accrued", 50_000 - WORTH)]
    deduction = await database.fetch_value("SELECT reference FROM claim WHERE part = 'deduction'")
    async with client(await world.self_of(had.person)) as http:
        assert "应扣回 ¥1,500.00" in (await http.get(f"/claims/{deduction}")).text
    await had.approve()
    assert await faults() == []
