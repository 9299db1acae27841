"""Each hard rule: the tempting plan that breaks it is named by `check`, and `solve` resists it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.volunteers.dispatch.engine.weeks import DAY, person, plan, row, seat, shift, week
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.instance import Assignment, Cancellation, Credential, Gender, Instance, Travel
from volunteers.dispatch.engine.solve import Effort, solve


@dataclass(frozen=True)
class Temptation:
    """A week and rows that would fill its seats, were it not for one rule."""

    rule: int
    instance: Instance
    rows: tuple[Assignment, ...]


def _one(
    rule: int,
    seat_changes: dict[str, Any] | None = None,
    shift_changes: dict[str, Any] | None = None,
    **who: Any,
) -> Temptation:
    only = shift("S1", **{"positions": (seat(**(seat_changes or {})),), **(shift_changes or {})})
    return Temptation(rule, week([person("V1", **who)], [only]), (row("S1", "V1"),))


def _two(rule: int, second: dict[str, Any], **who: Any) -> Temptation:
    instance = week([person("V1", **who)], [shift("S1"), shift("S2", **second)])
    return Temptation(rule, instance, (row("S1", "V1"), row("S2", "V1")))


def _late(rule: int, rest: int) -> Temptation:
    """A shift that ends on Monday at ten in the evening, and one that many minutes later."""
    shifts = shift("S1", 20 * 60), shift("S2", 22 * 60 + rest)
    return Temptation(rule, week([person("V1")], shifts), (row("S1", "V1"), row("S2", "V1")))


def _way(minutes: int, gap: int) -> Temptation:
    """A shift at HERE and one at AWAY so many minutes later, with a way that is known to take longer."""
    instance = week(
        [person("V1")], [shift("S1"), shift("S2", 660 + gap, place="away")], travel=(Travel("here", "away", minutes),)
    )
    return Temptation(6, instance, (row("S1", "V1"), row("S2", "V1")))


LAWYER = {"credentials_any": ("lawyer",)}
TWO_SEATS = (seat("lawyer", 1, 1), seat("helper", 1, 1))
TEMPTATIONS = {
    "available only until the middle of the shift": _one(1, available=((0, 600),)),
    "available in two windows that touch within the shift": _one(1, available=((0, 600), (600, DAY))),
    "no listed credential": _one(2, LAWYER, credentials=(Credential("mediator", verified=True),)),
    "credential not verified": _one(2, LAWYER, credentials=(Credential("lawyer", verified=False),)),
    "credential expired before the day of the end": _one(
        2, LAWYER, {"start": DAY - 60}, credentials=(Credential("lawyer", verified=True, expires=0),)
    ),
    "a skill missing": _one(3, {"skills_all": ("labor", "land")}),
    "a language missing": _one(3, {"languages_all": ("sign",)}),
    "another gender wanted": _one(3, {"gender": Gender.MALE}),
    "a party of the case is a client": _one(4, None, {"parties": ("O1", "O2")}, conflict_parties=("O2",)),
    "less time than the way is known to take": _way(90, 89),
    "one metre too far": _one(5, None, {"place": "away"}, max_travel_m=6999),
    "two shifts at once": _two(6, {"start": 600}),
    "no time to travel": _two(6, {"start": 660 + 23, "place": "away"}),
    "too little rest between two days": _late(6, 749),
    "two seats of one shift": Temptation(
        6,
        week([person("V1")], [shift("S1", positions=TWO_SEATS)]),
        (row("S1", "V1"), row("S1", "V1", "helper")),
    ),
    "too many minutes on a day": _two(7, {"start": 900}, max_minutes_day=239),
    "too many minutes in the week": _two(7, {"start": 2 * DAY}, max_minutes_week=239),
    "too many shifts": _two(7, {"start": 2 * DAY}, max_shifts_week=1),
    "more people than seats": Temptation(
        8, week([person("V1"), person("V2")], [shift("S1")]), (row("S1", "V1"), row("S1", "V2"))
    ),
    "sent to a shift that lacks somebody": Temptation(
        9, week([person("V1")], [shift("S1", positions=TWO_SEATS)]), (row("S1", "V1"),)
    ),
    "a sign-up forgotten for somebody cheaper": Temptation(
        10,
        week([person("V1", recent_shifts=9), person("V2")], [shift("S1")], pinned=(row("S1", "V1"),)),
        (row("S1", "V2"),),
    ),
    "away for a cancelled shift that overlaps": Temptation(
        11,
        week([person("V1")], [shift("S1"), shift("S2", 620, positions=())], cancelled=(Cancellation("S2", "V1"),)),
        (row("S1", "V1"),),
    ),
}
both_searches = pytest.mark.parametrize(
    "effort", [Effort(), Effort(exact_pairs=-1, price_steps=30, bound_steps=30)], ids=["exact", "local"]
)
temptations = pytest.mark.parametrize("temptation", TEMPTATIONS.values(), ids=TEMPTATIONS)


@temptations
def test_check_names_the_broken_rule(temptation: Temptation) -> None:
    result = check(temptation.instance, plan(*temptation.rows))
    assert not result.valid
    assert {violation.rule for violation in result.violations} == {temptation.rule}


@temptations
@both_searches
def test_solve_resists_the_temptation(temptation: Temptation, effort: Effort) -> None:
    assert check(temptation.instance, solve(temptation.instance, effort=effort).plan).violations == ()


ALLOWED = {
    "a shift that fills the window exactly": _one(0, available=((540, 660),)),
    "credential valid on its last day": _one(0, LAWYER, credentials=(Credential("lawyer", verified=True, expires=0),)),
    "exactly as far as they travel": _one(0, None, {"place": "away"}, max_travel_m=7000),
    "just enough time to travel": _two(0, {"start": 660 + 24, "place": "away"}),
    "one after the other at the same place": _two(0, {"start": 660}),
    "just enough rest": _late(0, 750),
    "exactly the minutes of a day": _two(0, {"start": 900}, max_minutes_day=240),
    "exactly the minutes of a week": _two(0, {"start": 2 * DAY}, max_minutes_week=240),
}


@pytest.mark.parametrize("case", ALLOWED.values(), ids=ALLOWED)
def test_what_is_just_allowed_is_valid_and_is_done(case: Temptation) -> None:
    assert check(case.instance, plan(*case.rows)).valid
    assert solve(case.instance).vector.empty_seats == 0


def test_pinned_people_may_stand_on_a_shift_that_is_not_held() -> None:
    instance = week([person("V1")], [shift("S1", positions=TWO_SEATS)], pinned=(row("S1", "V1"),))
    solution = solve(instance)
    assert solution.plan.assignments == (row("S1", "V1"),)
    assert check(instance, solution.plan).valid
    assert solution.vector[2:4] == (1, 1)


def test_a_cancellation_takes_the_pinned_row_away() -> None:
    cancelled = (Cancellation("S1", "V1"),)
    instance = week([person("V1")], [shift("S1")], pinned=(row("S1", "V1"),), cancelled=cancelled)
    assert check(instance, solve(instance).plan).valid
    assert solve(instance).plan.assignments == ()


def test_a_plan_for_another_week_or_with_unknown_ids_is_named() -> None:
    instance = week([person("V1")], [shift("S1")], name="other")
    result = check(instance, plan(row("S1", "V9"), row("S9", "V1"), row("S1", "V1", "judge")))
    assert [violation.rule for violation in result.violations] == [0, 0, 0, 0]
