"""Asking what would be: the week is read once, planned twice, and the question kept with its answer."""

import asyncio
import time
from datetime import date
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
from volunteers.dispatch.input import store
from volunteers.dispatch.scenarios import rules
from volunteers.dispatch.scenarios.answers import Answer, Visit
from volunteers.dispatch.scenarios.comparing import Compared, Question, compare
from volunteers.dispatch.scenarios.costs import Work, cost_of
from volunteers.dispatch.scenarios.forms import ScenarioForm
from volunteers.dispatch.week import bounds_of, read_instance

DISTRICT = 6
"""How many digits the code of a district has."""


async def ask(principal: Principal, asked: ScenarioForm) -> UUID:
    """Answer a question about a district's week; return the address at which it is kept."""
    began, district = time.monotonic(), asked.at[:DISTRICT]
    principal.scope(Permission.DISPATCH_PLAN).require_place(district)
    rule, week = await coverage.rule_by_id(asked.rule), clock.week_start(asked.week)
    if not rule.in_force(clock.today()):
        raise NotFound
    if faults := rules.faults(asked.levers(), rule.credentials_any, week, clock.today()):
        raise InvalidInput(faults)
    question = await _question(rule, district, week, asked)
    areas = await coverage.areas(rule, city()[0])
    compared = await asyncio.to_thread(compare, question)
    cost = await cost_of(_works(rule, compared.visits))
    row = _row(asked, rule, question, areas, compared)
    row |= {
        "cost": msgspec.json.encode(cost).decode(),
        "milliseconds": round((time.monotonic() - began) * 1000),
        "made_by": principal.actor,
        "made_at": clock.now(),
    }
    return await _keep(principal, row, compared, district, asked.at, week)


async def _question(rule: RuleView, district: str, week: date, asked: ScenarioForm) -> Question:
    """Read the week with a shift for each red place, an open one or one that could be made."""
    openings = await red_places(rule, district, week)
    if not openings:
        raise rules.NothingIsRed
    also = await possible(rule, [one for one in openings if one.reference is None], week)
    instance = await read_instance(district, week, also=also)
    home = await database.fetch_one("SELECT east_m, north_m FROM place WHERE code = $1", asked.at)
    if home is None:
        raise NotFound
    there = {shift.id for shift in instance.shifts}
    kept = [one for one in openings if str(one.assignment_id) in there]
    point = home["east_m"], home["north_m"]
    return Question(rule, kept, instance, asked.levers(), point, week, bounds_of(week)[0])


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
    district, visits = asked.at[:DISTRICT], compared.visits
    red = {area.code: area.red for area in areas if area.red}
    here = red.get(district, 0)
    answer = Answer(visits, compared.moves, compared.untouched, red)
    return {
        "rule_id": rule.id,
        "week_start": question.week,
        "people": asked.people,
        "credential": asked.credential.value,
        "weekday": asked.weekday,
        "radius_km": asked.radius_km,
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


async def _keep(principal: Principal, row: Row, compared: Compared, district: str, at: str, week: date) -> UUID:
    places = await database.fetch("SELECT id, code FROM place WHERE code = ANY ($1)", [district, at])
    ids = {place["code"]: place["id"] for place in places}
    async with transaction():
        digest = await store.keep(compared.instance, week)
        values = {"place_id": ids[district], "at_place_id": ids[at], "instance_sha256": digest, **row}
        scenario_id = await database.insert_row("dispatch_scenario", values)
        await audit.record(
            principal, "dispatch.scenario_asked", "dispatch_scenario", scenario_id,
            before=row["red_before"], after=row["red_after"],
        )  # fmt: skip
        public_id: UUID = await database.fetch_value(
            "SELECT public_id FROM dispatch_scenario WHERE id = $1", scenario_id
        )
    return public_id
