"""Publishing an answer: the shifts become real, people who exist are asked, and a call goes out for those who do not.

One transaction, once: whoever presses twice finds it done. The answer is some minutes old; a place that somebody has
seen to meanwhile is left out, and nobody is forced.
"""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from app.core.text import Words
from volunteers.assignments.service import lock_seats
from volunteers.assignments.sign_ups.disruptions import reschedule_here
from volunteers.coverage import queries as coverage
from volunteers.coverage.demand.service import Planned, make_at
from volunteers.coverage.rules import Colour
from volunteers.dispatch import results
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.explain import Gap, explain
from volunteers.dispatch.engine.instance import Assignment, Instance, Plan
from volunteers.dispatch.engine.validation import standing_pins
from volunteers.dispatch.input import store
from volunteers.dispatch.publishing.service import AnotherPlanInForce, publish_here
from volunteers.dispatch.rules import TRANSITIONS, RunEvent, RunKind, RunStatus
from volunteers.dispatch.scenarios import rules
from volunteers.dispatch.scenarios.answers import Answer, Visit
from volunteers.dispatch.scenarios.calling import Call, call
from volunteers.dispatch.service import IN_FORCE, WeekHasPassed
from volunteers.dispatch.settings.queries import settings_of
from volunteers.dispatch.week import bounds_of, read_instance

_SCENARIO = """
SELECT s.id, s.public_id, s.run_id, s.weight, s.week_start, s.place_id, s.answer::text AS answer, place.code,
       place.name_zh, place.name_en, rule.public_id AS rule,
       EXISTS (SELECT FROM dispatch_input i WHERE i.sha256 = s.instance_sha256) AS input_kept
FROM dispatch_scenario s JOIN place ON place.id = s.place_id JOIN coverage_rule rule ON rule.id = s.rule_id
WHERE s.public_id = $1 FOR NO KEY UPDATE OF s
"""
_RUNS = """
SELECT id FROM dispatch_run WHERE week_start = $1 AND covers && codes_below($2)
  AND status IN ('solved', 'approved', 'published') AND kind <> 'what_if' ORDER BY id FOR NO KEY UPDATE
"""
_SEATS = """
SELECT DISTINCT ON (a.id) a.reference, a.id AS assignment_id, p.id AS position_id FROM assignment a
JOIN position p ON p.assignment_id = a.id JOIN coverage_rule r ON r.public_id = $2
WHERE a.reference = ANY ($1) AND a.status = 'open' AND a.starts > $3 AND p.booked < p.capacity
  AND p.credentials_any <> '{}' AND p.credentials_any <@ r.credentials_any ORDER BY a.id, p.id
"""
Seats = Mapping[str, tuple[int, int]]
"""Assignment and position by the name of the shift in the answer."""


async def publish_scenario(principal: Principal, scenario: UUID) -> None:
    """Make the visits of an answer real; asking for it again changes nothing."""
    scope = principal.scope(Permission.DISPATCH_PUBLISH)
    async with database.refusing({"dispatch_one_plan_in_force": AnotherPlanInForce}), transaction():
        row = await database.fetch_one(_SCENARIO, scenario)
        if row is None:
            raise NotFound
        scope.require_place(row["code"])
        if row["run_id"] is not None:
            return
        if row["weight"] is not None:
            raise rules.WeightsAreSettings
        _check(row)
        await database.fetch(_RUNS, row["week_start"], row["code"])  # before any seat, as whoever publishes a plan
        visits = await _still_wanted(row)
        seats = await _made(principal, row, visits)
        instance = await read_instance(row["code"], row["week_start"])
        run_id = await _published(principal, row, instance, _wishes(visits, seats))
        place = Words(row["name_zh"], row["name_en"])
        called = await call(Call(row["public_id"], row["code"], place, instance, _open(visits, seats)))
        said = {"run_id": run_id, "called": called, "published_by": principal.actor, "published_at": clock.now()}
        await database.update_row("dispatch_scenario", row["id"], said)
        await audit.record(principal, "dispatch.scenario_published", "dispatch_scenario", row["id"], run=run_id)


def _check(row: Row) -> None:
    if not row["input_kept"]:
        raise store.InputIsGone
    if bounds_of(row["week_start"])[1] <= clock.now():
        raise WeekHasPassed


async def _still_wanted(row: Row) -> list[Visit]:
    """Return the visits that would help, of places that are red still."""
    helping = [one for one in database.decoded(row["answer"], Answer).visits if one.helps]
    if not helping:
        raise rules.NothingToPublish
    rule = await coverage.rule_by_id(row["rule"])
    red = {place.id for place in await coverage.places(rule, row["code"], Colour.RED)}
    wanted = [one for one in helping if one.place_id in red and one.starts > clock.now()]
    if not wanted:
        raise rules.ScenarioIsOver
    return wanted


async def _made(principal: Principal, row: Row, visits: Sequence[Visit]) -> Seats:
    """Make or move the shifts; one that was filled, called off or made by somebody else meanwhile is left out."""
    rule, now = await coverage.rule_by_id(row["rule"]), clock.now()
    lacking = [one for one in visits if one.reference is None]
    made = await make_at(principal, rule, [Planned(one.place_id, one.starts, one.ends) for one in lacking], now)
    seats = {
        one.shift: (made[one.place_id].id, made[one.place_id].position_ids[0])
        for one in lacking
        if one.place_id in made
    }
    standing = {one.reference: one for one in visits if one.reference is not None}
    await lock_seats(list(standing))
    for there in await database.fetch(_SEATS, list(standing), row["rule"], now):
        one = standing[there["reference"]]
        if one.moved_from is not None:
            await reschedule_here(principal, there["reference"], one.starts, one.ends)
        seats[one.shift] = there["assignment_id"], there["position_id"]
    return seats


def _open(visits: Sequence[Visit], seats: Seats) -> list[tuple[str, str]]:
    """Return the seats for people who do not exist yet."""
    found = [seats[one.shift] for one in visits if one.by_newcomer and one.shift in seats]
    return [(str(assignment), str(position)) for assignment, position in found]


def _wishes(visits: Sequence[Visit], seats: Seats) -> list[Assignment]:
    """Return who is to be asked for which seat, of those who exist."""
    return [
        Assignment(*(str(number) for number in seats[one.shift]), one.after)
        for one in visits
        if one.after is not None and not one.by_newcomer and one.shift in seats
    ]


async def _published(principal: Principal, row: Row, instance: Instance, wishes: Sequence[Assignment]) -> int:
    """Publish a plan of those who stand somewhere already and those who are asked now; return the run's id."""
    plan, gaps = await asyncio.to_thread(_plan, instance, wishes)
    settings, now = await settings_of(row["code"]), clock.now()
    in_force = await database.fetch_value(IN_FORCE, row["code"], row["week_start"])
    values = {
        "place_id": row["place_id"],
        "week_start": row["week_start"],
        "kind": RunKind.BY_HAND.value,
        "parent_id": in_force,
        "previous_id": in_force,
        "parameters": msgspec.json.encode(settings).decode(),
        "status": RunStatus.SOLVED.value,
        "time_limit_s": settings.time_limit_s,
        "instance_sha256": await store.keep(instance, row["week_start"]),
        "vector": list(plan.vector or ()),
        "bounds": "[]",
        "created_by": principal.account_id,
        "created_at": now,
        "solved_at": now,
    }
    run_id = await database.insert_row("dispatch_run", values)
    await results.write_rows(run_id, results.proposals(instance, plan), results.gaps(gaps))
    approved = advance(TRANSITIONS, RunStatus.SOLVED, RunEvent.APPROVE)
    said = {"status": approved.value, "approved_by": principal.account_id, "approved_at": now}
    await database.update_row("dispatch_run", run_id, said)
    await publish_here(
        principal, await database.fetch_value("SELECT public_id FROM dispatch_run WHERE id = $1", run_id)
    )
    return run_id


def _plan(instance: Instance, wishes: Sequence[Assignment]) -> tuple[Plan, tuple[Gap, ...]]:
    """Return the plan and its empty seats; who may not go any more by the rules of the week is left out."""
    directory = Directory.of(instance)
    rows = [pin for _, pin in standing_pins(instance, directory)]
    rows += [row for row in wishes if _may(directory, row) and row not in rows]
    plan = Plan(instance.name, tuple(rows))
    measured = replace(plan, vector=tuple(check(instance, plan).vector))
    return measured, explain(instance, measured)


def _may(directory: Directory, row: Assignment) -> bool:
    seat = directory.positions.get((row.shift, row.position))
    person = directory.volunteers.get(row.volunteer)
    return (
        seat is not None and person is not None and directory.refusal(person, directory.shifts[row.shift], seat) is None
    )
