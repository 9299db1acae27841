"""One cancellation: who is sent instead, who is left alone, and what is given up where nobody can be sent."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import rounds
from tests.volunteers.dispatch.engine.weeks import (
    DAY,
    EXAMPLES,
    best_vector,
    person,
    plan,
    quick,
    row,
    seat,
    shift,
    small_weeks,
    tiny_weeks,
    week,
)
from volunteers.dispatch.engine import files
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.generate import generate
from volunteers.dispatch.engine.instance import Assignment, Cancellation, Instance, Plan, Volunteer
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.repair import Repairer
from volunteers.dispatch.engine.repair_answer import Move, Seat, Taken
from volunteers.dispatch.engine.restart import repaired
from volunteers.dispatch.engine.roster import assignments_of
from volunteers.dispatch.engine.solve import solve

TUESDAY = DAY + 540


def only(name: str, *skills: str, **changes: object) -> Volunteer:
    """Somebody with these skills and no others."""
    return person(name, skills=skills, **changes)


def needing(skill: str, name: str = "lawyer", least: int = 1, most: int = 1):  # noqa: ANN201 - a Position
    return seat(name, least, most, skills_all=(skill,))


def test_somebody_free_takes_the_seat_and_nobody_else_is_disturbed() -> None:
    instance = week([person("V1"), person("V2", x=9000), person("V3", x=5000)], [shift("S1")])
    repair = Repairer(instance, plan(row("S1", "V1"))).cancel("S1", "V1")
    assert repair.restored
    assert repair.after.changes == 0
    assert repair.moves == (
        Move("V1", (), (Seat("S1", "lawyer"),)),
        Move("V3", (Taken("S1", "lawyer", instead_of="V1"),), ()),
    )


def test_a_chain_says_who_goes_where_instead_of_whom() -> None:
    people = [only("V1", "a"), only("V2", "a", "b"), only("V3", "b")]
    shifts = [shift("S1", positions=(needing("a"),)), shift("S2", positions=(needing("b"),))]
    repair = Repairer(week(people, shifts), plan(row("S1", "V1"), row("S2", "V2"))).cancel("S1", "V1")
    assert repair.restored
    assert repair.after.changes == 1
    assert {move.volunteer: move.takes for move in repair.moves} == {
        "V1": (),
        "V2": (Taken("S1", "lawyer", instead_of="V1"),),
        "V3": (Taken("S2", "lawyer", instead_of="V2"),),
    }


def test_somebody_gives_up_two_seats_where_no_chain_helps() -> None:
    people = [only("V1", "a"), only("V2", "a", "b", "c"), only("V3", "b"), only("V4", "c")]
    long = shift("S1", 540, 300, positions=(needing("a"),))
    short = [shift("S2", 540, 60, positions=(needing("b"),)), shift("S3", 660, 60, positions=(needing("c"),))]
    in_force = plan(row("S1", "V1"), row("S2", "V2"), row("S3", "V2"))
    repair = Repairer(week(people, [long, *short]), in_force).cancel("S1", "V1")
    assert repair.restored
    assert repair.after.changes == 2


def test_hours_that_a_shorter_shift_leaves_are_used() -> None:
    """V2 changes places with V3, which leaves the hours for the seat of V1 as well."""
    people = [
        only("V1", "a"),
        only("V2", "a", "b", "c", max_minutes_day=240),
        only("V3", "b", "c", max_minutes_day=180, available=((540, 720),)),
    ]
    lost = shift("S1", 900, 120, positions=(needing("a"),))
    others = [shift("S2", 540, 180, positions=(needing("b"),)), shift("S3", 540, 120, positions=(needing("c"),))]
    in_force = plan(row("S1", "V1"), row("S2", "V2"), row("S3", "V3"))
    repair = Repairer(week(people, [lost, *others]), in_force).cancel("S1", "V1")
    assert repair.restored
    assert repair.after.changes == 2


def test_a_seat_beside_others_is_lost_before_a_shift() -> None:
    pair_of_seats = shift("S2", positions=(seat(most=2),))
    instance = week([person("V1"), person("V2"), person("V3")], [shift("S1"), pair_of_seats])
    in_force = plan(row("S1", "V1"), row("S2", "V2"), row("S2", "V3"))
    repair = Repairer(instance, in_force).cancel("S1", "V1")
    assert repair.after[:4] == (0, 0, 0, 1)
    assert repair.given_up == ()
    assert repair.empty == (Seat("S2", "lawyer"),)


def test_an_ordinary_shift_is_given_up_for_a_green_one() -> None:
    instance = week([person("V1"), person("V2")], [shift("S1", green=True), shift("S2")])
    repair = Repairer(instance, plan(row("S1", "V1"), row("S2", "V2"))).cancel("S1", "V1")
    assert repair.after[:4] == (0, 0, 1, 1)
    assert repair.given_up == ("S2",)


def test_whoever_a_given_up_shift_sets_free_holds_another() -> None:
    """V1 stays away from S1; V2, who cannot hold it alone, holds S2 instead: as many shifts as before."""
    both = shift("S1", positions=(seat("first", skills_all=("a",)), seat("second")))
    instance = week([only("V1", "a"), person("V2")], [both, shift("S2", positions=(seat(least=1, most=2),))])
    in_force = plan(row("S1", "V1", "first"), row("S1", "V2", "second"))
    repair = Repairer(instance, in_force).cancel("S1", "V1")
    assert (repair.before[:3], repair.after[:3]) == ((0, 0, 1), (0, 0, 1))
    assert repair.given_up == ("S1",)


def test_people_away_are_away_from_everything_at_that_time() -> None:
    instance = week([person("V1")], [shift("S1"), shift("S2", 600), shift("S3", TUESDAY)])
    repairer = Repairer(instance, plan(row("S2", "V1"), row("S3", "V1")))
    repair = repairer.cancel("S1", "V1")
    assert [r.shift for r in repairer.plan.assignments] == ["S3"]
    assert repair.after.changes == 0


def test_pinned_people_stay_where_they_are() -> None:
    people, shifts = [person("V1"), only("V2", "a", "labor"), only("V3", "a")], [shift("S1"), shift("S2")]
    pinned = (row("S2", "V2"),)
    instance = week(people, [shift("S1", positions=(needing("labor"),)), shifts[1]], pinned=pinned)
    repairer = Repairer(instance, plan(row("S1", "V1"), row("S2", "V2")))
    repair = repairer.cancel("S1", "V1")
    assert not repair.restored
    assert repairer.plan.assignments == pinned


def test_a_cancelled_pin_is_gone_and_comes_back_with_an_undo() -> None:
    instance = week([person("V1"), person("V2")], [shift("S1")], pinned=(row("S1", "V1"),))
    repairer = Repairer(instance, plan(row("S1", "V1")))
    assert repairer.cancel("S1", "V1").restored
    assert repairer.plan.assignments == (row("S1", "V2"),)
    repairer.undo()
    assert repairer.plan.assignments == (row("S1", "V1"),)
    assert repairer.cancel("S1", "V2").moves == ()


def test_a_sign_up_takes_an_open_seat_and_holds_it_against_repairs() -> None:
    instance = week([person("V1"), person("V2")], [shift("S1"), shift("S2")])
    repairer = Repairer(instance, plan(row("S1", "V1")))
    repairer.pin(row("S2", "V2"))
    assert not repairer.cancel("S1", "V1").restored
    assert repairer.plan.assignments == (row("S2", "V2"),)


@pytest.mark.parametrize(("where", "who"), [("S1", "V2"), ("S2", "V1"), ("S2", "V3")])
def test_a_sign_up_that_does_not_fit_is_refused(where: str, who: str) -> None:
    """The seat is taken, the person is elsewhere, the person may not."""
    people = [person("V1"), person("V2"), person("V3", available=())]
    repairer = Repairer(week(people, [shift("S1"), shift("S2")]), plan(row("S1", "V1")))
    with pytest.raises(ValueError, match=who):
        repairer.pin(row(where, who))
    assert repairer.plan.assignments == (row("S1", "V1"),)


def test_a_plan_that_the_rules_do_not_allow_is_refused() -> None:
    with pytest.raises(ValueError, match="V1"):
        Repairer(week([person("V1", available=())], [shift("S1")]), plan(row("S1", "V1")))
    with pytest.raises(KeyError):
        Repairer(week([person("V1")], [shift("S1")]), plan(row("S1", "V9")))


@quick(rounds(40, 3000))
@given(tiny_weeks(), st.data())
def test_the_background_finds_what_trying_every_plan_finds(instance: Instance, data: st.DataObject) -> None:
    repairer = Repairer(instance, solve(instance).plan)
    for _ in range(data.draw(st.integers(1, 2))):
        planned = repairer.plan.assignments
        if planned:
            absent = data.draw(st.sampled_from(planned))
            repairer.cancel(absent.shift, absent.volunteer)
    repair = repairer.improve_in_background()
    assert repair.optimal
    assert repair.after == best_vector(repairer.instance)


def test_the_background_agrees_with_the_solver_on_the_example() -> None:
    instance = files.read_instance(EXAMPLES / "example-small.json.gz")
    solution = solve(instance)
    repairer = Repairer(instance, solution.plan, solution.bounds)
    absent = random.Random(7).sample(solution.plan.assignments, rounds(1, 108))
    for one in absent:
        repairer.cancel(one.shift, one.volunteer)
        repair = repairer.improve_in_background()
        exact = solve(repairer.instance)
        assert repair.optimal
        assert repair.after == exact.vector == exact.bounds
        repairer.undo()
        repairer.undo()


def test_a_town_without_exact_solving_is_restored_around_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("volunteers.dispatch.engine.background.EXACT_PAIRS", 0)
    instance = generate("town", 3)
    repairer = Repairer(instance, solve(instance).plan)
    for absent in repairer.plan.assignments[::9]:
        repairer.cancel(absent.shift, absent.volunteer)
    before = repairer.vector
    repair = repairer.improve_in_background()
    assert repair.after <= before
    assert not repair.optimal
    assert check(repairer.instance, repairer.plan).violations == ()


def test_the_background_begins_nothing_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def begun(*_: object) -> None:
        raise AssertionError("a part of the week was staffed anew after the time was over")

    monkeypatch.setattr("volunteers.dispatch.engine.background.EXACT_PAIRS", 0)
    monkeypatch.setattr("volunteers.dispatch.engine.background.build_model", begun)
    instance = week([person("V1"), person("V2")], [shift("S1"), shift("S2")])
    repairer = Repairer(instance, plan(row("S1", "V1"), row("S2", "V2")))
    lost = repairer.cancel("S1", "V1")
    assert not lost.restored
    assert repairer.improve_in_background(0.0).after == lost.after


def rows_of(instance: Instance) -> tuple[Assignment, ...]:
    problem = compile_problem(instance)
    return assignments_of(problem, repaired(problem))


def test_a_solve_starts_from_the_plan_before() -> None:
    instance = generate("town", 4)
    in_force = solve(instance).plan.assignments
    assert rows_of(msgspec.structs.replace(instance, previous=in_force)) == in_force
    absent = in_force[::15]
    away = tuple(Cancellation(r.shift, r.volunteer) for r in absent)
    mended = rows_of(msgspec.structs.replace(instance, previous=in_force, cancelled=away))
    assert len(set(in_force) - set(mended)) <= 2 * len(absent)


@quick(rounds(40, 2000))
@given(small_weeks(5, 6), st.booleans())
def test_whatever_the_plan_before_its_repair_is_valid(instance: Instance, stop: bool) -> None:
    problem = compile_problem(instance)
    rows = assignments_of(problem, repaired(problem, lambda: stop))
    assert check(instance, Plan(instance.name, rows)).violations == ()
