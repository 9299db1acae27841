"""An approval that is taken back because its payee turned out not to be paid: by another person, once, in the books."""

import pytest

from app.core import clock, database, vault
from app.core.access import Permission, Principal
from app.core.errors import NotFound, NotPermitted, SamePersonRefused, TransitionRefused
from procurement.claims import service as claims
from procurement.claims.disputes.rules import DisputeEvent
from procurement.claims.disputes.service import answer_dispute, raise_dispute
from procurement.claims.payees.queries import unfit
from procurement.claims.withdrawals import rules
from procurement.claims.withdrawals.service import take_back
from procurement.settlement import payout
from procurement.settlement import service as settlement
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import settled_work as money
from tests.procurement.settlement.books_hold import faults
from tests.procurement.settlement.returns.test_returns import name_account
from tests.refusals import refused

WHY = "四月起任公职，见任免文件"


async def official(shifts: int = 1) -> tuple[money.Money, Principal]:
    """Approve claims of two people of whom one becomes a public official; return a second officer as well."""
    had = await money.approved(2, shifts)
    await becomes_official(had)
    return had, await work.officer("second", Permission.CLAIM_APPROVE)


async def becomes_official(had: money.Money, now: bool = True) -> None:
    await database.execute("UPDATE person SET public_official = $2 WHERE id = $1", had.desk.payees[0], now)


async def own(had: money.Money) -> list[int]:
    rows = await database.fetch("SELECT id FROM claim WHERE person_id = $1 ORDER BY id", had.desk.payees[0])
    return [row["id"] for row in rows]


async def reserved() -> int:
    return int(await database.fetch_value("SELECT sum(reserved_fen)::bigint FROM budget_line"))


async def test_another_officer_takes_the_approval_back_and_books_budget_and_payee_know(db: None) -> None:
    had, second = await official(2)
    before = await reserved()
    assert await take_back(second, await own(had), WHY) == 2
    rows = await database.fetch("SELECT DISTINCT status, reason FROM claim WHERE person_id = $1", had.desk.payees[0])
    assert [(row["status"], row["reason"]) for row in rows] == [("rejected", WHY)]
    assert await reserved() == before - 50_000
    assert await faults() == []
    assert await unfit(second) == []
    told = await database.fetch_value(
        "SELECT count(*) FROM notification WHERE account_id = $1 AND msgid LIKE '%审核通过被撤回%'",
        had.payee.account_id,
    )
    assert told >= 2
    batch = await settlement.compute_batch(had.desk.clerk, work.DISTRICT, *money.PERIOD, "k")
    assert batch.claim_count == 2


async def test_neither_who_approved_nor_who_is_paid_nor_somebody_of_elsewhere_takes_it_back(db: None) -> None:
    had, second = await official()
    mine = await own(had)
    with pytest.raises(SamePersonRefused):
        await take_back(had.desk.claims, mine, WHY)
    payee = Principal(had.payee.account_id, kind="session", scopes=second.scopes)
    with pytest.raises(SamePersonRefused):
        await take_back(payee, mine, WHY)
    with pytest.raises(NotPermitted):
        await take_back(money.moved(second), mine, WHY)
    with pytest.raises(NotFound):
        await take_back(second, [], WHY)


async def test_who_is_paid_keeps_the_approval_and_a_batch_its_claims(db: None) -> None:
    had, second = await official()
    mine = await own(had)
    others = [one for one in await money.claim_ids() if one not in mine]
    with pytest.raises(rules.PayeeIsFit):
        await take_back(second, others, WHY)
    await becomes_official(had, now=False)
    await settlement.compute_batch(had.desk.clerk, work.DISTRICT, *money.PERIOD, "k")
    await becomes_official(had)
    with pytest.raises(TransitionRefused):
        await take_back(second, mine, WHY)


async def test_a_person_registered_twice_is_ended_the_same_way(db: None) -> None:
    had = await money.approved(2, 1)
    account = vault.digest("bank/6222")
    await database.execute("UPDATE person SET bank_account_digest = $2 WHERE id = ANY ($1)", had.desk.payees, account)
    second = await work.officer("second", Permission.CLAIM_APPROVE)
    assert await take_back(second, await own(had), "与另一登记是同一人") == 1
    assert await database.fetch_value("SELECT ground FROM approval_withdrawal") == "twin"
    assert await faults() == []


async def test_what_the_bank_returned_is_taken_back_too(db: None) -> None:
    had = await money.paid(1, 1)
    assert had.batch is not None
    slip = BankReturn(1, reason="账号与户名不符", returned_on=clock.today(), document="TH-1")
    await record_return(had.desk.cashier, had.batch.id, slip)
    await becomes_official(had)
    await take_back(await work.officer("second", Permission.CLAIM_APPROVE), await own(had), WHY)
    assert await faults() == []


async def test_an_objection_that_is_upheld_brings_it_back_to_be_approved_and_paid_anew(db: None) -> None:
    had, second = await official()
    (one,) = await own(had)
    await take_back(second, [one], WHY)
    await raise_dispute(had.payee, had.reference, "已于上月辞去公职")
    with pytest.raises(SamePersonRefused):
        await answer_dispute(second, had.reference, DisputeEvent.UPHOLD, "同意")
    third = await work.officer("third", Permission.CLAIM_APPROVE)
    await answer_dispute(third, had.reference, DisputeEvent.UPHOLD, "属实")
    await becomes_official(had, now=False)
    await claims.approve_claims(second, [one])
    assert await faults() == []
    await becomes_official(had)
    await take_back(had.desk.claims, [one], "又任公职")
    assert await faults() == []
    await raise_dispute(had.payee, had.reference, "查错人了")
    await answer_dispute(third, had.reference, DisputeEvent.UPHOLD, "属实")
    await becomes_official(had, now=False)
    await claims.approve_claims(second, [one])
    await name_account(had.desk.payees[0])
    batch = await settlement.compute_batch(had.desk.clerk, work.DISTRICT, *money.PERIOD, "k")
    await payout.approve_batch(had.desk.approver, batch.id)
    await payout.pay_batch(had.desk.cashier, batch.id)
    assert batch.claim_count == 2
    assert await faults() == []


async def test_raw_sql_takes_no_approval_back_alone_unfounded_or_without_its_books(db: None) -> None:
    had, second = await official()
    (one,) = await own(had)
    other = next(claim for claim in await money.claim_ids() if claim != one)
    insert = """INSERT INTO approval_withdrawal (claim_id, approved_by, ground, reason_zh, withdrawn_by, withdrawn_at)
                VALUES ($1, $2, 'official', 'R', $3, now())"""
    approver = had.desk.claims.actor
    await refused("claim_approval_withdrawn", "UPDATE claim SET status = 'rejected' WHERE id = $1", one)
    await refused("approval_withdrawal_by_another", insert, one, approver, approver)
    await refused("approval_withdrawal_of_approved", insert, one, second.actor, approver)
    await refused("approval_withdrawal_of_unfit", insert, other, approver, second.actor)
    await refused("approval_withdrawal_booked", insert, one, approver, second.actor)
    rejected = f"""WITH taken AS ({insert} RETURNING claim_id)
                   UPDATE claim SET status = 'rejected' FROM taken WHERE id = claim_id"""
    await refused("approval_withdrawal_booked", rejected, one, approver, second.actor)
    await take_back(second, [one], WHY)
    await refused("append_only", "UPDATE approval_withdrawal SET reason_zh = '改口'")
    await refused("approval_withdrawal_of_approved", insert, one, approver, second.actor)


async def test_the_page_where_the_claim_is_left_out_takes_it_back(db: None) -> None:
    had, second = await official()
    (one,) = had.own
    person = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", had.desk.payees[0])
    async with client(had.desk.claims) as http:
        assert "由你通过，须由另一个人撤回" in (await http.get("/claims/payees")).text
        asked = await http.post(f"/claims/payees/{person}/withdrawal", data={"claims": one, "reason": WHY})
        assert "撤回审核由通过这件申领的人以外的另一个人办理" in asked.text
        assert WHY in asked.text
    async with client(second) as http:
        seen = (await http.get("/claims/payees")).text
        assert f'name="claims" value="{one}" checked' in seen
        none = await http.post(f"/claims/payees/{person}/withdrawal", data={"reason": WHY})
        assert none.status_code == 422
        done = await http.post(f"/claims/payees/{person}/withdrawal", data={"claims": one, "reason": WHY})
        assert (done.status_code, done.headers["location"]) == (303, "/claims/payees")
        page = (await http.get(f"/claims/{one}")).text
        assert "撤回审核通过" in page
    async with client(had.payee) as http:
        assert WHY in (await http.get(f"/claims/{one}")).text


async def test_programs_list_who_is_left_out_with_their_claims_and_take_approvals_back(db: None) -> None:
    had, second = await official()
    async with client(second) as http:
        (left,) = (await http.get("/api/v1/claims/payees")).json()
        assert left["references"] == had.own
        asked = {"references": left["references"], "reason": WHY}
        assert (await http.post("/api/v1/claims/payees/withdrawals", json=asked)).status_code == 204
        assert (await http.get("/api/v1/claims/payees")).json() == []
