"""A deduction that is given back in cash: recorded by one, confirmed by another, booked once, and in no batch again."""

import asyncio
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import InvalidInput, NotFound, SamePersonRefused
from procurement.claims.cases.rules import CaseItem
from procurement.claims.cases.service import record_case
from procurement.settlement import payout
from procurement.settlement import service as settlement
from procurement.settlement.ageing.queries import owed
from procurement.settlement.repayments import queries, rules
from procurement.settlement.repayments.rules import Received
from procurement.settlement.repayments.service import confirm_repayment, record_repayment, refuse_repayment
from procurement.settlement.repayments.waiting import to_confirm
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import closed_cases as world
from tests.procurement.claims.test_grading_down import WORTH, Lowered, line, paid
from tests.procurement.settlement.books_hold import faults
from tests.procurement.settlement.returns.test_returns_without_room import deducted, give_back, used_up
from tests.refusals import refused


def received(fen: int = WORTH, document: str = "LS-42") -> Received:
    return Received(fen, clock.today(), document)


async def owing() -> tuple[Lowered, str]:
    """Pay a case, grade it down and confirm the deduction; return its reference."""
    had = await paid()
    await had.grade()
    await had.approve()
    return had, await database.fetch_value("SELECT reference FROM claim WHERE part = 'deduction'")


async def status() -> str:
    return str(await database.fetch_value("SELECT status FROM claim WHERE part = 'deduction'"))


async def owed_by_payee(person: int) -> int:
    return int(
        await database.fetch_value(
            """SELECT coalesce(sum(p.amount_fen), 0)::bigint FROM ledger_account a
               JOIN ledger_posting p ON p.account_id = a.id WHERE a.person_id = $1""",
            person,
        )
    )


async def test_what_is_given_back_settles_the_deduction_in_books_and_budget(db: None) -> None:
    had, reference = await owing()
    assert await owed_by_payee(had.person) == WORTH
    await record_repayment(had.made.desk.cashier, reference, received())
    assert await status() == "approved"
    assert await confirm_repayment(had.made.desk.approver, reference) == WORTH
    assert await status() == "paid"
    assert await owed_by_payee(had.person) == 0
    assert await line() == (0, 0)
    assert await faults() == []
    await had.another("2号", CaseItem.CIVIL)
    batch = await had.pay()
    assert (batch.total_fen, batch.claim_count) == (WORTH, 1)
    assert await faults() == []


async def test_from_its_record_on_no_batch_takes_it_and_a_refusal_gives_it_back_to_the_batches(db: None) -> None:
    had, reference = await owing()
    await had.another("2号", CaseItem.CIVIL)
    await had.another("3号", CaseItem.DRAFTING)
    await record_repayment(had.made.desk.cashier, reference, received())
    without = await had.compute()
    assert without.claim_count == 2
    left = await database.fetch_value("SELECT reason FROM settlement_left_out")
    assert left == "repaid"
    await refuse_repayment(had.made.desk.approver, reference, "流水里没有这笔")
    told = await database.fetch_value(
        "SELECT account_id FROM notification WHERE msgid LIKE '%现金退回%没有确认%' LIMIT 1"
    )
    assert told == had.made.desk.cashier.account_id
    await settlement.cancel_batch(had.made.desk.clerk, without.id)
    assert (await had.compute()).claim_count == 3
    with pytest.raises(rules.NotOpen):
        await record_repayment(had.made.desk.cashier, reference, received(document="LS-43"))


async def test_the_whole_sum_once_with_its_line_and_not_of_tomorrow(db: None) -> None:
    had, reference = await owing()
    cashier = had.made.desk.cashier
    with pytest.raises(rules.NotWhole):
        await record_repayment(cashier, reference, received(WORTH - 1))
    with pytest.raises(InvalidInput) as wrong:
        await record_repayment(cashier, reference, Received(0, clock.today() + timedelta(days=1), " "))
    assert set(wrong.value.fields) == {"amount", "received_on", "document"}
    await record_repayment(cashier, reference, received())
    with pytest.raises(rules.AlreadyRecorded):
        await record_repayment(cashier, reference, received(document="LS-43"))
    with pytest.raises(NotFound):
        await confirm_repayment(had.made.desk.approver, "BT-2026-999999")
    await confirm_repayment(had.made.desk.approver, reference)
    with pytest.raises(NotFound):
        await confirm_repayment(had.made.desk.approver, reference)
    with pytest.raises(rules.NotOpen):
        await record_repayment(cashier, reference, received(document="LS-43"))


async def test_one_line_of_the_statement_settles_one_deduction(db: None) -> None:
    had, first = await owing()
    other = await world.licensed("Q", "M2")
    second = Lowered(had.made, other, "")
    second.reference = await _case_of(had, other)
    await had.approve()
    await had.pay()
    await second.grade()
    await had.approve()
    references = [row.reference for row in await queries.open_deductions(had.made.desk.cashier)]
    assert len(references) == 2
    assert first in references
    await record_repayment(had.made.desk.cashier, references[0], received())
    with pytest.raises(rules.DocumentUsed):
        await record_repayment(had.made.desk.cashier, references[1], received())
    await record_repayment(had.made.desk.cashier, references[1], received(document="LS-43"))


async def _case_of(had: Lowered, person: int) -> str:
    return await record_case(had.made.recorder, world.civil(had.made, person, matter="9号"))


async def test_neither_who_recorded_it_nor_the_payee_confirms(db: None) -> None:
    had, reference = await owing()
    both = await work.officer("both", Permission.SETTLEMENT_PAY, Permission.SETTLEMENT_APPROVE)
    await record_repayment(both, reference, received())
    with pytest.raises(SamePersonRefused):
        await confirm_repayment(both, reference)
    payee = await world.self_of(had.person)
    with pytest.raises(SamePersonRefused):
        await confirm_repayment(Principal(payee.account_id, kind="session", scopes=both.scopes), reference)
    await refuse_repayment(had.made.desk.approver, reference, "换人登记")
    with pytest.raises(SamePersonRefused):
        await record_repayment(Principal(payee.account_id, kind="session", scopes=both.scopes), reference, received())


async def test_a_deduction_whose_budget_stayed_given_back_brings_it_no_second_time(db: None) -> None:
    had, batch = await deducted()
    await used_up(had)
    await give_back(had, batch)
    before = await line()
    reference = await database.fetch_value("SELECT reference FROM claim WHERE part = 'deduction'")
    await record_repayment(had.made.desk.cashier, reference, received())
    await confirm_repayment(had.made.desk.approver, reference)
    assert await line() == before
    assert await faults() == []


async def test_a_deduction_that_the_bank_returned_is_given_back_as_any(db: None) -> None:
    had, batch = await deducted()
    slip = BankReturn(1, reason="账号与户名不符", returned_on=clock.today(), document="TH-1")
    await record_return(had.made.desk.cashier, batch, slip)
    reference = await database.fetch_value("SELECT reference FROM claim WHERE part = 'deduction'")
    await record_repayment(had.made.desk.cashier, reference, received())
    await confirm_repayment(had.made.desk.approver, reference)
    assert await faults() == []


async def test_raw_sql_settles_no_deduction_without_the_money_and_takes_none_twice(db: None) -> None:
    had, reference = await owing()
    claim = await database.fetch_value("SELECT id FROM claim WHERE reference = $1", reference)
    base = await database.fetch_value("SELECT id FROM claim WHERE part = 'base'")
    cashier, approver = had.made.desk.cashier.actor, had.made.desk.approver.actor
    insert = """INSERT INTO deduction_repayment (claim_id, amount_fen, received_on, document, status, recorded_by,
                                                 recorded_at)
                VALUES ($1, $2, hangzhou_day(now()) + $3::integer, 'LS-1', 'recorded', $4, now())"""
    await refused("claim_paid_by_repayment", "UPDATE claim SET status = 'paid' WHERE id = $1", claim)
    await refused("deduction_repayment_of_open", insert, base, WORTH, 0, cashier)
    await refused("deduction_repayment_whole", insert, claim, WORTH - 1, 0, cashier)
    await refused("deduction_repayment_received", insert, claim, WORTH, 1, cashier)
    await refused("deduction_repayment_second_person", insert, claim, WORTH, 0, await _account_of(had.person))
    await record_repayment(had.made.desk.cashier, reference, received())
    await refused("deduction_repayment_once", insert, claim, WORTH, 0, cashier)
    await refused("claim_repaid", "UPDATE claim SET status = 'batched' WHERE id = $1", claim)
    decided = "UPDATE deduction_repayment SET status = 'confirmed', decided_at = now(), decided_by = $1"
    await refused("deduction_repayment_second_person", decided, cashier)
    await refused("deduction_repayment_second_person", decided, await _account_of(had.person))
    await refused("deduction_repayment_booked", decided, approver)
    await refused("deduction_repayment_decided", "UPDATE deduction_repayment SET status = 'confirmed'")
    refusal = "UPDATE deduction_repayment SET status = 'refused', decided_at = now(), decided_by = $1"
    await refused("deduction_repayment_reasoned", refusal, approver)
    await refused("deduction_repayment_frozen", "UPDATE deduction_repayment SET amount_fen = 1")
    await confirm_repayment(had.made.desk.approver, reference)
    await refused("deduction_repayment_frozen", "UPDATE deduction_repayment SET reason = '改口'")


async def _account_of(person: int) -> int:
    return int(await database.fetch_value("SELECT account_id FROM person WHERE id = $1", person))


async def test_two_confirmations_at_once_book_once(db: None) -> None:
    had, reference = await owing()
    await record_repayment(had.made.desk.cashier, reference, received())
    done = await asyncio.gather(
        *(confirm_repayment(had.made.desk.approver, reference) for _ in range(3)), return_exceptions=True
    )
    assert sum(one == WORTH for one in done) == 1
    assert await faults() == []


async def test_a_batch_is_approved_and_paid_beside_a_repayment(db: None) -> None:
    had, reference = await owing()
    await had.another("2号", CaseItem.CIVIL)
    batch = await had.compute()
    await record_repayment(had.made.desk.cashier, reference, received())
    await payout.approve_batch(had.made.desk.approver, batch.id)
    await confirm_repayment(had.made.desk.approver, reference)
    await payout.pay_batch(had.made.desk.cashier, batch.id)
    assert await faults() == []


async def test_ageing_workbench_claim_and_statement_say_how_it_stands(db: None) -> None:
    had, reference = await owing()
    desk, payee = had.made.desk, await world.self_of(had.person)
    (row,) = await owed(desk.cashier)
    assert (row.fen, row.to_deduct_fen) == (-WORTH, WORTH)
    async with client(desk.cashier) as http:
        assert "看待扣回" in (await http.get("/settlement/ageing")).text
        asked = (await http.get(f"/settlement/deductions/{reference}")).text
        assert 'value="2000.00"' in asked or 'value="2,000.00"' in asked
        said = {"amount": "1999", "received_on": clock.today().isoformat(), "document": "LS-42"}
        wrong = await http.post(f"/settlement/deductions/{reference}", data=said)
        assert "现金退回要等于应扣回的全部金额" in wrong.text
        done = await http.post(f"/settlement/deductions/{reference}", data={**said, "amount": "2000"})
        assert done.status_code == 303
        assert "由登记人和收款人以外的另一个人确认" in (await http.get(f"/settlement/deductions/{reference}")).text
    (waits,) = await to_confirm(desk.approver)
    assert waits.action is not None
    assert waits.action.path == "/settlement/deductions"
    async with client(payee) as http:
        assert "本人已退回现金，等第二人确认到账" in (await http.get(f"/claims/{reference}")).text
    async with client(desk.approver) as http:
        assert reference in (await http.get("/settlement/deductions")).text
        refused_without_words = await http.post(f"/settlement/deductions/{reference}/refusal", data={"reason": ""})
        assert refused_without_words.status_code == 422
        assert (await http.post(f"/settlement/deductions/{reference}/confirmation")).status_code == 303
    assert await to_confirm(desk.approver) == []
    async with client(payee) as http:
        assert "本人已退回现金，结清" in (await http.get(f"/claims/{reference}")).text
        public = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", had.person)
        seen = (await http.get(f"/my/statements/{public}")).text
        assert "退回的现金" in seen
        assert "LS-42" in seen
        assert (await http.get(f"/my/statements/{public}/pdf")).status_code == 200
        assert (await http.get(f"/api/v1/payees/{public}/statement")).json()["given_back_fen"] == WORTH


async def test_programs_list_record_confirm_and_refuse(db: None) -> None:
    had, reference = await owing()
    desk, path = had.made.desk, f"/api/v1/settlement-deductions/{reference}/repayment"
    body = {"amount_fen": WORTH, "received_on": clock.today().isoformat(), "document": "LS-42"}
    async with client(desk.cashier) as http:
        (one,) = (await http.get("/api/v1/settlement-deductions")).json()
        assert (one["reference"], one["owed_fen"], one["repayment"]) == (reference, WORTH, "")
        assert (await http.post(path, json=body)).status_code == 204
        assert (await http.post(f"{path}/confirmation")).status_code == 403
    async with client(desk.approver) as http:
        assert (await http.post(f"{path}/refusal", json={"reason": "没有"})).status_code == 204
    async with client(desk.cashier) as http:
        (one,) = (await http.get("/api/v1/settlement-deductions")).json()
        assert one["repayment"] == "refused"
        assert (await http.post(path, json=body)).status_code == 204
    async with client(desk.approver) as http:
        assert (await http.post(f"{path}/confirmation")).status_code == 204
        assert (await http.get("/api/v1/settlement-deductions")).json() == []
