"""Generated weeks are valid, repeatable and of the promised size."""

from __future__ import annotations

import pytest

from volunteers.dispatch.engine.generate import SIZES, generate
from volunteers.dispatch.engine.generate_changes import called_off, signed_up
from volunteers.dispatch.engine.pairs import eligible_pairs
from volunteers.dispatch.engine.solve import solve
from volunteers.dispatch.engine.validation import faults_of


@pytest.mark.parametrize("size", ["town", "district"])
def test_a_week_is_valid_and_has_its_size(size: str) -> None:
    instance = generate(size, 1)
    assert faults_of(instance) == []
    assert len(instance.volunteers) == SIZES[size].volunteers
    assert len(instance.shifts) == SIZES[size].shifts


def test_the_seed_decides() -> None:
    assert generate("town", 1) == generate("town", 1)
    assert generate("town", 1) != generate("town", 2)


def test_a_city_has_the_seats_and_pairs_of_a_real_one() -> None:
    city = generate("city", 1)
    assert faults_of(city) == []
    assert (len(city.volunteers), len(city.shifts)) == (5_000, 4_200)
    seats = sum(position.max for shift in city.shifts for position in shift.positions)
    assert 6_000 < seats < 7_000
    assert 400_000 < len(eligible_pairs(city)) < 600_000


def test_sign_ups_and_cancellations_by_seed_leave_a_valid_week() -> None:
    instance = generate("town", 1)
    rows = solve(instance).plan.assignments
    pinned, disturbed = signed_up(instance, rows, 0.3, 1), called_off(instance, rows, 0.1, 1)
    assert faults_of(pinned) == faults_of(disturbed) == []
    assert 0 < len(pinned.pinned) < len(rows)
    assert 0 < len(disturbed.cancelled) < len(rows)
    assert disturbed.previous == rows
    assert called_off(instance, rows, 0.1, 1) == disturbed != called_off(instance, rows, 0.1, 2)
