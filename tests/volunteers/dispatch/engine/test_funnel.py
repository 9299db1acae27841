"""The counts beside an empty seat, and what is said to fill it, held against everything there is to try."""

from __future__ import annotations

from hypothesis import given

from tests.volunteers.dispatch.engine.weeks import DAY, first_plan, person, quick, row, seat, shift, small_weeks, week
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.conflicts import clash, exceeded_limits
from volunteers.dispatch.engine.eligibility import qualification_refusal
from volunteers.dispatch.engine.fillings import NEWCOMER, FillingKind, fillings, relaxed
from volunteers.dispatch.engine.funnel import funnel
from volunteers.dispatch.engine.instance import Assignment, Instance, distance
from volunteers.dispatch.engine.relaxing import Relaxation, relax
from volunteers.dispatch.engine.solve import solve
from volunteers.dispatch.engine.staffing import Staffing
from volunteers.dispatch.engine.validation import faults_of

LAWYER = seat("lawyer", 1, 1, credentials_any=("lawyer",))


def staffed(instance: Instance, *rows: Assignment) -> Staffing:
    return Staffing(instance, rows)


@quick(300)
@given(small_weeks())
def test_the_counts_are_those_of_trying_everybody_rule_by_rule(instance: Instance) -> None:
    solved = first_plan(instance)
    staffing = staffed(instance, *solved.assignments)
    shifts = {one.id: one for one in instance.shifts}
    for wanted in instance.shifts:
        place = staffing.directory.places[wanted.place]
        for position in wanted.positions:
            counts = [0] * 6
            for who in instance.volunteers:
                theirs = [shifts[r.shift] for r in solved.assignments if r.volunteer == who.id]
                if wanted in theirs:
                    continue
                busy = [o for o in theirs if clash(instance.rules, staffing.directory, wanted, o)]
                sieves = (
                    qualification_refusal(who, wanted, position) is None
                    and not set(who.conflict_parties) & set(wanted.parties),
                    distance(who, place) <= who.max_travel_m,
                    any(a <= wanted.start and wanted.end <= b for a, b in who.available)
                    and not staffing.directory.is_away(who.id, wanted),
                    not exceeded_limits(who, [*(o for o in theirs if o not in busy), wanted]),
                    not busy,
                )
                passed = [True, *(all(sieves[: n + 1]) for n in range(5))]
                counts = [count + one for count, one in zip(counts, passed, strict=True)]
            found = funnel(staffing, wanted, position)
            assert [
                *(found.everybody, found.qualified, found.in_reach, found.free),
                *(found.within_limits, found.to_spare),
            ] == counts
            assert 0 <= found.signed_up <= found.needed_elsewhere


@quick(25)
@given(small_weeks())
def test_the_best_plan_with_what_is_said_to_fill_a_seat_is_better_than_the_best_without(instance: Instance) -> None:
    solved = solve(instance)
    staffing = staffed(instance, *solved.plan.assignments)
    for wanted in instance.shifts:
        for position in wanted.positions:
            if staffing.open_seats(wanted, position) <= 0:
                continue
            for filling in fillings(staffing, wanted, position).fillings:
                supposed = relaxed(instance, wanted, position, filling)
                assert solve(supposed).vector[:4] < solved.vector[:4]


@quick(200)
@given(small_weeks())
def test_what_is_said_to_fill_a_seat_is_allowed_then_and_leaves_fewer_seats_empty(instance: Instance) -> None:
    planned = first_plan(instance)
    staffing, before = staffed(instance, *planned.assignments), check(instance, planned).vector
    for wanted in instance.shifts:
        for position in wanted.positions:
            if staffing.open_seats(wanted, position) <= 0:
                continue
            for filling in fillings(staffing, wanted, position).fillings:
                supposed = relaxed(instance, wanted, position, filling)
                judged = check(supposed, filling.plan)
                assert faults_of(supposed) == []
                assert (judged.valid, judged.vector) == (True, filling.vector)
                assert filling.vector.empty_seats < before.empty_seats
                assert set(planned.assignments) <= set(filling.plan.assignments)


@quick(200)
@given(small_weeks())
def test_a_week_with_a_looser_limit_still_allows_the_plan(instance: Instance) -> None:
    planned = first_plan(instance)
    for relaxation in Relaxation:
        looser = relax(instance, relaxation)
        assert faults_of(looser) == []
        assert check(looser, planned).valid


def test_each_sieve_keeps_its_own_people_away() -> None:
    people = [
        person("V1", credentials=()),
        person("V2", conflict_parties=("O1",)),
        person("V3", max_travel_m=10),
        person("V4", available=()),
        person("V5", max_minutes_week=100),
        person("V6"),
        person("V7"),
        person("V8"),
    ]
    wanted = shift("S1", place="away", parties=("O1",), positions=(LAWYER,))
    instance = week(people, [wanted, shift("S2"), shift("S3", positions=(seat(),))], pinned=(row("S2", "V6"),))
    found = funnel(staffed(instance, row("S2", "V6"), row("S3", "V7")), wanted, LAWYER)
    assert (found.everybody, found.qualified, found.in_reach, found.free) == (8, 6, 5, 4)
    assert (found.within_limits, found.to_spare, found.needed_elsewhere, found.signed_up) == (3, 1, 2, 1)


def test_the_smallest_step_of_each_kind_is_named() -> None:
    wanted = shift("S1", start=540, minutes=120, place="away", positions=(LAWYER,))
    people = [
        person("far", max_travel_m=5_500),
        person("farther", max_travel_m=1_000),
        person("late", available=((600, DAY),)),
        person("tired", max_minutes_week=90),
        person("busy", max_minutes_day=60),
        person("done", max_shifts_week=0),
    ]
    found = fillings(staffed(week(people, [wanted])), wanted, LAWYER)
    amounts = {filling.kind: filling.amount for filling in found.fillings}
    assert amounts == {
        FillingKind.PERSON: 1,
        FillingKind.REACH: 2_000,
        FillingKind.FREE_TIME: 60,
        FillingKind.WEEK_LIMIT: 30,
        FillingKind.DAY_LIMIT: 60,
        FillingKind.SHIFT_LIMIT: 1,
        FillingKind.MOVED: 60,
    }
    assert {filling.volunteer for filling in found.fillings} >= {NEWCOMER, "far", "late"}


def test_one_person_fills_no_seat_of_a_shift_that_lacks_somebody_else_too() -> None:
    surveyor = seat("surveyor", 1, 1, credentials_any=("appraiser",))
    wanted = shift("S1", positions=(LAWYER, surveyor))
    found = fillings(staffed(week([person("V1", credentials=())], [wanted])), wanted, LAWYER)
    assert found.fillings == ()
    assert found.blocked_by == ("surveyor",)


def test_who_could_come_anyway_comes_along_when_the_shift_takes_place() -> None:
    wanted = shift("S1", positions=(LAWYER, seat("helper", 1, 1)))
    instance = week([person("V1", credentials=())], [wanted])
    (filling,) = fillings(staffed(instance), wanted, LAWYER).fillings
    assert (filling.kind, filling.joining, filling.vector.unheld) == (FillingKind.PERSON, 1, 0)
    assert {r.volunteer for r in filling.plan.assignments} == {"newcomer:0", "V1"}
