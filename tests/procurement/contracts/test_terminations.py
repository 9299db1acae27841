"""An early end: reasoned, noticed, decided by another; what was delivered is paid, the rest is freed once."""

import asyncio
import itertools
from datetime import date, timedelta

import pytest

from app.core import clock, database
from app.core.access import Role, system_principal
from app.core.errors import InvalidInput, NotPermitted, SamePersonRefused, TransitionRefused
from procurement.blocks import Blocked, Source
from procurement.claims.accrual import accrue
from procurement.contracts.amendments import service as amendments
from procurement.contracts.amendments.rules import Change
from procurement.contracts.terminations import rules, service
from procurement.contracts.terminations.rules import Fault, Ground, Proposal, Side, TerminationEvent, TerminationStatus
from procurement.deliveries import service as orders
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.rules import Finding
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import Ground as Place
from tests.procurement.deliveries.test_orders import counters, ground, status_of
from tests.procurement.purchases.test_purchases import bound
from tests.refusals import refused

GOOD = Finding(True, 40, 5, "讲得清楚")
TODAY = date(2026, 11, 28)
CURE = Source("中华人民共和国民法典", "第563条", verified=False)
BY_AGREEMENT = Proposal(Ground.AGREEMENT, "服务计划取消")
FOR_THE_PUBLIC = Proposal(Ground.PUBLIC_INTEREST, "场所存在安全隐患", at_fault=Fault.BUYER, compensation_fen=100_000)
ENDS = {"decide": "in_force", "refuse": "refused", "withdraw": "withdrawn"}
ANSWERS = {"agree": "agreed", "decline": "declined", "withdraw": "withdrawn"}
CURED = {"cure": "cured"}
STEPS = {
    (*start, event): end
    for start, ways in {
        ("buyer", "agreement", "proposed"): ANSWERS,
        ("buyer", "agreement", "agreed"): ENDS,
        ("buyer", "public_interest", "proposed"): ENDS,
        ("buyer", "breach", "proposed"): ENDS | CURED,
        ("buyer", "revoked", "proposed"): ENDS,
        ("provider", "agreement", "proposed"): ANSWERS,
        ("provider", "agreement", "agreed"): ENDS,
        ("provider", "public_interest", "proposed"): ANSWERS,
        ("provider", "public_interest", "agreed"): ENDS,
        ("provider", "breach", "proposed"): ANSWERS | CURED,
        ("provider", "breach", "agreed"): ENDS | CURED,
    }.items()
    for event, end in ways.items()
}


def breach(days: int = 10) -> Proposal:
    return Proposal(Ground.BREACH, "三次无故拒绝接单", clock.today() + timedelta(days=days), Fault.PROVIDER)


@pytest.mark.parametrize(("side", "ground_"), list(itertools.product(Side, Ground)))
def test_a_termination_moves_only_as_the_table_of_its_side_and_ground_says(side: Side, ground_: Ground) -> None:
    for status, event in itertools.product(TerminationStatus, TerminationEvent):
        if (key := (side, ground_, status, event)) in STEPS:
            assert rules.after(*key) == STEPS[key]
        else:
            with pytest.raises(TransitionRefused):
                rules.after(*key)


@pytest.mark.parametrize(
    ("proposal", "fields"),
    [
        (BY_AGREEMENT, []),
        (Proposal(Ground.AGREEMENT, " "), ["reason_zh"]),
        (Proposal(Ground.BREACH, "违约", None, Fault.PROVIDER), ["cure_by"]),
        (Proposal(Ground.BREACH, "违约", TODAY, Fault.PROVIDER), ["cure_by"]),
        (Proposal(Ground.BREACH, "违约", TODAY + timedelta(days=1)), ["at_fault"]),
        (Proposal(Ground.AGREEMENT, "协商", TODAY + timedelta(days=1)), ["cure_by"]),
        (Proposal(Ground.PUBLIC_INTEREST, "公益", compensation_fen=1), ["compensation_fen"]),
    ],
)
def test_a_proposal_says_what_its_ground_asks_for(proposal: Proposal, fields: list[str]) -> None:
    assert list(rules.proposal_faults(proposal, Side.BUYER, TODAY)) == fields


def test_a_provider_gives_notice_of_the_buyers_breach_and_not_of_its_own() -> None:
    late = Proposal(Ground.BREACH, "逾期九十日没有付款", TODAY + timedelta(days=9), Fault.BUYER)
    assert not rules.proposal_faults(late, Side.PROVIDER, TODAY)
    own = Proposal(Ground.BREACH, "我方派不出人", TODAY + timedelta(days=9), Fault.PROVIDER)
    assert list(rules.proposal_faults(own, Side.PROVIDER, TODAY)) == ["at_fault"]


def test_a_breach_ends_the_contract_only_after_the_time_to_cure_it() -> None:
    last = TODAY
    [block] = rules.decision_blocks(Ground.BREACH, last, CURE, TODAY)
    assert (block.code, str(block.source), block.value) == (
        "cure_period_running",
        "中华人民共和国民法典 第563条 †",
        "2026-11-28",
    )
    assert not list(rules.decision_blocks(Ground.BREACH, last, CURE, TODAY + timedelta(days=1)))
    assert not list(rules.decision_blocks(Ground.PUBLIC_INTEREST, None, CURE, TODAY))


async def purchase_of(contract_id: int) -> int:
    return int(await database.fetch_value("SELECT purchase_id FROM contract WHERE id = $1", contract_id))


async def money(contract_id: int) -> tuple[int, int, int]:
    return await bound(await purchase_of(contract_id))


async def ended(here: Place) -> int:
    """Have a contract ended for the public interest."""
    row = await service.propose_termination(here.who.officer, here.contract, FOR_THE_PUBLIC)
    await service.decide(here.who.approver, row)
    return row


async def test_orders_not_yet_arranged_are_cancelled_and_what_was_delivered_is_paid(db: None) -> None:
    here = await ground(villages=3, units=2, quantity=10)
    [delivered] = await buying.delivered_orders(here.contract, here.codes[:1])
    waiting = await buying.placed_order(here.contract, here.codes[1])
    scheduled = await buying.placed_order(here.contract, here.codes[2])
    await orders.answer_orders(here.who.provider, [orders.OrderAnswer(scheduled, take=True)])
    await ended(here)
    states = [await status_of(order) for order in (delivered, waiting, scheduled)]
    assert states == ["delivered", "cancelled", "scheduled"]
    assert await counters(here.contract, here.codes[1]) == (2, 0)
    assert await database.fetch_value("SELECT status FROM purchase") == "terminated"
    assert await money(here.contract) == (0, 600_000, 0)
    assert await service.settle_terminations(system_principal(), clock.now()) == {"settled": 0}
    await buying.attended([scheduled])
    await orders_delivered()
    await buying.proven([scheduled])
    await accept_deliveries(here.who.acceptor, [Verdict(delivered, GOOD), Verdict(scheduled, GOOD)])
    await accrue(clock.now())
    assert await database.fetch_value("SELECT count(*) FROM claim WHERE amount_fen = 60000") == 2
    assert await service.settle_terminations(system_principal(), clock.now()) == {"settled": 1}
    assert await money(here.contract) == (0, 120_000, 0)
    assert await database.fetch_value("SELECT released_fen FROM contract_termination") == 480_000
    assert await service.settle_terminations(system_principal(), clock.now()) == {"settled": 0}


async def orders_delivered() -> None:
    from procurement.deliveries.scheduling.service import note_deliveries

    await note_deliveries(clock.now())


async def test_with_nothing_open_the_rest_is_free_at_once_and_nothing_more_is_ordered(db: None) -> None:
    here = await ground(villages=1)
    await ended(here)
    assert await money(here.contract) == (0, 0, 0)
    with pytest.raises(Blocked, match="合同还没有签订，或已经结束"):
        await buying.placed_order(here.contract, here.codes[0])
    with pytest.raises(Blocked, match="合同没有生效，或已经结束、解除"):
        await service.propose_termination(here.who.officer, here.contract, BY_AGREEMENT)
    with pytest.raises(Blocked, match="合同没有生效，或已经结束、解除"):
        await amendments.propose_amendment(here.who.officer, here.contract, Change(added=1), "再加")


async def test_by_agreement_needs_both_parties_and_another_person(db: None) -> None:
    here = await ground(villages=1)
    row = await service.propose_termination(here.who.officer, here.contract, BY_AGREEMENT)
    with pytest.raises(TransitionRefused):
        await service.decide(here.who.approver, row)
    with pytest.raises(NotPermitted):
        await service.agree(here.who.officer, row)
    with pytest.raises(SamePersonRefused):
        await service.agree(buying.acting(here.who.officer.actor, Role.PROVIDER, None, here.organization), row)
    await service.agree(here.who.provider, row)
    for one in (here.who.officer, here.who.provider):
        with pytest.raises(SamePersonRefused):
            await service.decide(buying.acting(one.actor, Role.APPROVER, buying.CITY), row)
    await service.decide(here.who.approver, row)
    assert await database.fetch_value("SELECT terminated_at IS NOT NULL FROM contract")


async def test_who_proposes_the_end_does_not_refuse_or_decide_it(db: None) -> None:
    here = await ground(villages=1)
    row = await service.propose_termination(here.who.officer, here.contract, FOR_THE_PUBLIC)
    handler = buying.acting(here.who.officer.actor, Role.APPROVER, buying.CITY)
    with pytest.raises(SamePersonRefused):
        await service.refuse(handler, row, "自己不办")
    with pytest.raises(SamePersonRefused):
        await service.decide(handler, row)
    with pytest.raises(InvalidInput):
        await service.refuse(here.who.approver, row, "  ")
    await service.refuse(here.who.approver, row, "继续履行")
    assert await database.fetch_value("SELECT status FROM purchase") == "contracted"


async def test_a_breach_is_noticed_first_and_may_be_cured(db: None) -> None:
    here = await ground(villages=1)
    row = await service.propose_termination(here.who.officer, here.contract, breach())
    told = await database.fetch_value(
        "SELECT count(*) FROM notification WHERE account_id = $1 AND link LIKE '%/termination'", here.who.provider.actor
    )
    assert told == 1
    with pytest.raises(Blocked, match="改正期限还没有过"):
        await service.decide(here.who.approver, row)
    with pytest.raises(service.TerminationOpen):
        await service.propose_termination(here.who.officer, here.contract, breach())
    await service.note_cure(here.who.officer, row, "已恢复接单")
    assert await database.fetch_value("SELECT status FROM contract_termination") == "cured"
    second = await service.propose_termination(here.who.officer, here.contract, breach(5))
    with clock.travelled_to(clock.now() + timedelta(days=6)):
        await service.decide(here.who.approver, second)
    assert await money(here.contract) == (0, 0, 0)


async def test_an_open_amendment_falls_with_its_contract_and_one_in_force_is_freed_with_it(db: None) -> None:
    here = await ground(villages=1, quantity=20)
    await amendments.propose_amendment(here.who.officer, here.contract, Change(added=1), "需求增加")
    first = await database.fetch_value("SELECT id FROM contract_amendment")
    await amendments.agree(here.who.provider, first)
    await amendments.approve(here.who.approver, first)
    await amendments.propose_amendment(here.who.officer, here.contract, Change(added=1), "再加")
    await ended(here)
    statuses = await database.fetch("SELECT status FROM contract_amendment ORDER BY number")
    assert [row["status"] for row in statuses] == ["in_force", "withdrawn"]
    assert await database.fetch_value("SELECT released_fen FROM contract_termination") == 21 * 60_000
    assert await money(here.contract) == (0, 0, 0)


async def test_raw_sql_cannot_end_alone_order_after_the_end_or_settle_with_something_open(db: None) -> None:
    here = await ground(villages=2)
    raw = """INSERT INTO contract_termination (contract_id, status, ground, reason_zh, cure_by, at_fault, proposed_by,
                 proposed_at, signed_by_provider, agreed_at, ended_by, ended_at)
             VALUES ($1, $2, $3, 'x', $4, $5, $6, now(), $7, CASE WHEN $7::bigint IS NULL THEN NULL ELSE now() END,
                     $8, now())"""
    officer, approver = here.who.officer.actor, here.who.approver.actor
    for values, constraint in (
        (("in_force", "agreement", None, "none", officer, None, approver), "contract_termination_by_both"),
        (("in_force", "public_interest", None, "none", officer, None, officer), "contract_termination_second_person"),
        (("in_force", "breach", clock.today(), "provider", officer, None, approver), "contract_termination_cure_first"),
        (("in_force", "breach", None, "provider", officer, None, approver), "contract_termination_notice"),
        (("in_force", "breach", date(2026, 1, 1), "none", officer, None, approver), "contract_termination_fault"),
    ):
        await refused(constraint, raw, here.contract, *values)
    order = await buying.placed_order(here.contract, here.codes[0])
    await orders.answer_orders(here.who.provider, [orders.OrderAnswer(order, take=True)])
    await ended(here)
    settled = "UPDATE contract_termination SET settled_at = now(), released_fen = 0"
    await refused("contract_termination_nothing_open", settled)
    again = """INSERT INTO village_order (contract_id, quota_id, place_id, year, status, wished_start, minutes,
                                          placed_by, placed_at)
               SELECT o.contract_id, o.quota_id, o.place_id, o.year, 'placed', o.wished_start, 90, o.placed_by, now()
               FROM village_order o WHERE o.id = $1"""
    await refused("contract_is_terminated", again, order)
    for statement in (
        "UPDATE contract_termination SET status = 'refused', end_reason = 'x'",
        "UPDATE contract_termination SET compensation_fen = 1",
        "DELETE FROM contract_termination",
    ):
        await refused("contract_termination_is_frozen", statement)
    await refused("contract_is_frozen", "UPDATE contract SET terminated_at = NULL")


async def test_an_acceptance_and_a_termination_at_once_tie_out(db: None) -> None:
    for turn in range(rounds(3, 100)):
        here = await ground(villages=1, units=500, quantity=5, station=turn == 0)
        [order] = await buying.delivered_orders(here.contract, here.codes)
        row = await service.propose_termination(here.who.officer, here.contract, FOR_THE_PUBLIC)
        before = await money(here.contract)
        verdict = GOOD if turn % 2 == 0 else Finding(False, 0, 1, "讲师没有资格")
        await asyncio.gather(
            service.decide(here.who.approver, row),
            accept_deliveries(here.who.acceptor, [Verdict(order, verdict)]),
            service.settle_terminations(system_principal(), clock.now()),
        )
        await service.settle_terminations(system_principal(), clock.now())
        accepted = int(turn % 2 == 0)
        counted = await database.fetch_value("SELECT accepted FROM contract WHERE id = $1", here.contract)
        facts = await database.fetch_value(
            "SELECT count(*) FROM fact WHERE topic = 'order_accepted' AND subject_id = $1", order
        )
        released = await database.fetch_value("SELECT released_fen FROM contract_termination WHERE id = $1", row)
        assert (counted, facts, released) == (accepted, accepted, (5 - accepted) * 60_000)
        assert (await money(here.contract))[1] == before[1] - released


async def test_an_order_and_a_termination_at_once_leave_nothing_on_an_ended_contract(db: None) -> None:
    for _ in range(rounds(3, 100)):
        here = await ground(villages=1, units=500, quantity=5, station=False)
        row = await service.propose_termination(here.who.officer, here.contract, FOR_THE_PUBLIC)
        outcomes = await asyncio.gather(
            service.decide(here.who.approver, row),
            buying.placed_order(here.contract, here.codes[0]),
            return_exceptions=True,
        )
        assert outcomes[0] is None
        assert isinstance(outcomes[1], int | Blocked)
        live = await database.fetch_value(
            "SELECT count(*) FROM village_order WHERE contract_id = $1 AND live", here.contract
        )
        assert live == 0
        assert await database.fetch_value("SELECT settled_at IS NOT NULL FROM contract_termination WHERE id = $1", row)
