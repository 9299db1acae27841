"""The fast arrays of `pairs` say the same as the plain reading of the rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.volunteers.dispatch.engine.weeks import AWAY, HERE, RULES, eligible_rows, person, shift, small_weeks, week
from volunteers.dispatch.engine.clashes import ReckonedClashes, clash_matrix
from volunteers.dispatch.engine.conflicts import clash
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.generate import generate
from volunteers.dispatch.engine.instance import Assignment, Instance, Travel, known_ways, travel_minutes
from volunteers.dispatch.engine.pairs import eligible_pairs

quick = settings(deadline=None, max_examples=50, derandomize=True)


def rows_of_pairs(instance: Instance) -> list[Assignment]:
    seats = [(s.id, p.id) for s in instance.shifts for p in s.positions]
    pairs = eligible_pairs(instance)
    columns = zip(pairs.position.tolist(), pairs.volunteer.tolist(), strict=True)
    rows = ((*seats[position], instance.volunteers[who].id) for position, who in columns)
    return [Assignment(shift_id, seat_id, volunteer) for shift_id, seat_id, volunteer in rows]


def plain_clashes(instance: Instance) -> list[list[bool]]:
    directory = Directory.of(instance)
    return [[clash(instance.rules, directory, a, b) for b in instance.shifts] for a in instance.shifts]


def reckoned(instance: Instance) -> list[list[bool]]:
    every, reckoned_clashes = np.arange(len(instance.shifts)), ReckonedClashes(instance)
    clashes: list[list[bool]] = reckoned_clashes[np.ix_(every, every)].tolist()
    assert clashes == [[reckoned_clashes.between(a, b) for b in every.tolist()] for a in every.tolist()]
    return clashes


@quick
@given(small_weeks())
def test_eligible_pairs_are_exactly_those_no_rule_refuses(instance: Instance) -> None:
    assert rows_of_pairs(instance) == eligible_rows(instance)


@quick
@given(small_weeks())
def test_the_clash_matrix_is_rule_six(instance: Instance) -> None:
    assert clash_matrix(instance).tolist() == plain_clashes(instance) == reckoned(instance)


def test_a_generated_town_agrees_too() -> None:
    instance = generate("town", 6)
    assert rows_of_pairs(instance) == eligible_rows(instance)
    assert clash_matrix(instance).tolist() == plain_clashes(instance) == reckoned(instance)


def test_travel_is_rounded_up_and_nothing_at_the_same_place() -> None:
    assert travel_minutes(RULES, HERE, AWAY) == 10 + 14
    assert travel_minutes(RULES, HERE, HERE) == 0


def test_a_known_way_counts_in_its_direction_alone() -> None:
    known = known_ways(week([], [], travel=(Travel("here", "away", 90),)))
    assert travel_minutes(RULES, HERE, AWAY, known) == 90
    assert travel_minutes(RULES, AWAY, HERE, known) == 24
    assert known_ways(week([], [])) == {}


@pytest.mark.parametrize(("minutes", "apart"), [(5, False), (59, False), (60, False), (61, True), (90, True)])
def test_the_clash_matrix_knows_the_way(minutes: int, apart: bool) -> None:
    shifts = [shift("S1"), shift("S2", 720, place="away"), shift("S3", 840)]
    known = week([], shifts, travel=(Travel("here", "away", minutes),))
    assert clash_matrix(known).tolist() == plain_clashes(known) == reckoned(known)
    assert (clash_matrix(known)[0, 1], clash_matrix(known)[1, 2]) == (apart, True)


def test_costs_count_kilometres_preferences_and_unfamiliar_places() -> None:
    stranger = person("V1", x=1999, preferred_kinds=("lecture",))
    regular = person("V2", familiar_places=("here",))
    pairs = eligible_pairs(week([stranger, regular], [shift("S1", continuity=True)]))
    assert pairs.cost.tolist() == [8 + 1 + 6, 0]


def test_a_week_without_shifts_has_no_pairs() -> None:
    assert len(eligible_pairs(week([person("V1")], []))) == 0
    assert clash_matrix(week([], [])).shape == (0, 0)
    assert np.asarray(eligible_pairs(week([], [shift("S1")])).cost).size == 0
