"""Asking what would be: the week is read once, planned twice, and the question kept with its answer."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import msgspec

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from marketplace.places.names import city
from volunteers.assignments.rules import Kind
from volunteers.coverage import queries as coverage
from volunteers.coverage.causes.queries import possible, red_places
from volunteers.coverage.demand.rules import USUAL_KINDS
from volunteers.coverage.queries import AreaStatus, RuleView
from volunteers.coverage.rules import Colour
from volunteers.dispatch.input import store
from volunteers.dispatch.scenarios import rules
from volunteers.dispatch.scenarios.answers import Answer, Visit
from volunteers.dispatch.scenarios.comparing import Compared, Question, after, before
from volunteers.dispatch.scenarios.costs import Work, cost_of
from volunteers.dispatch.scenarios.forms import DISTRICT, ScenarioForm
from volunteers.dispatch.scenarios.rules import spread_over
from volunteers.dispatch.week import bounds_of, read_instance


class Step(StrEnum):
    """How far an answer is."""

    READ = "read"
    BEFORE = "before"
    AFTER = "after"


Report = Callable[[Step], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answered:
    """What came out, before it is kept."""

    asked: ScenarioForm
    compared: Compared
    row: Row


async def ask(principal: Principal, asked: ScenarioForm) -> UUID:
    """Answer a question about a week at once; return the address at which the answer is kept."""
    rule = await checked(principal, asked)
    answered = await worked_out(asked, rule)
    async with transaction():
        return (await keep_here(principal, answered, principal.actor))[1]


async def checked(principal: Principal, asked: ScenarioForm) -> RuleView:
    """Refuse what may not be asked, and return the promise that the question is about."""
    principal.scope(Permission.DISPATCH_PLAN).require_place(asked.area)
    rule, week = await coverage.rule_by_id(asked.rule), clock.week_start(asked.week)
    if not rule.in_force(clock.today()) or not await _points([asked.at]):
        raise NotFound
    if faults := rules.faults(asked.levers(), rule.credentials_any, week, clock.today()):
        raise InvalidInput(faults)
    if not asked.levers().weighs and not await coverage.places(rule, asked.area, Colour.RED, limit=1):
        raise rules.NothingIsRed
    return rule


async def worked_out(asked: ScenarioForm, rule: RuleView, report: Report | None = None) -> Answered:
    """Read the week, plan it as it is and as it would be, and reckon what that comes to; nothing is written."""
    began = time.monotonic()

    async def tell(step: Step) -> None:
        if report is not None:
            await report(step)

    await tell(Step.READ)
    question = await _question(rule, asked)
    areas = await coverage.areas(rule, city()[0])
    await tell(Step.BEFORE)
    planned = await asyncio.to_thread(before, question)
    await tell(Step.AFTER)
    compared = await asyncio.to_thread(after, question, planned)
    cost = await cost_of(_works(rule, compared.visits))
    row = _row(asked, rule, question, areas, compared)
    row |= {
        "cost": msgspec.json.encode(cost).decode(),
        "milliseconds": round((time.monotonic() - began) * 1000),
    }
    return Answered(asked, compared, row)


async def keep_here(principal: Principal, answered: Answered, made_by: int) -> tuple[int, UUID]:
    """Keep an answer in the current transaction; return its id and its address."""
    asked, row = answered.asked, answered.row
    places = await database.fetch("SELECT id, code FROM place WHERE code = ANY ($1)", [asked.area, asked.at])
    ids = {place["code"]: place["id"] for place in places}
    digest = await store.keep(answered.compared.instance, row["week_start"])
    values = {"place_id": ids[asked.area], "at_place_id": ids[asked.at], "instance_sha256": digest, **row}
    scenario_id = await database.insert_row("dispatch_scenario", {**values, "made_by": made_by, "made_at": clock.now()})
    await audit.record(
        principal, "dispatch.scenario_asked", "dispatch_scenario", scenario_id,
        before=row["red_before"], after=row["red_after"],
    )  # fmt: skip
    public_id: UUID = await database.fetch_value("SELECT public_id FROM dispatch_scenario WHERE id = $1", scenario_id)
    return scenario_id, public_id


async def _question(rule: RuleView, asked: ScenarioForm) -> Question:
    """Read the week with a shift for each red place, an open one or one that could be made."""
    week = clock.week_start(asked.week)
    openings = await red_places(rule, asked.area, week)
    also = await possible(rule, [one for one in openings if one.reference is None], week)
    instance = await read_instance(asked.area, week, also=also)
    red = Counter(one.place.code[:DISTRICT] for one in openings)
    stationed = spread_over(asked.people, red) if asked.is_about_the_city else [asked.at] * asked.people
    points = await _points([*red, *stationed, asked.at])
    bases = {code: points[code] for code in red} if asked.is_about_the_city else dict.fromkeys(red, points[asked.at])
    there = {shift.id for shift in instance.shifts}
    kept = [one for one in openings if str(one.assignment_id) in there]
    homes = [points[code] for code in stationed]
    return Question(rule, kept, instance, asked.levers(), homes, bases, week, bounds_of(week)[0])


async def _points(codes: Collection[str]) -> dict[str, tuple[int, int]]:
    rows = await database.fetch("SELECT code, east_m, north_m FROM place WHERE code = ANY ($1)", list(codes))
    return {row["code"]: (row["east_m"], row["north_m"]) for row in rows}


def _works(rule: RuleView, visits: tuple[Visit, ...]) -> list[Work]:
    """Return the visits that would be made besides those that would be made anyway."""
    kind = rule.kind or Kind(USUAL_KINDS[rule.level])
    return [
        Work(
            kind.value,
            int((one.ends - one.starts).total_seconds() // 60),
            clock.local(one.starts).date(),
            rule.compensation,
        )
        for one in visits
        if one.helps and not one.helps_before
    ]


def _row(asked: ScenarioForm, rule: RuleView, question: Question, areas: list[AreaStatus], compared: Compared) -> Row:
    visits, red = compared.visits, {area.code: area.red for area in areas if area.red}
    here = sum(number for code, number in red.items() if code.startswith(asked.area))
    codes = {one.place.id: one.place.code[:DISTRICT] for one in question.openings}
    helped = Counter(codes[one.place_id] for one in visits if one.helps)
    would_be = {code: number - helped[code] for code, number in red.items()}
    answer = Answer(visits, compared.moves, compared.untouched, red, would_be, compared.loads)
    return {
        "rule_id": rule.id,
        "week_start": question.week,
        "people": asked.people,
        "credential": asked.credential.value,
        "weekday": asked.weekday,
        "radius_km": asked.radius_km,
        "weight": asked.weight.value if asked.weight else None,
        "weight_percent": asked.levers().percent,
        "before_vector": list(compared.before.vector or ()),
        "after_vector": list(compared.after.vector or ()),
        "places": sum(area.places for area in areas),
        "red_city": sum(red.values()),
        "red_before": here,
        "red_alone": here - sum(one.helps_before for one in visits),
        "red_after": here - sum(one.helps for one in visits),
        "exact": compared.exact,
        "answer": msgspec.json.encode(answer).decode(),
    }
