"""Guarantees 1-5 hold in the database, whoever writes: raw SQL as the application's own role."""

from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from app.core import database
from app.core.access import Role
from app.core.database import transaction
from tests.volunteers import world
from volunteers.assignments.rules import Kind, PositionDraft
from volunteers.assignments.service import Published
from volunteers.people.credentials.rules import CredentialKind
from volunteers.people.credentials.service import verify_credentials

INSERT = """
INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
SELECT p.id, a.id, $2, a.starts, a.ends, $3, 'self', now()
FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1
RETURNING id
"""


async def put(position_id: int, person_id: int, status: str = "confirmed") -> int:
    """Insert a sign-up past all rules."""
    return int(await database.fetch_value(INSERT, position_id, person_id, status))


async def refused(constraint: str, sql: str, *values: Any) -> None:
    """Run SQL that has to violate the named constraint."""
    with pytest.raises(asyncpg.PostgresError) as violation:
        await database.execute(sql, *values)
    assert violation.value.constraint_name == constraint


async def booked(position_id: int) -> int:
    """Return what the position says is taken."""
    return int(await database.fetch_value("SELECT booked FROM position WHERE id = $1", position_id))


async def lecture(hours: float = 9, lasting: float = 2, capacity: int = 1, **changes: object) -> Published:
    """Publish one open lecture."""
    positions = (PositionDraft("helper", capacity),)
    [shift] = await world.publish(await world.draft(hours, lasting, **{"positions": positions, **changes}))
    return shift


async def test_a_position_never_takes_more_than_its_capacity(shared_db: None) -> None:
    shift = await lecture(capacity=2)
    people = await world.volunteers(3)
    for person_id, _ in people[:2]:
        await put(shift.position_ids[0], person_id)
    await refused("position_capacity", INSERT, shift.position_ids[0], people[2][0], "confirmed")
    assert await booked(shift.position_ids[0]) == 2


async def test_a_statement_that_overbooks_by_one_is_refused_as_a_whole(shared_db: None) -> None:
    shift = await lecture(capacity=2)
    people = [person_id for person_id, _ in await world.volunteers(3)]
    many = INSERT.replace("$2,", "who,").replace("WHERE", "CROSS JOIN unnest($2::bigint[]) AS who WHERE")
    await refused("position_capacity", many, shift.position_ids[0], people, "confirmed")
    assert await booked(shift.position_ids[0]) == 0


async def test_capacity_is_not_cut_below_what_is_booked(shared_db: None) -> None:
    shift = await lecture(capacity=2)
    for person_id, _ in await world.volunteers(2):
        await put(shift.position_ids[0], person_id)
    await refused(
        "position_capacity", "UPDATE position SET capacity = 1, minimum = 0 WHERE id = $1", shift.position_ids[0]
    )


async def test_nobody_writes_booked_by_hand(shared_db: None) -> None:
    shift = await lecture(capacity=3)
    await refused("position_booked_is_counted", "UPDATE position SET booked = 1 WHERE id = $1", shift.position_ids[0])
    await refused(
        "position_booked_is_counted",
        """INSERT INTO position (assignment_id, number, role_zh, minimum, capacity, booked)
           VALUES ($1, 9, 'x', 0, 3, 1)""",
        shift.id,
    )


@pytest.mark.parametrize(
    ("start", "change", "left"),
    [
        ("confirmed", "status = 'withdrawn', ended_at = now(), ended_reason = 'own_wish'", 0),
        ("confirmed", "status = 'released', ended_at = now(), ended_reason = 'cancelled'", 0),
        ("confirmed", "status = 'absent'", 0),
        ("confirmed", "status = 'checked_in'", 1),
        ("confirmed", "status = 'completed'", 1),
        ("offered", "status = 'confirmed'", 1),
    ],
)
async def test_booked_follows_every_change_of_status(shared_db: None, start: str, change: str, left: int) -> None:
    shift = await lecture()
    [(person_id, _)] = await world.volunteers(1)
    sign_up_id = await put(shift.position_ids[0], person_id, start)
    assert await booked(shift.position_ids[0]) == 1
    await database.execute(f"UPDATE sign_up SET {change} WHERE id = $1", sign_up_id)
    assert await booked(shift.position_ids[0]) == left


async def test_booked_follows_a_move_between_positions_and_a_deletion(shared_db: None) -> None:
    shift = await lecture(positions=(PositionDraft("a", 2), PositionDraft("b", 2)))
    [(person_id, _)] = await world.volunteers(1)
    first, second = shift.position_ids
    sign_up_id = await put(first, person_id)
    await database.execute("UPDATE sign_up SET position_id = $2 WHERE id = $1", sign_up_id, second)
    assert (await booked(first), await booked(second)) == (0, 1)
    await database.execute("DELETE FROM sign_up WHERE id = $1", sign_up_id)
    assert (await booked(first), await booked(second)) == (0, 0)


async def test_one_live_sign_up_per_person_and_assignment_but_one_may_come_back(shared_db: None) -> None:
    shift = await lecture(positions=(PositionDraft("a", 2), PositionDraft("b", 2)))
    [(person_id, _)] = await world.volunteers(1)
    first, second = shift.position_ids
    sign_up_id = await put(first, person_id)
    with pytest.raises(asyncpg.UniqueViolationError) as violation:
        await put(second, person_id)
    assert violation.value.constraint_name == "sign_up_once"
    await database.execute(
        "UPDATE sign_up SET status = 'withdrawn', ended_at = now(), ended_reason = 'own_wish' WHERE id = $1", sign_up_id
    )
    await put(second, person_id)


async def test_nobody_is_in_two_places_at_once(shared_db: None) -> None:
    [(person_id, _)] = await world.volunteers(1)
    await put((await lecture(9, 2)).position_ids[0], person_id)
    overlapping = await lecture(10.5, 2)
    await refused("sign_up_one_place", INSERT, overlapping.position_ids[0], person_id, "confirmed")
    await put((await lecture(11, 2)).position_ids[0], person_id)  # the same place, right after: fine


async def test_a_rescheduling_that_makes_somebody_be_in_two_places_is_refused(shared_db: None) -> None:
    [(person_id, _)] = await world.volunteers(1)
    morning, afternoon = await lecture(9, 2), await lecture(14, 2)
    await put(morning.position_ids[0], person_id)
    await put(afternoon.position_ids[0], person_id)
    move = "UPDATE assignment SET starts = starts + $2::interval, ends = ends + $2::interval WHERE id = $1"
    await refused("sign_up_one_place", move, morning.id, timedelta(hours=4))
    await database.execute(move, morning.id, timedelta(hours=1))
    times = await database.fetch_one(
        """SELECT s.starts = a.starts AND s.ends = a.ends AS same
           FROM sign_up s JOIN assignment a ON a.id = s.assignment_id WHERE a.id = $1""",
        morning.id,
    )
    assert times == {"same": True}


@pytest.mark.parametrize(("gap_minutes", "fits"), [(32, False), (33, True)])
async def test_there_is_time_to_travel_between_neighbours(shared_db: None, gap_minutes: int, fits: bool) -> None:
    [(person_id, _)] = await world.volunteers(1)
    here = await lecture(9, 2, point=(0, 0))
    there = await lecture(11 + gap_minutes / 60, 1, point=(4500, 4500))  # 15 + 9000 / 500 minutes away
    await put(there.position_ids[0], person_id)
    if fits:
        await put(here.position_ids[0], person_id)
    else:
        await refused("sign_up_travel_and_rest", INSERT, here.position_ids[0], person_id, "confirmed")


@pytest.mark.parametrize(("start_next_day", "fits"), [(24 + 7.9, False), (24 + 8, True)])
async def test_there_are_ten_hours_of_rest_between_two_days(shared_db: None, start_next_day: float, fits: bool) -> None:
    [(person_id, _)] = await world.volunteers(1)
    await put((await lecture(20, 2)).position_ids[0], person_id)
    next_day = await lecture(start_next_day, 2)
    if fits:
        await put(next_day.position_ids[0], person_id)
    else:
        await refused("sign_up_travel_and_rest", INSERT, next_day.position_ids[0], person_id, "confirmed")


async def test_an_assignment_does_not_move_away_from_under_its_people(shared_db: None) -> None:
    [(person_id, _)] = await world.volunteers(1)
    here, then = await lecture(9, 2, point=(0, 0)), await lecture(11, 2, point=(0, 0))
    await put(here.position_ids[0], person_id)
    await put(then.position_ids[0], person_id)
    await refused("sign_up_travel_and_rest", "UPDATE assignment SET east_m = 40000 WHERE id = $1", then.id)


@pytest.mark.parametrize(
    ("changes", "verified", "fits"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"valid_until": "the day before"}, True, False),
        ({"valid_until": "the day"}, True, True),
        ({"valid_from": "the day after"}, True, False),
        ({"kind": CredentialKind.MEDIATOR}, True, False),
    ],
)
async def test_a_credential_is_verified_and_valid_on_the_day(
    shared_db: None, changes: dict[str, Any], verified: bool, fits: bool
) -> None:
    day = (world.MONDAY + timedelta(hours=12)).date()
    days = {"the day before": day - timedelta(days=1), "the day": day, "the day after": day + timedelta(days=1)}
    stated = {name: days.get(str(value), value) for name, value in changes.items()}
    who = world.profile(credentials=(world.licence(**stated),))
    [(person_id, _)] = await world.people([who], verified=verified)
    position = PositionDraft("lawyer", credentials_any=("lawyer", "legal_worker"))
    shift = await lecture(kind=Kind.DUTY, positions=(position,))
    if fits:
        await put(shift.position_ids[0], person_id)
    else:
        await refused("sign_up_credential", INSERT, shift.position_ids[0], person_id, "confirmed")


async def test_a_position_with_people_on_it_asks_for_no_credential_that_they_lack(shared_db: None) -> None:
    [(person_id, _)] = await world.volunteers(1)
    shift = await lecture()
    await put(shift.position_ids[0], person_id)
    tighten = "UPDATE position SET credentials_any = '{lawyer}' WHERE id = $1"
    await refused("sign_up_credential", tighten, shift.position_ids[0])


async def test_a_tie_to_a_party_keeps_away_whichever_comes_first(shared_db: None) -> None:
    [(person_id, _), (other_id, _)] = await world.volunteers(2)
    recuse = "INSERT INTO recusal (person_id, party, declared_at) VALUES ($1, 'party-7', now())"
    await database.execute(recuse, person_id)
    matter = await lecture(capacity=3, parties=("party-7",))
    await refused("sign_up_recusal", INSERT, matter.position_ids[0], person_id, "confirmed")
    await put(matter.position_ids[0], other_id)
    await refused("sign_up_recusal", recuse, other_id)
    plain = await lecture(9, capacity=3)
    await put(plain.position_ids[0], person_id)
    await refused("sign_up_recusal", "UPDATE assignment SET parties = '{party-7}' WHERE id = $1", plain.id)


async def test_nobody_is_on_a_draft_or_on_a_cancelled_assignment(shared_db: None) -> None:
    [(person_id, _)] = await world.volunteers(1)
    shift = await lecture()
    await put(shift.position_ids[0], person_id)
    cancel = "UPDATE assignment SET status = 'cancelled', cancelled_reason = 'x' WHERE id = $1"
    await refused("assignment_cancelled_is_empty", cancel, shift.id)
    empty = await lecture(14)
    await database.execute(cancel, empty.id)
    await refused("sign_up_open", INSERT, empty.position_ids[0], person_id, "confirmed")


@pytest.mark.parametrize("final", ["completed", "absent"])
async def test_what_was_confirmed_never_changes(shared_db: None, final: str) -> None:
    [(person_id, _)] = await world.volunteers(1)
    sign_up_id = await put((await lecture()).position_ids[0], person_id)
    await database.execute("UPDATE sign_up SET status = $2 WHERE id = $1", sign_up_id, final)
    await refused("sign_up_is_final", "UPDATE sign_up SET status = 'confirmed' WHERE id = $1", sign_up_id)


async def test_a_snapshot_that_would_hide_others_is_refused(shared_db: None) -> None:
    [(person_id, _)] = await world.volunteers(1)
    shift = await lecture()
    with pytest.raises(asyncpg.FeatureNotSupportedError):
        async with transaction():
            await database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            await put(shift.position_ids[0], person_id)


async def test_nobody_judges_their_own_credential(shared_db: None) -> None:
    [(person_id, principal)] = await world.people([world.profile(credentials=(world.licence(),))], verified=False)
    await refused(
        "credential_second_party",
        """UPDATE credential SET verified_by = $2, verified_at = now(), verified_ground = 'original'
           WHERE person_id = $1""",
        person_id,
        principal.actor,
    )


async def test_a_number_belongs_to_one_person_until_it_is_refused(shared_db: None) -> None:
    claim = """INSERT INTO credential (person_id, kind, number, issuer_zh, valid_from, claimed_at)
               VALUES ($1, 'lawyer', '13301', 'x', $2, now())"""
    people = [person_id for person_id, _ in await world.volunteers(3)]
    await database.execute(claim, people[0], date(2020, 1, 1))
    await refused("credential_number_once", claim, people[1], date(2020, 1, 1))
    await database.execute(
        "UPDATE credential SET refused_by = $1, refused_at = now(), refused_reason = 'forged' WHERE number = '13301'",
        (await world.officer(Role.COORDINATOR)).actor,
    )
    await database.execute(claim, people[1], date(2020, 1, 1))
    await verify_credentials(
        await world.officer(Role.COORDINATOR),
        [await database.fetch_value("SELECT public_id FROM credential WHERE person_id = $1", people[1])],
    )
