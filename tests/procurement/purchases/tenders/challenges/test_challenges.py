"""A challenge through the service: recorded in its turn, told to both sides, holding what it must and no more."""

from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Permission
from app.core.errors import TransitionRefused
from procurement.blocks import Blocked
from procurement.contracts.terminations import queries as terminations
from procurement.contracts.terminations import service as ending
from procurement.contracts.terminations.rules import Ground as Reason
from procurement.contracts.terminations.rules import Proposal
from procurement.purchases.challenges import PurchaseChallenged
from procurement.purchases.tenders import service
from procurement.purchases.tenders.awards.queries import waiting_awards
from procurement.purchases.tenders.challenges.facts import Decision, Outcome, Remedy, Subject
from procurement.purchases.tenders.challenges.jobs import remind_of_challenges
from procurement.purchases.tenders.challenges.queries import waiting_challenges
from procurement.purchases.tenders.challenges.rules import TRANSITIONS, ChallengeStatus
from procurement.purchases.tenders.challenges.service import NoSuchChallenge
from procurement.purchases.tenders.facts import Step, TerminationFacts
from procurement.purchases.tenders.service import ContractEndsItself
from tests.procurement import buying
from tests.procurement.purchases.tenders.challenged import Challenged, published
from tests.procurement.purchases.tenders.stage import K, changed, ground
from tests.procurement.purchases.test_purchases import bound, status_of

OVERTURNED, ANOTHER = Decision.OVERTURNED, Remedy.ANOTHER


async def messages(msgid: str) -> int:
    return int(await database.fetch_value("SELECT count(*) FROM notification WHERE msgid LIKE '%' || $1 || '%'", msgid))


async def titles(made: Challenged) -> list[str]:
    return [str(row.title) for row in await waiting_challenges(made.here.who.officer)]


async def test_a_challenge_goes_through_finance_and_the_purchase_on_after_the_decision(db: None) -> None:
    made = await published()
    await made.challenge()
    assert (await made.stands(), await made.held()) == ([("raised", True)], True)
    assert "的质疑等你答复" in (await titles(made))[0]
    await made.answer()
    assert (await made.stands(), await made.held()) == ([("answered", False)], False)
    assert await titles(made) == []
    await made.complain()
    assert (await made.stands(), await made.held()) == ([("complained", False)], False)
    assert "的投诉等财政部门处理" in (await titles(made))[0]
    await made.suspend()
    assert (await made.stands(), await made.held()) == ([("suspended", True)], True)
    with pytest.raises(PurchaseChallenged):
        await made.offered()
    await made.decide()
    assert (await made.stands(), await made.held()) == ([("dismissed", False)], False)
    await made.signed()
    assert await status_of(made.id) == "contract_published"
    # Officer and approver are told when it is held and when it goes on, twice each.
    assert (await messages("暂停签约"), await messages("恢复签约")) == (4, 4)
    audited = await database.fetch(
        "SELECT action FROM audit_event WHERE action LIKE 'purchase_step.%' ORDER BY id DESC LIMIT 5"
    )
    assert [row["action"].split(".")[1] for row in audited][::-1] == [
        "challenge", "settle_challenge", "complain", "suspend", "decide_complaint",
    ]  # fmt: skip


async def test_an_unanswered_challenge_is_taken_to_finance_and_goes_on_holding(db: None) -> None:
    made = await published(days_ago=80)
    await made.challenge(58)
    with pytest.raises(Blocked, match="答复期还没有满"):
        await made.complain(60)
    await made.complain()
    assert (await made.stands(), await made.held()) == ([("complained", True)], True)
    await made.suspend()
    await made.resume()
    assert (await made.stands(), await made.held()) == ([("resumed", False)], False)
    await made.decide(what=Decision.UPHELD_NO_EFFECT)
    assert await made.stands() == [("without_effect", False)]


async def test_a_suspension_ends_by_itself_and_both_sides_are_told_once(db: None) -> None:
    made = await published(days_ago=100)
    await made.challenge(58)
    await made.answer(62)
    await made.complain(66)
    await made.suspend(68, days=30)  # until two days ago
    assert (await made.stands(), await made.held()) == ([("suspended", True)], False)
    await made.signed()
    assert await remind_of_challenges(clock.now()) | {"buyers": 0} == {"buyers": 0, "ended": 3}
    assert await remind_of_challenges(clock.now()) == {"buyers": 0, "ended": 0}
    assert await messages("的暂停期已满") == 3
    await made.decide()
    assert await made.stands() == [("dismissed", False)]


async def test_a_suspension_holds_through_its_last_day(db: None) -> None:
    made = await published(days_ago=100)
    await made.challenge(58)
    await made.complain(78)
    await made.suspend(80, days=20)
    assert await made.held()
    with pytest.raises(PurchaseChallenged):
        await made.offered()
    assert (await remind_of_challenges(clock.now()))["ended"] == 0
    assert await messages("期满自行恢复") == 2


async def test_each_step_is_about_an_open_challenge_and_in_its_turn(db: None) -> None:
    made = await published()
    with pytest.raises(NoSuchChallenge):
        await made.answer()
    await made.challenge()
    for step in (made.suspend, made.resume, made.decide):
        with pytest.raises(TransitionRefused):
            await step()
    await made.answer()
    with pytest.raises(TransitionRefused):
        await made.answer()
    with pytest.raises(NoSuchChallenge):
        await made.answer(number=2)
    await made.challenge(could_change_result=False)
    assert await made.stands() == [("answered", False), ("raised", False)]
    await made.answer(number=2, outcome=Outcome.WITHDRAWN)
    assert await made.stands() == [("answered", False), ("withdrawn", False)]


async def test_two_challenges_hold_until_the_last_of_them_lets_go(db: None) -> None:
    made = await published()
    await made.challenge()
    await made.challenge()
    await made.answer(number=1)
    assert (await made.stands(), await made.held()) == ([("answered", False), ("raised", True)], True)
    await made.answer(number=2, outcome=Outcome.UPHELD_NO_EFFECT)
    assert not await made.held()


async def test_a_result_that_fell_is_decided_anew_for_another_supplier(db: None) -> None:
    organization = await buying.organization()
    product = await buying.product(organization)
    other = await database.fetch_one(
        "SELECT o.uscc, p.reference FROM product p JOIN organization o ON o.id = p.organization_id WHERE p.id = $1",
        product,
    )
    assert other is not None
    made = await published(second=other["uscc"])
    here = made.here
    with pytest.raises(Blocked, match="只有质疑或投诉成立"):
        await made.reopen()
    await made.challenge()
    await made.answer(outcome=Outcome.UPHELD)
    assert (await made.stands(), await made.held()) == ([("upheld", True)], True)
    assert "的结果不能成立" in (await titles(made))[0]
    await made.reopen()
    assert (await made.stands(), await made.held()) == ([("remedied", False)], False)
    assert (await status_of(made.id), await bound(made.id)) == ("evaluated", (55_000_000, 0, 0))
    award = Step(K.AWARD, clock.now(), here.steps[K.AWARD].facts)
    with pytest.raises(Blocked, match="已经因质疑或投诉不能成立"):
        await service.record_step(here.who.approver, made.id, award)
    second = changed(award, rank=2, product=other["reference"], unit_price_fen=58_000)
    await service.record_step(here.who.approver, made.id, second)
    assert (await status_of(made.id), await bound(made.id)) == ("awarded", (58_000_000, 0, 0))
    again = Step(
        K.PUBLISH_RESULT,
        clock.now(),
        here.steps[K.PUBLISH_RESULT].facts,
        "2",
        "https://zfcg.czt.zj.gov.cn/9",
        b"2" * 32,
    )
    await service.record_step(here.who.officer, made.id, again)
    assert await status_of(made.id) == "result_published"
    assert await database.fetch_value("SELECT organization_id FROM purchase WHERE id = $1", made.id) == organization
    assert await waiting_awards(here.who.approver) == []


async def test_a_result_that_fell_before_the_signature_ends_the_procedure(db: None) -> None:
    made = await published()
    await made.challenge()
    await made.answer(outcome=Outcome.UPHELD)
    end = Step(K.TERMINATE, clock.now(), TerminationFacts("质疑成立，重新开展采购"))
    await service.record_step(made.here.who.officer, made.id, end)
    assert (await status_of(made.id), await made.stands()) == ("terminated", [("remedied", False)])
    assert await bound(made.id) == (0, 0, 0)


async def test_finance_revokes_a_contract_and_the_buyer_carries_it_out(db: None) -> None:
    made = await published()
    contract = await made.signed()
    officer, provider = made.here.who.officer, made.here.who.provider
    proposal = Proposal(Reason.REVOKED, "财政部门撤销合同")
    with pytest.raises(ending.NotRevoked):
        await ending.propose_termination(officer, contract, proposal)
    await made.challenge()
    await made.answer()
    await made.complain()
    await made.decide(what=OVERTURNED, remedy=Remedy.REVOKE)
    assert (await made.stands(), await made.held()) == ([("overturned", True)], True)
    assert await terminations.is_revoked(contract)
    end = Step(K.TERMINATE, clock.now(), TerminationFacts("撤销合同"))
    with pytest.raises(ContractEndsItself):
        await service.record_step(officer, made.id, end)
    with pytest.raises(ending.NotRevoked):
        await ending.propose_termination(provider, contract, proposal)
    row = await ending.propose_termination(officer, contract, proposal)
    await ending.decide(made.here.who.approver, row)
    assert (await status_of(made.id), await made.held()) == ("terminated", False)
    assert await titles(made) == []


async def test_a_performed_contract_that_should_not_have_been_is_compensated_and_not_held(db: None) -> None:
    made = await published()
    contract = await made.signed()
    await made.challenge()
    await made.answer()
    await made.complain()
    await made.decide(what=OVERTURNED, remedy=Remedy.COMPENSATE)
    assert (await made.stands(), await made.held()) == ([("overturned", False)], False)
    with pytest.raises(ending.NotRevoked):
        await ending.propose_termination(made.here.who.officer, contract, Proposal(Reason.REVOKED, "财政部门撤销合同"))


async def test_a_challenge_of_the_documents_comes_before_any_result_and_stops_no_step(db: None) -> None:
    here = await ground(days_ago=60)
    await here.record_until(K.NOTICE)
    made = Challenged(here, clock.today() - timedelta(days=60))
    await made.challenge(33, about=Subject.DOCUMENTS)
    await here.record(K.SEAL, K.OPEN)
    await made.answer(52)
    await here.record(K.EVALUATE)
    assert (await status_of(made.id), await made.stands()) == ("evaluated", [("answered", False)])


async def test_the_database_moves_a_challenge_as_the_table_says(db: None) -> None:
    rows = await database.fetch(
        """SELECT a.s AS start, b.s AS finish FROM unnest($1::text[]) AS a (s), unnest($1::text[]) AS b (s)
           WHERE challenge_may_go(a.s, b.s)""",
        [status.value for status in ChallengeStatus],
    )
    steps = {(start.value, end.value) for (start, _), end in TRANSITIONS.items()}
    assert {(row["start"], row["finish"]) for row in rows} == steps


async def test_the_officer_is_reminded_before_the_last_day_and_warned_after_it_once(db: None) -> None:
    made = await published(days_ago=75)
    await made.challenge(60)  # fifteen days ago: seven working days are over, whatever the holidays
    assert (await remind_of_challenges(clock.now()))["buyers"] == 2
    assert (await remind_of_challenges(clock.now()))["buyers"] == 0
    assert await messages("已过答复期限") == 2
    [row] = await waiting_challenges(made.here.who.officer)
    assert row.due is not None
    assert row.due < clock.now()
    await made.answer()
    assert await waiting_challenges(made.here.who.officer) == []
    assert Permission.PURCHASE_REQUEST not in made.here.who.provider.scopes
    assert await waiting_challenges(made.here.who.provider) == []
