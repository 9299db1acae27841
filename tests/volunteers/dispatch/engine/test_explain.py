"""Everybody who is not on an empty seat is counted once, by the first thing in the way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.volunteers.dispatch.engine.weeks import DAY, person, plan, row, seat, shift, week
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.engine.explain import explain, why_not
from volunteers.dispatch.engine.generate import generate
from volunteers.dispatch.engine.instance import Cancellation, Credential, Gender, Shift
from volunteers.dispatch.engine.solve import solve

WANTED = seat("lawyer", 1, 1, credentials_any=("lawyer",), skills_all=("labor",), gender=Gender.FEMALE)
STRANGERS = {
    Refusal.CREDENTIAL: person("V1", credentials=(Credential("lawyer", verified=False),)),
    Refusal.SKILL: person("V2", skills=()),
    Refusal.GENDER: person("V3", gender=Gender.MALE),
    Refusal.AVAILABILITY: person("V4", available=()),
    Refusal.DISTANCE: person("V5", max_travel_m=10),
    Refusal.CONFLICT_OF_INTEREST: person("V6", conflict_parties=("O1",)),
    Refusal.CANCELLED: person("V7"),
}


def test_each_refusal_is_counted_by_its_cause() -> None:
    wanted = shift("S1", place="away", parties=("O1",), positions=(WANTED,))
    instance = week(STRANGERS.values(), [wanted], cancelled=(Cancellation("S1", "V7"),))
    (gap,) = explain(instance, plan())
    assert gap.refused == dict.fromkeys(STRANGERS, 1)
    assert (gap.empty_seats, gap.missing, gap.shift_held, gap.eligible) == (1, 1, False, 0)


@pytest.mark.parametrize(
    ("who", "others", "cause"),
    [
        ({}, [shift("S2", 600)], Refusal.ELSEWHERE),
        ({"max_minutes_day": 120}, [shift("S2", 900)], Refusal.DAY_LIMIT),
        ({"max_minutes_week": 120}, [shift("S2", DAY * 2)], Refusal.WEEK_LIMIT),
        ({"max_shifts_week": 1}, [shift("S2", DAY * 2)], Refusal.SHIFT_LIMIT),
    ],
)
def test_an_eligible_person_is_not_sent_for_a_reason(who: dict[str, Any], others: list[Shift], cause: Refusal) -> None:
    instance = week([person("V1", **who)], [shift("S1"), *others])
    sent_elsewhere = plan(row("S2", "V1"))
    (gap,) = explain(instance, sent_elsewhere)
    assert gap.refused == {cause: 1}
    assert gap.eligible == 1
    assert why_not(instance, sent_elsewhere, "V1", "S1", "lawyer") is cause


def test_a_shift_that_lacks_somebody_else_keeps_people_at_home() -> None:
    instance = week([person("V1")], [shift("S1", positions=(seat("lawyer"), seat("helper", skills_all=("land",))))])
    lawyer, helper = explain(instance, solve(instance).plan)
    assert lawyer.refused == {Refusal.SHIFT_NOT_HELD: 1}
    assert helper.refused == {Refusal.SKILL: 1}


def test_why_not_me() -> None:
    instance = week([person("V1"), person("V2")], [shift("S1")])
    in_force = plan(row("S1", "V1"))
    assert why_not(instance, in_force, "V1", "S1", "lawyer") is None
    assert why_not(instance, in_force, "V2", "S1", "lawyer") is Refusal.SEATS_TAKEN
    with pytest.raises(KeyError):
        why_not(instance, in_force, "V9", "S1", "lawyer")


def test_a_free_person_on_an_open_seat_of_a_held_shift_was_not_chosen() -> None:
    instance = week([person("V1"), person("V2")], [shift("S1", positions=(seat("lawyer", 1, 2),))])
    (gap,) = explain(instance, plan(row("S1", "V1")))
    assert gap.refused == {Refusal.NOT_CHOSEN: 1}


def test_the_counts_of_a_real_plan_add_up_to_everybody() -> None:
    instance = generate("town", 7)
    solution = solve(instance)
    gaps = explain(instance, solution.plan)
    assert sum(gap.empty_seats for gap in gaps) == solution.vector.empty_seats
    assert len({gap.shift for gap in gaps if not gap.shift_held}) == solution.vector.unheld
    for gap in gaps:
        seated = sum((r.shift, r.position) == (gap.shift, gap.position) for r in solution.plan.assignments)
        assert sum(gap.refused.values()) + seated == len(instance.volunteers)
