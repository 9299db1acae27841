"""A city's week in set-based steps at its real size: what the demonstration's three minutes rest on."""

import random
import time
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from app.core import clock, database
from app.core.access import Role
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.rules import Origin
from volunteers.assignments.sign_ups.service import Wanted, sign_up_many
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance
from volunteers.people.registration.service import Registration, register_people
from volunteers.people.rules import Window

pytestmark = pytest.mark.figures

PEOPLE, SHIFTS, WISHES = 5_800, 4_200, 7_500
Result = TypeVar("Result")


async def timed(what: str, work: Awaitable[Result]) -> Result:
    """Do the work and say how long it took."""
    began = time.perf_counter()
    result = await work
    print(f"{what}: {time.perf_counter() - began:.2f} s")
    return result


async def week_of_shifts(chance: random.Random) -> list[Published]:
    """Publish a week of shifts with two places each, all over one district."""
    places = await database.fetch("SELECT id FROM place WHERE code LIKE '330106%' AND level = 'village'")
    plain = await world.draft(station_id=await world.station("3301"), positions=(PositionDraft("helper", 2),))
    drafts = []
    for _ in range(SHIFTS):
        starts = world.MONDAY + timedelta(days=chance.randrange(7), hours=chance.choice((9, 14)))
        place_id = chance.choice(places)["id"]
        drafts.append(replace(plain, place_id=place_id, starts=starts, ends=starts + timedelta(hours=2)))
    return await world.publish(*drafts)


async def test_six_thousand_sign_ups_and_their_attendance_are_written_at_once(db: None) -> None:
    chance = random.Random(1)
    free = tuple(Window(day, 480, 1080) for day in range(7))
    rows = [
        Registration(account_id, world.profile(availability=free, credentials=(world.licence(),)))
        for account_id in await world.accounts(PEOPLE)
    ]
    registered = await timed("register", register_people(world.IMPORTER, rows))
    people = list(registered.person_ids.values())
    shifts = await timed("publish", week_of_shifts(chance))
    wishes = [Wanted(chance.choice(shifts).position_ids[0], chance.choice(people)) for _ in range(WISHES)]
    officer, staff = await world.officer(Role.COORDINATOR), await world.officer(Role.STATION_STAFF)
    result = await timed("sign up", sign_up_many(officer, wishes, Origin.DISPATCH))
    sign_ups = await database.fetch("SELECT public_id FROM sign_up")
    presences = [Presence(row["public_id"], Outcome.ATTENDED) for row in sign_ups]
    with clock.travelled_to(world.MONDAY + timedelta(days=8)):
        confirmed = await timed("confirm", confirm_attendance(staff, presences))
    assert len(confirmed.attendance_ids) == len(result.taken) > 5_000
