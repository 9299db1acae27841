"""Reading questions with their answers: names, and how the places stand by now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from app.core.text import Words
from marketplace.places.names import city
from volunteers.coverage import queries as coverage
from volunteers.coverage.demand.queries import load_of
from volunteers.coverage.queries import PlaceStatus, RuleView
from volunteers.dispatch.engine.instance import Vector
from volunteers.dispatch.scenarios.answers import Answer
from volunteers.dispatch.scenarios.forms import DISTRICT
from volunteers.dispatch.scenarios.rules import Weight
from volunteers.people.credentials.rules import CredentialKind

WORKING_DAYS, THURSDAY = range(5), 3
TIME_TO_ANSWER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """A question and what came out; ``run`` is the plan that was published of it."""

    public_id: UUID
    rule: UUID
    place_code: str
    place_zh: str
    place_en: str
    at_code: str
    at_zh: str
    at_en: str
    week_start: date
    people: int
    credential: CredentialKind
    weekday: int | None
    radius_km: int
    weight: Weight | None
    percent: int
    before: Vector
    after: Vector
    places: int
    red_city: int
    red_before: int
    red_alone: int
    red_after: int
    exact: bool
    answer: Answer
    milliseconds: int
    made_by: str
    made_at: datetime
    run: UUID | None
    called: int | None
    published_at: datetime | None
    input_kept: bool

    @property
    def day(self) -> date | None:
        """Return the day on which the new people would come; None for all week."""
        return None if self.weekday is None else self.week_start + timedelta(days=self.weekday)

    @property
    def red_city_after(self) -> int:
        """Return how many would be red in the whole city."""
        return self.red_city - self.red_before + self.red_after

    @property
    def is_about_the_city(self) -> bool:
        """Tell whether all of the city was planned."""
        return len(self.place_code) < DISTRICT

    @property
    def over(self) -> bool:
        """Tell whether nothing can be published of it any more."""
        return not self.input_kept or self.week_start + timedelta(days=7) <= clock.today()


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A question in a list."""

    public_id: UUID
    place_zh: str
    place_en: str
    week_start: date
    people: int
    credential: CredentialKind
    weekday: int | None
    radius_km: int
    weight: Weight | None
    percent: int
    red_before: int
    red_after: int
    made_by: str
    made_at: datetime
    published: bool


_SCENARIO = """
SELECT s.public_id, rule.public_id AS rule, place.code AS place_code, place.name_zh AS place_zh,
       place.name_en AS place_en, at.code AS at_code, at.name_zh AS at_zh, at.name_en AS at_en, s.week_start, s.people,
       s.credential, s.weekday, s.radius_km, s.weight, s.weight_percent AS percent,
       s.before_vector AS before, s.after_vector AS after, s.places, s.red_city,
       s.red_before, s.red_alone, s.red_after, s.exact, s.answer::text AS answer, s.milliseconds,
       maker.display_name AS made_by, s.made_at, r.public_id AS run, s.called, s.published_at,
       EXISTS (SELECT FROM dispatch_input i WHERE i.sha256 = s.instance_sha256) AS input_kept
FROM dispatch_scenario s JOIN place ON place.id = s.place_id JOIN place AS at ON at.id = s.at_place_id
JOIN coverage_rule rule ON rule.id = s.rule_id JOIN account maker ON maker.id = s.made_by
LEFT JOIN dispatch_run r ON r.id = s.run_id WHERE s.public_id = $1
"""
_LATEST = """
SELECT s.public_id, place.name_zh AS place_zh, place.name_en AS place_en, s.week_start, s.people, s.credential,
       s.weekday, s.radius_km, s.weight, s.weight_percent AS percent,
       s.red_before, s.red_after, maker.display_name AS made_by, s.made_at,
       s.run_id IS NOT NULL AS published
FROM dispatch_scenario s JOIN place ON place.id = s.place_id JOIN account maker ON maker.id = s.made_by
WHERE place.code = $1 ORDER BY s.id DESC LIMIT $2
"""


async def scenario(principal: Principal, public_id: UUID) -> ScenarioView:
    """Return a question of the planner's places."""
    row = await database.fetch_one(_SCENARIO, public_id)
    if row is None or not principal.scope(Permission.DISPATCH_PLAN).covers_place(row["place_code"]):
        raise NotFound
    return ScenarioView(
        **{
            **row,
            "credential": CredentialKind(row["credential"]),
            "weight": Weight(row["weight"]) if row["weight"] else None,
            "before": Vector(*row["before"]),
            "after": Vector(*row["after"]),
            "answer": database.decoded(row["answer"], Answer),
        }
    )


async def latest(district: str, limit: int = 6) -> list[ScenarioLine]:
    """Return the latest questions about a district."""
    rows = await database.fetch(_LATEST, district, limit)
    kinds = [
        {"credential": CredentialKind(row["credential"]), "weight": Weight(row["weight"]) if row["weight"] else None}
        for row in rows
    ]
    return [ScenarioLine(**{**row, **kind}) for row, kind in zip(rows, kinds, strict=True)]


async def people_of(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of people by id."""
    rows = await database.fetch("SELECT id, name FROM person WHERE id = ANY ($1)", list(ids))
    return {row["id"]: row["name"] for row in rows}


async def places_of(codes: Iterable[str]) -> dict[str, Words]:
    """Return the names of places by code."""
    rows = await database.fetch("SELECT code, name_zh, name_en FROM place WHERE code = ANY ($1)", list(codes))
    return {row["code"]: Words(row["name_zh"], row["name_en"]) for row in rows}


async def standing_now(rule: RuleView, district: str) -> dict[int, PlaceStatus]:
    """Return how the places of a district stand now, by id."""
    return {place.id: place for place in await coverage.places(rule, district)}


async def red_now(rule: RuleView) -> dict[str, int]:
    """Return how many places are red now, by district."""
    return {area.code: area.red for area in await coverage.areas(rule, city()[0]) if area.red}


async def quietest_day(district: str, week: date) -> int:
    """Return the working day of a week with the fewest shifts of a district, late enough for people to answer.

    Of equal ones the one nearest to Thursday: markets and Mondays are over, and it is not yet the weekend.
    """
    towns = await database.fetch("SELECT code FROM place WHERE level = 'town' AND starts_with(code, $1)", district)
    load = await load_of([town["code"] for town in towns], clock.now())
    first = clock.today() + TIME_TO_ANSWER
    days = [day for day in WORKING_DAYS if week + timedelta(days=day) >= first] or list(WORKING_DAYS)

    def shifts_on(day: int) -> tuple[int, int]:
        date_of_it = week + timedelta(days=day)
        return sum(number for (_, on), number in load.items() if on == date_of_it), abs(day - THURSDAY)

    return min(days, key=shifts_on)


async def stations_of(district: str) -> Sequence[tuple[str, Words]]:
    """Return the district and its towns, or the city and its districts: where new people can be stationed."""
    rows = await database.fetch(
        "SELECT code, name_zh, name_en FROM place WHERE code = $1 OR level = $2 AND starts_with(code, $1)"
        " ORDER BY length(code), code",
        *(district, "town" if len(district) == DISTRICT else "district"),
    )
    return [(row["code"], Words(row["name_zh"], row["name_en"])) for row in rows]
