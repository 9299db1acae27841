"""Small weeks for the tests: hand-made ones with sound defaults, and random ones for hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.greedy import greedy
from volunteers.dispatch.engine.instance import (
    Assignment,
    Cancellation,
    Credential,
    District,
    Gender,
    Instance,
    Place,
    PlaceKind,
    Plan,
    Position,
    Rules,
    Shift,
    ShiftKind,
    Travel,
    Vector,
    Volunteer,
    Weights,
)
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.roster import assignments_of
from volunteers.dispatch.engine.validation import faults_of

EXAMPLES = Path(__file__).parents[1] / "examples"
DAY = 1440
RULES = Rules(500, 10, 750, Weights(fairness=20, preference=8, km=1, continuity=6))
HERE = Place("here", "D1", PlaceKind.STATION, 0, 0, shortage=False)
AWAY = Place("away", "D1", PlaceKind.VILLAGE, 3000, 4000, shortage=True)


def quick(examples: int) -> settings:
    """The same few examples in every run; how long the drawing takes is no fault."""
    return settings(deadline=None, max_examples=examples, derandomize=True, suppress_health_check=list(HealthCheck))


def person(name: str, **changes: Any) -> Volunteer:
    """Somebody who lives at HERE and may do anything."""
    sound = Volunteer(
        id=name,
        x=0,
        y=0,
        gender=Gender.FEMALE,
        credentials=(Credential("lawyer", verified=True),),
        skills=("labor",),
        languages=("mandarin",),
        available=((0, 7 * DAY),),
        max_minutes_day=600,
        max_minutes_week=3000,
        max_shifts_week=9,
        max_travel_m=50_000,
    )
    return msgspec.structs.replace(sound, **changes)


def seat(name: str = "lawyer", least: int = 1, most: int = 1, **changes: Any) -> Position:
    return msgspec.structs.replace(Position(name, least, most), **changes)


def shift(name: str, start: int = 540, minutes: int = 120, **changes: Any) -> Shift:
    """A plain shift at HERE on Monday at nine with one seat."""
    plain = Shift(
        name, ShiftKind.DUTY, "here", start, start + minutes, green=False, continuity=False, positions=(seat(),)
    )
    return msgspec.structs.replace(plain, **changes)


def week(volunteers: Iterable[Volunteer], shifts: Iterable[Shift], **changes: Any) -> Instance:
    districts, places = (District("D1"),), (HERE, AWAY)
    plain = Instance("week", 7, RULES, districts, places, tuple(volunteers), tuple(shifts))
    return msgspec.structs.replace(plain, **changes)


def row(where: str, who: str, position: str = "lawyer") -> Assignment:
    return Assignment(where, position, who)


def plan(*rows: Assignment) -> Plan:
    return Plan("week", rows)


def first_plan(instance: Instance) -> Plan:
    """A valid plan of a valid week, found at once."""
    problem = compile_problem(instance)
    return Plan(instance.name, tuple(assignments_of(problem, greedy(problem).chosen())))


def best_vector(instance: Instance) -> Vector:
    """The optimum by trying every set of eligible rows."""
    return min(vectors_of_all_plans(instance))


def vectors_of_all_plans(instance: Instance) -> set[Vector]:
    """What every valid set of eligible rows is worth."""
    rows = eligible_rows(instance)
    candidates = (subset for size in range(len(rows) + 1) for subset in combinations(rows, size))
    results = (check(instance, Plan(instance.name, subset)) for subset in candidates)
    return {result.vector for result in results if result.valid}


def eligible_rows(instance: Instance) -> list[Assignment]:
    directory = Directory.of(instance)
    return [
        Assignment(s.id, p.id, v.id)
        for s in instance.shifts
        for p in s.positions
        for v in instance.volunteers
        if directory.refusal(v, s, p) is None
    ]


def _rows(instance: Instance) -> Iterator[Assignment]:
    for s in instance.shifts:
        for p in s.positions:
            for v in instance.volunteers:
                yield Assignment(s.id, p.id, v.id)


@st.composite
def _people(draw: st.DrawFn, name: str) -> Volunteer:
    def choose(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    credential = Credential(choose("lawyer", "mediator"), choose(True, True, False), choose(None, None, 0, 1))
    window = choose((0, 7 * DAY), (0, 7 * DAY), (480, 720), (540, DAY + 780))
    return person(
        name,
        gender=choose(*Gender),
        x=choose(0, 2500),
        credentials=choose((), (credential,), (credential,)),
        skills=choose((), ("labor",), ("labor",)),
        available=(window,),
        max_minutes_day=choose(120, 240, 600),
        max_minutes_week=choose(120, 300, 3000),
        max_shifts_week=choose(1, 2, 3),
        max_travel_m=choose(2000, 50_000, 50_000),
        conflict_parties=choose((), (), ("O1",)),
        recent_shifts=choose(0, 1, 3),
        preferred_kinds=choose((), (ShiftKind.DUTY,), (ShiftKind.LECTURE,)),
        familiar_places=choose((), ("here",)),
    )


@st.composite
def _shifts(draw: st.DrawFn, name: str) -> Shift:
    def choose(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    first = seat("first", choose(0, 1, 1), choose(1, 2), credentials_any=choose((), ("lawyer",)))
    second = seat(
        "second", choose(0, 1), 1, skills_all=choose((), ("labor",)), gender=choose(None, None, Gender.FEMALE)
    )
    return shift(
        name,
        start=choose(540, 660, 690, 1080, DAY + 540),
        minutes=choose(60, 120, 180),
        place=choose("here", "here", "away"),
        kind=choose(ShiftKind.DUTY, ShiftKind.LECTURE),
        green=choose(False, True),
        continuity=choose(False, True),
        parties=choose((), (), ("O1",)),
        positions=choose((first,), (first, second)),
    )


KNOWN_WAYS: tuple[tuple[Travel, ...] | msgspec.UnsetType, ...] = (
    *(msgspec.UNSET, msgspec.UNSET, ()),
    (Travel("here", "away", 90),),
    (Travel("here", "away", 5), Travel("away", "here", 200)),
)
"""None, longer than the estimate of 24 minutes in one direction, shorter in one and longer in the other."""


@st.composite
def small_weeks(draw: st.DrawFn, most_people: int = 4, most_shifts: int = 4) -> Instance:
    """A valid week, some of its rows pinned, cancelled or in a previous plan."""
    people = [draw(_people(f"V{n}")) for n in range(draw(st.integers(1, most_people)))]
    shifts = [draw(_shifts(f"S{n}")) for n in range(draw(st.integers(1, most_shifts)))]
    instance = week(people, shifts, travel=draw(st.sampled_from(KNOWN_WAYS)))
    chosen = draw(
        st.lists(st.sampled_from(list(_rows(instance))), max_size=3, unique_by=lambda r: (r.shift, r.volunteer))
    )
    called_off = draw(st.lists(st.sampled_from(list(_rows(instance))), max_size=1))
    cancelled = tuple(Cancellation(r.shift, r.volunteer) for r in called_off)
    instance = msgspec.structs.replace(instance, previous=tuple(chosen), cancelled=cancelled)
    for candidate in draw(st.lists(st.sampled_from(list(_rows(instance))), max_size=2)):
        pinned = msgspec.structs.replace(instance, pinned=(*instance.pinned, candidate))
        instance = instance if faults_of(pinned) else pinned
    return instance


def tiny_weeks() -> st.SearchStrategy[Instance]:
    """Weeks with few enough eligible rows to try every plan."""
    return small_weeks(3, 3).filter(lambda instance: len(eligible_rows(instance)) <= 9)
