"""Why one is not on a shift: the rule that is named is the one that breaks, the price that is named is the real one."""

from __future__ import annotations

from hypothesis import given

from tests.volunteers.dispatch.engine.weeks import (
    AWAY,
    DAY,
    first_plan,
    person,
    quick,
    row,
    seat,
    shift,
    small_weeks,
    week,
)
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.counterplan import burden
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.engine.instance import Assignment, Instance, Plan, ShiftKind
from volunteers.dispatch.engine.refusals import Clash, why_not
from volunteers.dispatch.engine.solve import solve
from volunteers.dispatch.engine.staffing import Staffing

RULES = {
    Refusal.CREDENTIAL: 2,
    Refusal.SKILL: 3,
    Refusal.LANGUAGE: 3,
    Refusal.GENDER: 3,
    Refusal.AVAILABILITY: 1,
    Refusal.DISTANCE: 5,
    Refusal.CONFLICT_OF_INTEREST: 4,
    Refusal.CANCELLED: 11,
    Refusal.ELSEWHERE: 6,
    Refusal.DAY_LIMIT: 7,
    Refusal.WEEK_LIMIT: 7,
    Refusal.SHIFT_LIMIT: 7,
    Refusal.SHIFT_NOT_HELD: 9,
    Refusal.SEATS_TAKEN: 8,
}


@quick(150)
@given(small_weeks())
def test_the_rule_that_is_named_is_one_that_breaks(instance: Instance) -> None:
    planned = first_plan(instance)
    staffing = Staffing(instance, planned.assignments)
    for who in instance.volunteers:
        for wanted in instance.shifts:
            found = why_not(staffing, who, wanted)
            if found.refusal is None:
                continue
            there = Assignment(wanted.id, found.position, who.id)
            broken = check(instance, Plan(instance.name, (*planned.assignments, there)))
            assert RULES[found.refusal] in {violation.rule for violation in broken.violations}


@quick(60)
@given(small_weeks())
def test_an_exchange_keeps_every_rule_and_says_what_it_really_costs(instance: Instance) -> None:
    solved = solve(instance)
    staffing = Staffing(instance, solved.plan.assignments)
    for who in instance.volunteers:
        for wanted in instance.shifts:
            found = why_not(staffing, who, wanted).exchange
            if found is None:
                continue
            result = check(instance, found.plan)
            assert result.valid, result.violations
            assert (result.vector, found.before) == (found.after, solved.vector)
            assert any(r.shift == wanted.id and r.volunteer == who.id for r in found.plan.assignments)
            assert found.after >= found.before
            assert found.level is not None or found.after == found.before
            parts = (found.dearer.fairness, found.dearer.preference, found.dearer.km, found.dearer.continuity)
            assert sum(parts) == found.after.burden - found.before.burden


@quick(50)
@given(small_weeks())
def test_the_parts_of_the_burden_are_the_whole(instance: Instance) -> None:
    planned = first_plan(instance)
    parts = burden(instance, Staffing(instance, ()).directory, planned.assignments)
    whole = parts.fairness + parts.preference + parts.km + parts.continuity
    assert whole == check(instance, planned).vector.burden


def test_a_green_shift_that_nobody_else_can_do_is_what_the_exchange_loses() -> None:
    green = shift("S1", green=True, positions=(seat("lawyer", credentials_any=("lawyer",)),))
    plain = shift("S2", 600)
    lawyer, helper = person("V1"), person("V2", credentials=())
    staffing = Staffing(week([lawyer, helper], [green, plain]), [row("S1", "V1"), row("S2", "V2")])
    found = why_not(staffing, lawyer, plain).exchange
    assert found is not None
    assert (found.level, found.gives_up, found.replaces, found.lost) == (0, ("S1",), True, ("S1",))


def test_fairer_hours_are_told_from_a_shorter_way() -> None:
    wanted = shift("S1")
    often, rested = person("V1", recent_shifts=5), person("V2", x=3000)
    found = why_not(Staffing(week([often, rested], [wanted]), [row("S1", "V2")]), often, wanted).exchange
    assert found is not None
    assert (found.level, found.dearer.fairness > 0, found.dearer.km) == (5, True, -3)


def test_wishes_and_familiar_places_count_beside_it() -> None:
    wanted = shift("S1", continuity=True)
    stranger = person("V1", preferred_kinds=(ShiftKind.LECTURE,))
    regular = person("V2", familiar_places=("here",))
    found = why_not(Staffing(week([stranger, regular], [wanted]), [row("S1", "V2")]), stranger, wanted).exchange
    assert found is not None
    assert (found.dearer.preference, found.dearer.continuity, found.dearer.fairness) == (8, 6, 0)


def test_two_who_are_alike_might_both_have_been_sent() -> None:
    one, other = person("V1"), person("V2")
    found = why_not(Staffing(week([one, other], [shift("S1")]), [row("S1", "V2")]), one, shift("S1")).exchange
    assert found is not None
    assert (found.level, found.before) == (None, found.after)


def test_what_one_signed_up_for_is_a_rule_and_says_which_part() -> None:
    wanted, person_ = shift("S1", place=AWAY.id), person("V1")
    for own, clash, needed, there in (
        (shift("S2", 600), Clash.OVERLAP, 0, -60),
        (shift("S2", 670), Clash.TRAVEL, 24, 10),
    ):
        instance = week([person_], [wanted, own], pinned=(row("S2", "V1"),))
        found = why_not(Staffing(instance, [row("S2", "V1")]), person_, wanted)
        assert found.refusal is Refusal.ELSEWHERE
        assert found.conflict is not None
        assert (found.conflict.shift, found.conflict.clash) == ("S2", clash)
        assert (found.conflict.needed, found.conflict.there) == (needed, there)


def test_a_short_night_is_told_from_a_long_way() -> None:
    evening, morning = shift("S1", 1200), shift("S2", DAY + 480)
    instance = week([person("V1")], [evening, morning], pinned=(row("S1", "V1"),))
    found = why_not(Staffing(instance, [row("S1", "V1")]), person("V1"), morning)
    assert found.conflict is not None
    assert (found.conflict.clash, found.conflict.needed, found.conflict.there) == (Clash.REST, 750, 600)


def test_a_seat_taken_by_who_signed_up_is_not_given_to_another() -> None:
    people = [person("V1"), person("V2")]
    instance = week(people, [shift("S1")], pinned=(row("S1", "V2"),))
    found = why_not(Staffing(instance, [row("S1", "V2")]), people[0], shift("S1"))
    assert found.refusal is Refusal.SEATS_TAKEN


def test_a_shift_that_lacks_another_names_the_seat_nobody_is_left_for() -> None:
    wanted = shift("S1", positions=(seat("lawyer"), seat("surveyor", credentials_any=("appraiser",))))
    found = why_not(Staffing(week([person("V1")], [wanted]), []), person("V1"), wanted)
    assert (found.refusal, found.position, found.lacking) == (Refusal.SHIFT_NOT_HELD, "lawyer", ("surveyor",))
