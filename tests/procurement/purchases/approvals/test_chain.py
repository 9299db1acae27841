"""The larger the amount, the longer the chain; each step another person, none of whom buys, signs or accepts."""

import asyncio
import itertools
from datetime import timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, TransitionRefused
from app.core.state import advance
from procurement.contracts.service import ContractOffer, offer_contracts, sign_contracts
from procurement.deliveries.acceptances.service import AcceptorInvolved, Verdict, accept_deliveries
from procurement.deliveries.rules import Finding
from procurement.purchases.approvals import queries, rules
from procurement.purchases.approvals.rules import Level, NotYourStep, StepMoved, StepTakenAlready
from procurement.purchases.service import PurchaseDecision, cancel_purchase, decide_purchases
from tests.conftest import rounds
from tests.procurement import approving, buying
from tests.procurement.approving import DIVISION_UP_TO, LARGE, MIDDLE, SECTION_UP_TO, SMALL, Desk

MINUTES = "办公会纪要〔2026〕5号"


async def approve(person: Principal, purchase_id: int, minutes: str = "", step: int | None = None) -> None:
    await decide_purchases(person, [PurchaseDecision(purchase_id, True, minutes=minutes, step=step)])


async def status_of(purchase_id: int) -> str:
    return str(await database.fetch_value("SELECT status FROM purchase WHERE id = $1", purchase_id))


async def reserved_of(made: Desk) -> int:
    return int(await database.fetch_value("SELECT reserved_fen FROM budget_line WHERE id = $1", made.line_id))


@pytest.mark.parametrize(("quantity", "steps"), [(SMALL, 1), (MIDDLE, 2), (LARGE, 3)])
async def test_the_amount_decides_how_many_steps_there_are_and_the_last_one_approves(
    db: None, quantity: int, steps: int
) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, quantity)
    for number, person in enumerate((here.section, here.division, here.meeting)[:steps], start=1):
        assert await status_of(purchase_id) == "reserved"
        await approve(person, purchase_id, MINUTES)
        taken = [one for one in await queries.steps_of(purchase_id, waiting=True) if one.verdict]
        assert [one.level for one in taken] == list(rules.CHAIN[:number])
    assert await status_of(purchase_id) == "approved"
    row = await database.fetch_one("SELECT approved_by FROM purchase WHERE id = $1", purchase_id)
    assert row == {"approved_by": person.actor}
    assert taken[-1].minutes == (MINUTES if steps == 3 else "")


async def test_a_limit_belongs_to_the_lower_step(db: None) -> None:
    for fen, chain in ((SECTION_UP_TO, 1), (SECTION_UP_TO + 1, 2), (DIVISION_UP_TO, 2), (DIVISION_UP_TO + 1, 3)):
        assert len(rules.chain_for(fen, SECTION_UP_TO, DIVISION_UP_TO)) == chain


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_higher_amount_never_asks_for_fewer_steps(fen: int, section: int, more: int) -> None:
    chain = rules.chain_for(fen, section, section + more)
    assert chain == rules.CHAIN[: len(chain)]
    assert len(rules.chain_for(fen + 1, section, section + more)) >= len(chain)


async def test_the_database_counts_the_steps_as_the_rule_does(db: None) -> None:
    here = await approving.desk()
    place = await buying.place_id(buying.DISTRICT)
    for fen in (0, SECTION_UP_TO, SECTION_UP_TO + 1, DIVISION_UP_TO, DIVISION_UP_TO + 1, 10**12):
        steps = await database.fetch_value("SELECT approval_chain($1, $2, $3)", place, fen, clock.today())
        assert rules.levels_of(steps) == rules.chain_for(fen, SECTION_UP_TO, DIVISION_UP_TO)
        before = clock.today() - timedelta(days=1)
        assert await database.fetch_value("SELECT approval_chain($1, $2, $3)", place, fen, before) == ["single"]
    assert here


async def test_a_step_is_for_those_of_its_level(db: None) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, MIDDLE)
    for person in (here.second, here.division, here.meeting):
        with pytest.raises(NotYourStep) as refusal:
            await approve(person, purchase_id)
        assert "科室负责人" in str(refusal.value)
    await approve(here.section, purchase_id)
    with pytest.raises(StepTakenAlready, match="每一步须由不同的人"):
        await approve(here.section, purchase_id)


async def test_one_person_with_two_levels_takes_one_step(db: None) -> None:
    here = await approving.desk()
    await approving.hold(here, here.section, Level.DIVISION)
    purchase_id = await approving.asked(here, MIDDLE)
    await approve(here.section, purchase_id)
    with pytest.raises(StepTakenAlready):
        await approve(here.section, purchase_id)
    await approve(here.division, purchase_id)
    assert await status_of(purchase_id) == "approved"


async def test_a_level_ends_with_its_last_day(db: None) -> None:
    here = await approving.desk()
    person = await buying.person_as(Role.APPROVER)
    await approving.hold(here, person, Level.SECTION, until=clock.today())
    first, second = await approving.asked(here), await approving.asked(here)
    await approve(person, first)
    with clock.travelled_to(clock.now() + timedelta(days=1)), pytest.raises(NotYourStep):
        await approve(person, second)


async def test_a_level_of_another_district_does_not_reach_here(db: None) -> None:
    here = await approving.desk()
    person = await buying.person_as(Role.APPROVER)
    await approving.hold(here, person, Level.SECTION, place=buying.OTHER_DISTRICT)
    with pytest.raises(NotYourStep):
        await approve(person, await approving.asked(here))


@pytest.mark.parametrize("refused_at", [1, 2, 3])
async def test_a_refusal_at_any_step_ends_the_chain_and_frees_the_money(db: None, refused_at: int) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, LARGE)
    people = (here.section, here.division, here.meeting)
    for person in people[: refused_at - 1]:
        await approve(person, purchase_id)
    assert await reserved_of(here) == LARGE * approving.RATE
    word = PurchaseDecision(purchase_id, approve=False, reason="超出本年计划")
    await decide_purchases(people[refused_at - 1], [word])
    assert (await status_of(purchase_id), await reserved_of(here)) == ("refused", 0)
    steps = await queries.steps_of(purchase_id, waiting=False)
    assert [one.verdict for one in steps] == ["approved"] * (refused_at - 1) + ["refused"]
    assert steps[-1].reason == "超出本年计划"
    with pytest.raises(TransitionRefused):
        await approve(here.meeting, purchase_id, MINUTES)


async def test_a_meeting_decides_with_its_minutes(db: None) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, LARGE)
    await approve(here.section, purchase_id)
    await approve(here.division, purchase_id)
    with pytest.raises(InvalidInput) as refusal:
        await approve(here.meeting, purchase_id, " ")
    assert "办公会纪要" in str(refusal.value.fields["minutes"])
    await approve(here.meeting, purchase_id, MINUTES)


async def test_a_purchase_taken_back_half_way_takes_no_more_steps(db: None) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, MIDDLE)
    await approve(here.section, purchase_id)
    await cancel_purchase(here.buyers.officer, purchase_id, "计划调整")
    assert await reserved_of(here) == 0
    with pytest.raises(TransitionRefused):
        await approve(here.division, purchase_id)


async def test_the_next_in_the_chain_is_told(db: None) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, MIDDLE)
    await approve(here.section, purchase_id)
    told = await database.fetch("SELECT account_id FROM notification WHERE msgid LIKE '%轮到你审批%'")
    assert [row["account_id"] for row in told] == [here.division.actor]


async def test_new_figures_leave_what_was_asked_before_alone(db: None) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, SMALL)
    with clock.travelled_to(clock.now() + timedelta(days=2)):
        await approving.limits(here, section=0)
        later = await approving.asked(here, SMALL)
        await approve(here.section, purchase_id)
        await approve(here.section, later)
        assert (await status_of(purchase_id), await status_of(later)) == ("approved", "reserved")


async def test_the_citys_figures_hold_where_a_district_has_none(db: None) -> None:
    here = await approving.desk()
    city = await approving.limits(here, place=buying.CITY, section=0)
    other = await buying.place_id(buying.OTHER_DISTRICT)
    assert await database.fetch_value("SELECT approval_chain($1, 1, $2)", other, clock.today()) == [
        "section",
        "division",
    ]
    own = await buying.place_id(buying.DISTRICT)
    assert await database.fetch_value("SELECT approval_chain($1, 1, $2)", own, clock.today()) == ["section"]
    assert city


STEP = """INSERT INTO purchase_approval (purchase_id, step, level, verdict, decided_by, in_stead_of, decided_at, reason,
                                         minutes) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8)"""


async def step(
    purchase_id: int, number: int, level: str, who: int, stead: int | None = None, minutes: str = ""
) -> None:
    await database.execute(STEP, purchase_id, number, level, "approved", who, stead, clock.now(), minutes)


async def test_raw_sql_cannot_take_a_step_that_is_not_ones_own(db: None) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, LARGE)
    wrong = [
        ("purchase_approval_in_order", (2, "division", here.division.actor)),
        ("purchase_approval_in_order", (1, "single", here.section.actor)),
        ("purchase_approval_not_requester", (1, "section", here.buyers.officer.actor)),
        ("purchase_approval_by_level", (1, "section", here.division.actor)),
        ("purchase_approval_by_level", (1, "section", here.second.actor, here.section.actor)),
    ]
    for constraint, values in wrong:
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await step(purchase_id, *values)
        assert refusal.value.constraint_name == constraint
    await step(purchase_id, 1, "section", here.section.actor)
    await approving.hold(here, here.section, Level.DIVISION)
    with pytest.raises(asyncpg.CheckViolationError, match="is not for account") as refusal:
        await step(purchase_id, 2, "division", here.section.actor)
    assert refusal.value.constraint_name == "purchase_approval_each_another"
    await step(purchase_id, 2, "division", here.division.actor)
    with pytest.raises(asyncpg.CheckViolationError, match="purchase_approval_minuted"):
        await step(purchase_id, 3, "meeting", here.meeting.actor)


async def test_raw_sql_cannot_approve_before_the_last_step_nor_change_what_is_judged(db: None) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, MIDDLE)
    by_hand = "UPDATE purchase SET status = 'approved', approved_by = $2, approved_at = now() WHERE id = $1"
    await approve(here.section, purchase_id)
    for person in (here.section, here.division):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await database.execute(by_hand, purchase_id, person.actor)
        assert refusal.value.constraint_name == "purchase_approval_complete"
    with pytest.raises(asyncpg.RestrictViolationError, match="what is judged no longer changes"):
        await database.execute(
            "UPDATE purchase SET quantity = 1, amount_fen = unit_price_fen WHERE id = $1", purchase_id
        )
    for statement in ("UPDATE purchase_approval SET reason = 'x'", "DELETE FROM purchase_approval"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await database.execute(statement)


async def test_who_took_a_step_neither_signs_nor_accepts(db: None) -> None:
    here = await approving.desk()
    who = here.buyers
    purchase_id = await approving.asked(here, MIDDLE)
    await approve(here.section, purchase_id)
    await approve(here.division, purchase_id)
    today = clock.today()
    offer = ContractOffer(purchase_id, today, today + timedelta(days=300))
    signer = buying.acting(here.section.actor, Role.PROCUREMENT_OFFICER, buying.CITY)
    with pytest.raises(rules.ApproverSigns, match="不能再签合同"):
        await offer_contracts(signer, [offer])
    [contract_id] = await offer_contracts(who.officer, [offer])
    organization = await database.fetch_value("SELECT organization_id FROM contract WHERE id = $1", contract_id)
    provider = buying.acting(here.division.actor, Role.PROVIDER, None, organization)
    with pytest.raises(rules.ApproverSigns):
        await sign_contracts(provider, [contract_id])
    await sign_contracts(who.provider, [contract_id])
    await buying.station(buying.DISTRICT)
    [village] = [row["code"] for row in await buying.villages(1)]
    await buying.quota([village], 3)
    [order_id] = await buying.delivered_orders(contract_id, [village])
    for person in (here.section, here.division):
        acceptor = buying.acting(person.actor, Role.ACCEPTOR, buying.CITY)
        with pytest.raises(AcceptorInvolved, match="第61条"):
            await accept_deliveries(acceptor, [Verdict(order_id, Finding(True, 20, 5, "好"))])
    raw = """INSERT INTO acceptance (village_order_id, verdict, people_reached, rating, acceptor_id, accepted_at)
             VALUES ($1, 'accepted', 1, 5, $2, now())"""
    with pytest.raises(asyncpg.CheckViolationError) as by_hand:
        await database.execute(raw, order_id, here.section.actor)
    assert by_hand.value.constraint_name == "acceptance_separate_person"


async def test_of_two_who_approve_one_purchase_at_once_exactly_one_takes_the_step(db: None) -> None:
    here = await approving.desk()
    rival = await buying.person_as(Role.APPROVER)
    await approving.hold(here, rival, Level.SECTION)
    await approving.hold(here, rival, Level.DIVISION)
    for number in range(rounds(4, 100)):
        quantity = (SMALL, MIDDLE)[number % 2]
        purchase_id = await approving.asked(here, quantity)
        outcomes = await asyncio.gather(
            approve(here.section, purchase_id, step=1), approve(rival, purchase_id, step=1), return_exceptions=True
        )
        refused = [one for one in outcomes if one is not None]
        assert len(refused) == 1
        assert isinstance(refused[0], StepMoved | TransitionRefused), refused
        assert len(await queries.steps_of(purchase_id, waiting=False)) == 1


@pytest.mark.parametrize(("status", "event"), list(itertools.product(rules.AuthorityStatus, rules.AuthorityEvent)))
def test_what_is_decided_stays_decided(status: rules.AuthorityStatus, event: rules.AuthorityEvent) -> None:
    if status is rules.AuthorityStatus.PROPOSED:
        assert advance(rules.TRANSITIONS, status, event) is not status
    else:
        with pytest.raises(TransitionRefused):
            advance(rules.TRANSITIONS, status, event)
