"""The larger the amount, the longer the chain; each step another person, none of whom buys, signs or accepts."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, TransitionRefused
from app.core.state import advance
from procurement.purchases.approvals import queries, rules
from procurement.purchases.approvals.rules import Level, NotYourStep, StepTakenAlready
from procurement.purchases.service import (
    PurchaseDecision,
    cancel_purchase,
    decide_purchases,
)
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


@pytest.mark.parametrize(("status", "event"), list(itertools.product(rules.AuthorityStatus, rules.AuthorityEvent)))
def test_what_is_decided_stays_decided(status: rules.AuthorityStatus, event: rules.AuthorityEvent) -> None:
    if status is rules.AuthorityStatus.PROPOSED:
        assert advance(rules.TRANSITIONS, status, event) is not status
    else:
        with pytest.raises(TransitionRefused):
            advance(rules.TRANSITIONS, status, event)
