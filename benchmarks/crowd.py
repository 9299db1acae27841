"""Five thousand people at once, and whether a sign-up costs the same in a table of a thousand and of a million."""

import asyncio
import random
import statistics
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import asyncpg

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import DomainError
from benchmarks.world import draft
from procurement.demonstration import people, work
from procurement.demonstration.walk import Stage
from volunteers.assignments.service import publish_assignments
from volunteers.assignments.sign_ups.service import sign_up

PEOPLE, SLOTS, SHIFTS, SEATS = 5000, 10, 12, 50
"""In each of ten mornings twelve shifts of fifty seats begin at once: 6,000 seats."""
SIZES, TIMED = (1_000, 10_000, 100_000, 1_000_000), 400
NEVER_IN_TWO_PLACES = """
SELECT count(*) FROM sign_up a JOIN sign_up b ON a.person_id = b.person_id AND a.id < b.id AND a.live AND b.live
 AND tstzrange(a.starts, a.ends) && tstzrange(b.starts, b.ends)
"""
COUNTED = """
SELECT bool_and(booked <= capacity AND booked = (SELECT count(*) FROM sign_up s WHERE s.position_id = p.id AND s.live
                                                       AND NOT s.over_quota))
FROM position p
"""
# The past of a station: shifts of a hundred people each, one after the other, worked and confirmed.
ARCHIVE = """
WITH like_this AS (SELECT * FROM assignment ORDER BY id LIMIT 1),
shift AS (
    INSERT INTO assignment (reference, kind, title_zh, place_id, station_id, east_m, north_m, starts, ends, status,
                            compensation, insured, created_by, created_at)
    SELECT 'OLD-' || n, a.kind, a.title_zh, a.place_id, a.station_id, a.east_m, a.north_m,
           now() - interval '30 days' - n * interval '3 hours', now() - interval '30 days' - n * interval '3 hours'
           + interval '2 hours', 'closed', a.compensation, a.insured, a.created_by, now() - interval '9 years'
    FROM like_this a, generate_series($1::bigint, $2::bigint) AS n RETURNING id, starts, ends),
seat AS (
    INSERT INTO position (assignment_id, number, role_zh, minimum, capacity, booked)
    SELECT id, 1, 'x', 1, 100, 100 FROM shift RETURNING id, assignment_id),
crowd AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM person ORDER BY id LIMIT 5000)
INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
SELECT seat.id, shift.id, crowd.id, shift.starts, shift.ends, 'completed', 'dispatch', now() - interval '9 years'
FROM shift JOIN seat ON seat.assignment_id = shift.id
JOIN crowd ON crowd.number % 50 = shift.id % 50
"""


async def gather_people(stage: Stage) -> list[Principal]:
    """Register the crowd and return it."""
    rows = await database.fetch(
        "SELECT code, rural FROM place WHERE level = 'village' AND code LIKE $1 || '%'", stage.scale.place_code
    )
    homes = [people.Home(row["code"], row["rural"]) for row in rows]
    await people.register(people.invent(replace(stage.scale, volunteers=PEOPLE, lawyers=0), homes))
    found = await database.fetch("SELECT id FROM person ORDER BY id LIMIT $1", PEOPLE)
    return list((await people.acting([row["id"] for row in found])).values())


async def all_at_once(stage: Stage, crowd: list[Principal]) -> tuple[Counter[str], float]:
    """Let everybody try two shifts of one morning at once; return what came of it, and attempts a second."""
    positions = await _mornings(stage)
    draw = random.Random(6000)
    attempts = [(who, shift) for number, who in enumerate(crowd) for shift in _two_of(draw, positions[number % SLOTS])]
    started = time.perf_counter()
    seen = Counter(await asyncio.gather(*(_attempt(who, position) for who, position in attempts)))
    seconds = time.perf_counter() - started
    if await database.fetch_value(NEVER_IN_TWO_PLACES) or not await database.fetch_value(COUNTED):
        raise RuntimeError("the table of sign-ups is not consistent")
    return seen, len(attempts) / seconds


async def cost_by_size(stage: Stage, crowd: list[Principal], owner_dsn: str) -> dict[int, float]:
    """Return the median milliseconds of a sign-up with so many sign-ups in the table."""
    found = {}
    ground = (await work.grounds(stage.scale, "village"))[0]
    first = clock.week_start(clock.today()) + timedelta(weeks=20)
    for step, size in enumerate(SIZES):
        await _fill(owner_dsn, size)
        starts = clock.at_local(first + timedelta(weeks=step), clock.local(clock.now()).time().replace(9, 0, 0, 0))
        [shift] = await publish_assignments(stage.officers[Role.COORDINATOR], [draft(ground, starts, 200)])
        [other] = await publish_assignments(
            stage.officers[Role.COORDINATOR], [draft(ground, starts + timedelta(days=1), 200)]
        )
        times = []
        for number, who in enumerate(crowd[:TIMED]):
            began = time.perf_counter()
            await sign_up(who, (shift if number < TIMED // 2 else other).position_ids[0])
            times.append(time.perf_counter() - began)
        found[size] = 1000 * statistics.median(times)
    return found


async def _mornings(stage: Stage) -> list[list[int]]:
    """Publish the shifts; return the positions of each morning."""
    ground = (await work.grounds(stage.scale, "village"))[0]
    first = clock.at_local(clock.week_start(clock.today()) + timedelta(weeks=12), clock.local(clock.now()).time())
    starts = [first.replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=day) for day in range(SLOTS)]
    drafts = [draft(ground, begin, SEATS) for begin in starts for _ in range(SHIFTS)]
    published = await publish_assignments(stage.officers[Role.COORDINATOR], drafts)
    ids = [one.position_ids[0] for one in published]
    return [ids[number : number + SHIFTS] for number in range(0, len(ids), SHIFTS)]


def _two_of(draw: random.Random, shifts: list[int]) -> list[int]:
    """Choose two different shifts, the first ones more often: some fill up, others do not."""
    first = min(int(draw.expovariate(0.25)), len(shifts) - 1)
    return [shifts[first], shifts[(first + draw.randint(1, len(shifts) - 1)) % len(shifts)]]


async def _attempt(who: Principal, position_id: int) -> str:
    try:
        await sign_up(who, position_id)
    except DomainError as refusal:
        return type(refusal).__name__
    return "success"


async def _fill(owner_dsn: str, size: int) -> None:
    """Let the archive grow until the table holds about so many sign-ups."""
    owner = await asyncpg.connect(owner_dsn)
    try:
        held = await owner.fetchval("SELECT count(*) FROM sign_up")
        known = await owner.fetchval("SELECT count(*) FROM assignment WHERE reference LIKE 'OLD-%'")
        missing = (size - held) // 100
        if missing > 0:
            await owner.execute("SET session_replication_role = replica")  # what is inserted is consistent by itself
            await owner.execute(ARCHIVE, known + 1, known + missing)
        await owner.execute("VACUUM ANALYZE sign_up, assignment, position")
    finally:
        await owner.close()
