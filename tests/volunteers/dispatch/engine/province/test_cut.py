"""Who serves which city: as the plan of the first part needs them, else as they would at the prices."""

from __future__ import annotations

import numpy as np

from tests.volunteers.dispatch.engine.province.weeks import of_two_cities
from tests.volunteers.dispatch.engine.weeks import person, row, shift, week
from volunteers.dispatch.engine.homes import shift_cities
from volunteers.dispatch.engine.instance import Instance
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.province.cut import cut, first_part


def two_cities() -> Instance:
    shifts = [
        shift("S1", green=True),
        shift("S2", 720, place="away", green=True),
        shift("S3", 960),
        shift("S4", 960, place="away"),
    ]
    return of_two_cities(week([person("V1"), person("V2")], shifts))


def test_the_first_part_has_every_green_shift_and_what_is_scarce() -> None:
    problem = compile_problem(two_cities())
    prices = np.zeros(4)
    assert [s.id for s in first_part(problem, prices, 4).instance.shifts] == ["S1", "S2"]
    prices[3] = 2.0
    part = first_part(problem, prices, 4)
    assert [s.id for s in part.instance.shifts] == ["S1", "S2", "S4"]
    assert [v.id for v in part.instance.volunteers] == ["V1", "V2"]


def test_the_first_part_takes_the_scarcest_if_it_would_be_too_large_and_green_ones_always() -> None:
    problem = compile_problem(two_cities())
    prices = np.array([0.0, 0.0, 2.0, 3.0])
    assert [s.id for s in first_part(problem, prices, 3).instance.shifts] == ["S1", "S2", "S4"]
    assert [s.id for s in first_part(problem, prices, 1).instance.shifts] == ["S1", "S2"]


def test_people_belong_to_the_city_of_their_rows_and_keep_those_in_another() -> None:
    problem = compile_problem(two_cities())
    cities = shift_cities(problem.instance)
    wished = np.array([2, 2], np.int64)
    division = cut(problem, cities, wished, [row("S1", "V1"), row("S2", "V1")])
    assert division.city.tolist() == [1, 2]
    here, there = division.parts
    assert {v.id for v in here.instance.volunteers} == {"V1"}
    assert {(r.shift, r.volunteer) for r in here.instance.pinned} == {("S2", "V1")}
    assert {v.id for v in there.instance.volunteers} == {"V1", "V2"}
    assert {(r.shift, r.volunteer) for r in there.instance.pinned} == {("S2", "V1")}
    assert here.start == (row("S1", "V1"),)
