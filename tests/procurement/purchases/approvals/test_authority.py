"""Figures, levels and deputies: set by one, confirmed by another, never by who gains; a deputy for some days."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Permission, Principal, Role
from app.core.errors import DomainError, InvalidInput, NotFound, NotPermitted, SamePersonRefused, TransitionRefused
from procurement.purchases.approvals import authority, queries
from procurement.purchases.approvals.authority import Kind, NewDeputy, NewLevel, NewLimit
from procurement.purchases.approvals.rules import DeputyOfRequester, Level, NotYourStep, StepTakenAlready
from procurement.purchases.approvals.waiting import purchases_to_approve
from procurement.purchases.service import PurchaseDecision, decide_purchases
from tests.conftest import rounds
from tests.procurement import approving, buying
from tests.procurement.approving import MIDDLE
from tests.refusals import refused


async def approve(person: Principal, purchase_id: int) -> None:
    await decide_purchases(person, [PurchaseDecision(purchase_id, approve=True)])


def figures(section: int = 1_000_000, division: int = 5_000_000, days: int = 1) -> NewLimit:
    return NewLimit(buying.DISTRICT, clock.today() + timedelta(days=days), section, division, "内控〔2026〕4号")


async def test_figures_hold_only_when_another_person_confirmed_them_before_their_day(db: None) -> None:
    here = await approving.desk()
    limit = await authority.propose_limit(here.officer, figures())
    both = buying.acting(here.officer.actor, Role.APPROVER, buying.CITY)
    with pytest.raises(SamePersonRefused):
        await authority.decide_authority(both, Kind.LIMIT, limit, confirm=True)
    with clock.travelled_to(clock.now() + timedelta(days=1)), pytest.raises(authority.LimitTooLate, match="执行日已到"):
        await authority.decide_authority(here.second, Kind.LIMIT, limit, confirm=True)
    place, day = await buying.place_id(buying.DISTRICT), clock.today() + timedelta(days=1)
    chain = "SELECT approval_chain($1, 1500000, $2)"
    assert await database.fetch_value(chain, place, day) == ["section"]
    await authority.decide_authority(here.second, Kind.LIMIT, limit, confirm=True)
    assert await database.fetch_value(chain, place, day) == ["section", "division"]
    again = await authority.propose_limit(here.officer, figures(2_000_000))
    with pytest.raises(authority.LimitSet):
        await authority.decide_authority(here.second, Kind.LIMIT, again, confirm=True)
    with pytest.raises(TransitionRefused):
        await authority.decide_authority(here.second, Kind.LIMIT, limit, confirm=False, reason="太高")


async def test_figures_rise_name_their_document_and_begin_later(db: None) -> None:
    here = await approving.desk()
    with pytest.raises(InvalidInput) as refusal:
        await authority.propose_limit(
            here.officer, NewLimit(buying.DISTRICT, clock.today(), 500, 500, " ")
        )  # fmt: skip
    assert set(refusal.value.fields) == {"division_up_to", "effective_from", "document"}
    with pytest.raises(NotPermitted):
        stranger = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
        await authority.propose_limit(stranger, figures())
    limit = await authority.propose_limit(here.officer, figures())
    with pytest.raises(InvalidInput):
        await authority.decide_authority(here.second, Kind.LIMIT, limit, confirm=False)


async def test_nobody_sets_or_confirms_their_own_level(db: None) -> None:
    here = await approving.desk()
    assert here.section.public_id
    today = clock.today()
    own = buying.acting(here.section.actor, Role.PROCUREMENT_OFFICER, buying.CITY)
    with pytest.raises(authority.OwnAuthority):
        await authority.propose_level(own, NewLevel(here.section.public_id, buying.DISTRICT, Level.DIVISION, today))
    wanted = NewLevel(here.section.public_id, buying.DISTRICT, Level.DIVISION, today)
    proposed = await authority.propose_level(here.officer, wanted)
    with pytest.raises(authority.OwnAuthority):
        await authority.decide_authority(here.section, Kind.LEVEL, proposed, confirm=True)
    assert here.buyers.officer.public_id
    with pytest.raises(InvalidInput, match="invalid_input"):
        nobody = NewLevel(here.buyers.officer.public_id, buying.DISTRICT, Level.SECTION, today)
        await authority.propose_level(here.officer, nobody)


async def test_what_was_set_is_replaced_and_not_rewritten(db: None) -> None:
    here = await approving.desk()
    await approving.deputize(here.section, here.second)
    for statement in (
        "UPDATE approval_limit SET section_up_to_fen = 0",
        "UPDATE approval_limit SET status = 'refused'",
        "UPDATE approver_level SET account_id = (SELECT max(id) FROM account)",
        "UPDATE approver_level SET level = 'meeting' WHERE level = 'section'",
        "UPDATE approval_deputy SET ends_on = ends_on + 1",
        "DELETE FROM approver_level",
        "DELETE FROM approval_limit",
        "DELETE FROM approval_deputy",
    ):
        await refused("approval_authority_frozen", statement)
    await database.execute("UPDATE approver_level SET ends_on = $1", clock.today())
    await refused("approval_authority_frozen", "UPDATE approver_level SET ends_on = NULL")


async def test_a_deputy_decides_in_the_principals_stead_and_only_within_the_days(db: None) -> None:
    here = await approving.desk()
    deputy = await buying.person_as(Role.APPROVER)
    await approving.deputize(here.section, deputy, days=2, start=1)
    first, second, third = [await approving.asked(here) for _ in range(3)]
    with pytest.raises(NotYourStep):
        await approve(deputy, first)
    with clock.travelled_to(clock.now() + timedelta(days=2)):
        await approve(deputy, first)
        await approve(here.section, second)
    [step] = await queries.steps_of(first, waiting=False)
    names = await database.fetch(
        "SELECT display_name FROM account WHERE id = ANY($1) ORDER BY id", [here.section.actor, deputy.actor]
    )
    assert (step.in_stead_of, step.decider) == tuple(row["display_name"] for row in names)
    with clock.travelled_to(clock.now() + timedelta(days=3)), pytest.raises(NotYourStep):
        await approve(deputy, third)


async def test_neither_the_deputy_nor_who_is_stood_in_for_may_have_asked(db: None) -> None:
    here = await approving.desk()
    deputy = await buying.person_as(Role.APPROVER)
    await approving.deputize(here.section, deputy)
    for person, refusal in ((deputy, SamePersonRefused), (here.section, DeputyOfRequester)):
        asking = buying.acting(person.actor, Role.PROCUREMENT_OFFICER, buying.CITY)
        purchase_id = await approving.asked(here, officer=asking)
        with pytest.raises(refusal):
            await approve(deputy, purchase_id)
        with pytest.raises(asyncpg.CheckViolationError) as raw:
            await database.execute(RAW, purchase_id, 1, "section", deputy.actor, here.section.actor, clock.now())
        assert raw.value.constraint_name == "purchase_approval_not_requester"


RAW = """INSERT INTO purchase_approval (purchase_id, step, level, verdict, decided_by, in_stead_of, decided_at)
         VALUES ($1, $2, $3, 'approved', $4, $5, $6)"""


async def test_nobody_takes_two_steps_in_whatever_capacity(db: None) -> None:
    """The head of section stands in for the leader: not for the same purchase; nor does a deputy for both."""
    here = await approving.desk()
    await approving.deputize(here.division, here.section)
    purchase_id = await approving.asked(here, MIDDLE)
    await approve(here.section, purchase_id)
    with pytest.raises(StepTakenAlready):
        await approve(here.section, purchase_id)
    with pytest.raises(asyncpg.CheckViolationError) as raw:
        await database.execute(RAW, purchase_id, 2, "division", here.section.actor, here.division.actor, clock.now())
    assert raw.value.constraint_name == "purchase_approval_each_another"
    other = await buying.person_as(Role.APPROVER)
    await approving.deputize(here.section, other)
    second = await approving.asked(here, MIDDLE)
    await approve(other, second)  # for the head of section, who also stands in for the leader
    with pytest.raises(StepTakenAlready):
        await approve(here.section, second)
    with pytest.raises(asyncpg.CheckViolationError) as raw:
        await database.execute(RAW, second, 2, "division", here.section.actor, here.division.actor, clock.now())
    assert raw.value.constraint_name == "purchase_approval_each_another"
    await approve(here.division, second)
    assert await database.fetch_value("SELECT status FROM purchase WHERE id = $1", second) == "approved"


async def test_an_officer_names_a_deputy_with_a_second_person_and_a_deputy_never_confirms_it(db: None) -> None:
    here = await approving.desk()
    deputy = await buying.person_as(Role.APPROVER)
    assert deputy.public_id
    assert here.section.public_id
    today = clock.today()
    new = NewDeputy(deputy.public_id, today, today, here.section.public_id)
    proposed = await authority.name_deputy(here.officer, new)
    purchase_id = await approving.asked(here)
    with pytest.raises(NotYourStep):
        await approve(deputy, purchase_id)
    with pytest.raises(authority.OwnAuthority, match="另外两个人"):
        await authority.decide_authority(deputy, Kind.DEPUTY, proposed, confirm=True)
    await authority.decide_authority(here.second, Kind.DEPUTY, proposed, confirm=True)
    await approve(deputy, purchase_id)
    told = await database.fetch("SELECT account_id FROM notification WHERE msgid LIKE '%代行%'")
    assert [row["account_id"] for row in told] == [deputy.actor]
    by_hand = """INSERT INTO approval_deputy (account_id, deputy_id, starts_on, ends_on, status, proposed_by,
                                              proposed_at)
                 VALUES ($1, $2, $3, $3, 'confirmed', $4, now())"""
    with pytest.raises(asyncpg.CheckViolationError, match="approval_deputy_second_person"):
        await database.execute(by_hand, here.division.actor, deputy.actor, today, here.officer.actor)


async def test_one_deputy_at_a_time_not_longer_than_a_year_and_only_for_a_level(db: None) -> None:
    here = await approving.desk()
    one, two = [await buying.person_as(Role.APPROVER) for _ in range(2)]
    named = await approving.deputize(here.section, one, days=5)
    with pytest.raises(authority.DeputyOverlaps):
        await approving.deputize(here.section, two, days=3, start=4)
    with pytest.raises(InvalidInput):
        await approving.deputize(here.division, two, days=400)
    with pytest.raises(authority.NoLevelHeld):
        await approving.deputize(here.second, two)
    with pytest.raises(InvalidInput):
        await approving.deputize(here.division, here.division)
    await authority.end_authority(here.section, Kind.DEPUTY, named)
    await approving.deputize(here.section, two, days=3)
    with pytest.raises(NotYourStep):
        await approve(one, await approving.asked(here))
    with pytest.raises(NotFound):
        await authority.end_authority(here.section, Kind.DEPUTY, named)
    stranger = await buying.person_as(Role.APPROVER, buying.OTHER_DISTRICT)
    level = await database.fetch_value("SELECT public_id FROM approver_level LIMIT 1")
    with pytest.raises(NotPermitted):
        await authority.end_authority(stranger, Kind.LEVEL, level)


async def test_two_deputies_named_at_once_leave_one(db: None) -> None:
    here = await approving.desk()
    for number in range(rounds(3, 100)):
        people = [await buying.person_as(Role.APPROVER) for _ in range(4)]
        outcomes = await asyncio.gather(
            *(approving.deputize(here.section, one, days=1, start=number * 2) for one in people),
            return_exceptions=True,
        )
        assert sum(isinstance(one, authority.DeputyOverlaps) for one in outcomes) == 3, outcomes


async def test_the_workbench_counts_only_my_step(db: None) -> None:
    here = await approving.desk()
    deputy = await buying.person_as(Role.APPROVER)
    await approving.deputize(here.division, deputy)
    purchase_id = await approving.asked(here, MIDDLE)

    async def counts() -> list[int]:
        people = (here.section, here.division, deputy, here.meeting, here.second)
        return [len(await purchases_to_approve(one)) for one in people]

    assert await counts() == [1, 0, 0, 0, 0]
    await approve(here.section, purchase_id)
    assert await counts() == [0, 1, 1, 0, 0]
    turn = await queries.turns(deputy, [purchase_id])
    assert (turn[purchase_id].mine, bool(turn[purchase_id].stead), turn[purchase_id].step) == (True, True, 2)
    assert here.meeting.scope(Permission.PURCHASE_APPROVE)


async def test_every_refusal_is_a_sentence(db: None) -> None:
    for refusal in DomainError.__subclasses__():
        if refusal.__module__.startswith("procurement.purchases.approvals"):
            assert refusal.message.endswith("。"), refusal
