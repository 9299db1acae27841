"""Parts are weeks of their own, and their plans fit beside what is outside of them."""

from __future__ import annotations

import msgspec
from hypothesis import given

from tests.conftest import rounds
from tests.volunteers.dispatch.engine.province.weeks import of_two_cities, small_provinces
from tests.volunteers.dispatch.engine.weeks import first_plan, person, quick, row, seat, shift, week
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.instance import Cancellation, Instance, Plan
from volunteers.dispatch.engine.province.parts import Cutter
from volunteers.dispatch.engine.solve import solve
from volunteers.dispatch.engine.validation import faults_of


@quick(rounds(60, 2000))
@given(small_provinces(5, 6))
def test_any_plan_of_a_part_fits_beside_the_rest_of_the_plan(instance: Instance) -> None:
    rows = first_plan(instance).assignments
    inside = {shift.id for shift in instance.shifts[::2]}
    people = {volunteer.id for volunteer in instance.volunteers[::2]}
    part = Cutter(instance).part("part", inside, people, rows)
    assert faults_of(part.instance) == []
    planned = solve(part.instance, start=part.start)
    together = (set(rows) - set(part.start)) | set(planned.plan.assignments)
    left = list(check(instance, Plan(instance.name, tuple(together))).violations)
    assert {violation.rule for violation in left} <= {8, 9}
    mine = [r for r in together if r.shift in inside and r.volunteer not in people and r not in instance.pinned]
    if not mine:
        assert left == []


def test_what_somebody_does_elsewhere_counts_against_their_time() -> None:
    both = of_two_cities(week([person("V1")], [shift("S1"), shift("S2", place="away")]))
    part = Cutter(both).part("part", {"S2"}, {"V1"}, [row("S1", "V1")])
    assert [r.shift for r in part.instance.pinned] == ["S1"]
    assert solve(part.instance).plan.assignments == (row("S1", "V1"),)
    assert solve(Cutter(both).part("part", {"S2"}, {"V1"}).instance).plan.assignments == (row("S2", "V1"),)


def test_a_shift_elsewhere_has_seats_for_its_own_rows_alone() -> None:
    two_seats = shift("S1", positions=(seat("lawyer", 1, 2), seat("helper", 0, 1)))
    both = of_two_cities(week([person("V1"), person("V2")], [two_seats, shift("S2", 900, place="away")]))
    part = Cutter(both).part("part", {"S2"}, {"V1", "V2"}, [row("S1", "V1")])
    there = {s.id: s for s in part.instance.shifts}["S1"]
    assert [(p.id, p.min, p.max) for p in there.positions] == [("lawyer", 0, 1)]


def test_somebody_of_another_part_comes_for_their_pinned_row_alone() -> None:
    shifts = [shift("S1", place="away"), shift("S2", 900, place="away")]
    both = of_two_cities(week([person("V1")], shifts, pinned=(row("S1", "V1"),)))
    part = Cutter(both).part("part", {"S1", "S2"}, set())
    assert solve(part.instance).plan.assignments == (row("S1", "V1"),)


def test_who_is_away_is_not_free() -> None:
    away = of_two_cities(week([person("V1")], [shift("S1"), shift("S2", 600), shift("S3", 900)]))
    away = msgspec.structs.replace(away, cancelled=(Cancellation("S1", "V1"),))
    part = Cutter(away).part("part", {"S2", "S3"}, {"V1"})
    assert part.instance.cancelled == ()
    assert solve(part.instance).plan.assignments == (row("S3", "V1"),)
