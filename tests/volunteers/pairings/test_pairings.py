"""Each village its lawyer: one of a kind at a time, licensed, agreed by who comes, ended with a reason."""

import itertools
from datetime import date, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.composition import compose
from app.core import clock, database
from app.core.errors import NotFound, NotPermitted, TransitionRefused
from app.core.state import advance
from marketplace.organizations.rules import OrganizationKind
from tests import world as places
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import outcomes
from tests.volunteers.pairings.stage import TODAY, YEAR, coordinator, draft, lawyer, paired, villages
from volunteers.assignments.rules import Kind, PositionDraft
from volunteers.assignments.sign_ups.leaving import leave
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.dispatch import week
from volunteers.pairings import queries, rules, service, views
from volunteers.pairings.jobs import end_pairings
from volunteers.pairings.rules import (
    TRANSITIONS,
    Circumstances,
    PairingEvent,
    PairingKind,
    PairingStatus,
    Term,
    refusal,
)

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def statuses() -> list[tuple[str, str]]:
    rows = await database.fetch("SELECT status, ending FROM pairing ORDER BY id")
    return [(row["status"], row["ending"]) for row in rows]


@pytest.mark.parametrize(("status", "event"), list(itertools.product(PairingStatus, PairingEvent)))
def test_every_pair_of_status_and_event_is_decided(status: PairingStatus, event: PairingEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


days = st.integers(0, 400).map(lambda ahead: TODAY + ahead * DAY)


@given(days, days, days, days)
def test_a_term_is_refused_just_where_it_would_stand_beside_another(
    first: date, last: date, other_first: date, other_last: date
) -> None:
    held = Term(PairingKind.ADVISER, min(first, last), max(first, last))
    asked = draft(1, 2, from_day=min(other_first, other_last), until_day=max(other_first, other_last))
    together = {held.from_day + n * DAY for n in range((held.until_day - held.from_day).days + 1)} & {
        asked.from_day + n * DAY for n in range((asked.until_day - asked.from_day).days + 1)
    }
    found = refusal(asked, Circumstances(True, (held,), True), TODAY)
    assert isinstance(found, rules.PairedAlready) if together else found is None
    another = Term(PairingKind.MEDIATION, held.from_day, held.until_day)
    assert refusal(asked, Circumstances(True, (another,), True), TODAY) is None


async def test_a_lawyer_agrees_with_one_tap_and_the_village_has_a_name(db: None) -> None:
    [(place, code)] = await villages(1)
    person, who = await lawyer()
    _, stranger = await lawyer("李强")
    made = await service.propose(await coordinator(), draft(place, person))
    assert await views.of_village(code) == []
    for nobody in (stranger, await coordinator()):
        with pytest.raises(NotFound):
            await service.agree(nobody, made)
    await service.agree(who, made)
    [shown] = await views.of_village(code)
    assert (shown.party_zh, shown.languages, shown.visit) == ("王芳", ("putonghua", "hangzhou"), None)
    with pytest.raises(TransitionRefused):
        await service.agree(who, made)
    officer = await coordinator()
    with pytest.raises(rules.PairedAlready):
        await service.propose(officer, draft(place, person))
    later = draft(place, person, from_day=TODAY + YEAR + DAY, until_day=TODAY + 2 * YEAR, signed=True)
    await service.propose(officer, later)
    with pytest.raises(rules.ReasonForEndingMissing):
        await service.end(officer, made, " ")
    with pytest.raises(NotPermitted):
        await service.end(await coordinator("330127"), made, "换人")
    await service.end(officer, made, "换人")
    assert await views.of_village(code) == []
    assert await statuses() == [("ended", "end"), ("active", "")]


async def test_a_firm_agrees_through_its_people_and_may_decline(db: None) -> None:
    [(place, code), (other, _)] = await villages(2)
    firm = await places.organization(OrganizationKind.LAW_FIRM, name_zh="浙江清波律师事务所")
    club = await places.organization(OrganizationKind.ASSOCIATION)
    officer = await coordinator()
    with pytest.raises(rules.NotLicensed):
        await service.propose(officer, draft(place, organization_id=club.id))
    made = await service.propose(officer, draft(place, organization_id=firm.id))
    with pytest.raises(NotFound):
        await service.agree(club.member, made)
    await service.agree(firm.member, made)
    [shown] = await views.of_village(code)
    assert (shown.party_zh, shown.is_person) == ("浙江清波律师事务所", False)
    declined = await service.propose(officer, draft(other, organization_id=firm.id))
    with pytest.raises(rules.ReasonForEndingMissing):
        await service.decline(firm.member, declined, "")
    await service.decline(firm.member, declined, "人手不够")
    assert await statuses() == [("active", ""), ("ended", "decline")]
    told = await database.fetch_value(
        "SELECT count(*) FROM notification WHERE account_id = $1 AND link LIKE '/pairings/%'", officer.actor
    )
    assert told == 2


async def test_many_are_paired_at_once_each_on_its_own_merits(db: None) -> None:
    found = await villages(6)
    person, _ = await lawyer()
    [(student, _)] = await world.volunteers(1)
    town = await world.place_id(world.TOWN)
    drafts = [draft(place, person, signed=True) for place, _ in reversed(found)]
    drafts += [draft(found[0][0], person), draft(town, person), draft(found[1][0], student, signed=True)]
    drafts += [draft(found[1][0]), draft(found[2][0], person, until_day=TODAY - DAY)]
    drafts += [draft(found[2][0], person, kind=PairingKind.EDUCATION, until_day=TODAY + timedelta(days=1200))]
    done = await service.propose_many(await coordinator(), drafts)
    assert sorted(done.made) == list(range(6))
    assert [type(done.refused[number]) for number in range(6, 12)] == [
        *(rules.PairedAlready, rules.NotAVillage, rules.NotLicensed),
        *(rules.NotOneParty, rules.TermTooLong, rules.TermTooLong),
    ]
    codes = await database.fetch_value(
        "SELECT count(*) FROM pairing p WHERE p.place_id = $1 AND p.public_id = $2", found[5][0], done.made[0]
    )
    assert codes == 1
    with pytest.raises(NotPermitted):
        await service.propose_many(await coordinator("330127"), drafts[:1])
    [whole] = [part for part in await queries.coverage("3301", PairingKind.ADVISER) if part.code == "330106"]
    assert whole.paired == 6
    [part] = [part for part in await queries.coverage("330106", PairingKind.ADVISER) if part.code == world.TOWN]
    assert part.paired == 6
    missing = await queries.unpaired(world.TOWN, PairingKind.ADVISER, None, 500)
    assert len(missing) == part.villages - 6
    assert not {code for _, code in found} & {row.code for row in missing}


async def test_time_and_leaving_end_a_pairing_and_renewals_are_named_sixty_days_before(db: None) -> None:
    [(one, _), (two, _), (three, _)] = await villages(3)
    person, who = await lawyer()
    other, _ = await lawyer("李强")
    await paired(one, person, TODAY + 30 * DAY)
    await paired(two, other, TODAY + 61 * DAY)
    await paired(three, other, TODAY + 10 * DAY)
    officer = await coordinator()
    assert await queries.renewals_due(officer) == 2
    renewed = draft(three, other, from_day=TODAY + 11 * DAY, signed=True)
    await service.propose(officer, renewed)
    due = await views.ending_soon(officer, world.CITY, TODAY + rules.RENEW_WITHIN, 9)
    assert [row.until_day for row in due] == [TODAY + 30 * DAY]
    assert await queries.renewals_due(officer) == 1
    await leave(who)
    assert (await statuses())[0] == ("ended", "leave")
    with clock.travelled_to(clock.now() + timedelta(days=11)):
        assert await end_pairings(clock.now()) == {"ended": 1}
        assert await end_pairings(clock.now()) == {"ended": 0}
    assert await statuses() == [("ended", "leave"), ("active", ""), ("ended", "expire"), ("active", "")]


async def test_the_next_visit_is_the_lawyers_own_before_any_other(db: None) -> None:
    [(place, code)] = await villages(1)
    person, who = await lawyer()
    await paired(place, person)
    at_work = {"kind": Kind.VILLAGE, "place_id": place, "positions": (PositionDraft("律师", 1, 1, "", ("lawyer",)),)}
    town = await world.station()
    early, late = await world.publish(
        await world.draft(9, station_id=town, **at_work), await world.draft(57, station_id=town, **at_work)
    )
    [shown] = await views.of_village(code)
    assert shown.visit
    assert (shown.visit.reference, shown.visit.own) == (early.reference, False)
    await sign_up(who, late.position_ids[0])
    [shown] = await views.of_village(code)
    assert shown.visit
    assert (shown.visit.reference, shown.visit.own) == (late.reference, True)
    assert [(one.reference, one.own) for one in await views.planned_visits(code)] == [
        (early.reference, False),
        (late.reference, True),
    ]


async def test_the_villages_own_lawyer_is_known_there_to_the_weekly_plan(db: None) -> None:
    [(place, _), (elsewhere, _)] = await villages(2)
    far = await world.place_id("330127100")
    person, _ = await lawyer(home_place_code="330127100")
    firm = await places.organization(OrganizationKind.LAW_FIRM)
    [(member, _)] = await world.people([world.profile(credentials=(world.licence(),), organization_id=firm.id)])
    await paired(place, person)
    await service.propose(await coordinator(), draft(elsewhere, organization_id=firm.id, signed=True))
    town = await world.station()
    seat = (PositionDraft("律师", 1, 1, "", ("lawyer",)),)
    await world.publish(
        *[
            await world.draft(
                9 + n, station_id=town, kind=Kind.VILLAGE, place_id=where, positions=seat, continuity=True
            )
            for n, where in enumerate((place, elsewhere))
        ]
    )
    monday = clock.local(world.MONDAY).date()
    instance = await week.read_instance(world.TOWN, monday)
    known = {int(one.id): one.familiar_places for one in instance.volunteers}
    rooms = {shift.place for shift in instance.shifts}
    assert far
    assert len(known[person]) == 1
    assert set(known[person]) | set(known[member]) == rooms
    assert set(known[person]) != set(known[member])


async def test_raw_sql_pairs_no_village_twice_and_nobody_without_a_licence_or_a_yes(db: None) -> None:
    [(place, _)] = await villages(1)
    person, who = await lawyer()
    other, _ = await lawyer("李强")
    [(student, _)] = await world.volunteers(1)
    officer = await coordinator()
    insert = """INSERT INTO pairing (place_id, kind, person_id, from_day, until_day, status, proposed_by, proposed_at,
                                     agreed_how, agreed_by, agreed_at)
                VALUES ($1, 'adviser', $2, $3, $3::date + 100, 'active', $4, now(), $5, $4, now())"""
    with pytest.raises(asyncpg.CheckViolationError, match="may not do this"):
        await database.execute(insert, place, student, TODAY, officer.actor, "paper")
    with pytest.raises(asyncpg.CheckViolationError, match="village"):
        await database.execute(insert, await world.place_id(world.TOWN), person, TODAY, officer.actor, "paper")
    with pytest.raises(asyncpg.CheckViolationError, match="only who is to come"):
        await database.execute(insert, place, person, TODAY, officer.actor, "tap")
    await database.execute(insert, place, person, TODAY, who.actor, "tap")
    with pytest.raises(asyncpg.ExclusionViolationError):
        await database.execute(insert, place, other, TODAY + timedelta(days=100), officer.actor, "paper")
    for statement in (
        "UPDATE pairing SET until_day = until_day + 1",
        "UPDATE pairing SET status = 'proposed', agreed_how = '', agreed_by = NULL, agreed_at = NULL",
        "UPDATE pairing SET organization_id = 1",
        "DELETE FROM pairing",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await database.execute(statement)
    with pytest.raises(asyncpg.CheckViolationError):
        await database.execute("UPDATE pairing SET status = 'ended', ending = 'end', ended_at = now(), ended_by = 1")


async def test_however_many_say_yes_at_once_a_village_has_one(crowd: None) -> None:
    people = [await lawyer(f"律师{n}") for n in range(8)]
    officer = await coordinator()
    for place, _ in await villages(rounds(3, 60)):
        made = [await service.propose(officer, draft(place, person)) for person, _ in people]
        seen = await outcomes([service.agree(who, one) for one, (_, who) in zip(made, people, strict=True)])
        assert seen["ok"] == 1
        held = await database.fetch_value(
            "SELECT count(*) FROM pairing WHERE place_id = $1 AND status = 'active'", place
        )
        assert held == 1
