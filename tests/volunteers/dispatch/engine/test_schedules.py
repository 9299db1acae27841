"""Each volunteer's best week at any prices, against trying every set of their shifts; bounds against every plan."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import rounds
from tests.volunteers.dispatch.engine.weeks import best_vector, small_weeks, tiny_weeks
from volunteers.dispatch.engine.generate import generate
from volunteers.dispatch.engine.instance import Instance
from volunteers.dispatch.engine.pairs import Floats, Ints
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.relaxation import Relaxation, Terms
from volunteers.dispatch.engine.residual import Residual
from volunteers.dispatch.engine.schedules import Schedules

few = settings(deadline=None, max_examples=rounds(40, 3000), suppress_health_check=list(HealthCheck), derandomize=True)
prices = st.lists(st.integers(-60, 40), min_size=40, max_size=40)


def allowed(residual: Residual, volunteer: int, members: tuple[int, ...]) -> bool:
    """Rules 6 and 7 beside the pinned shifts."""
    problem, left = residual.problem, residual.left
    shifts = residual.shift[list(members)]
    minutes, days = problem.shift_minutes[shifts], problem.shift_day[shifts]
    return (
        not any(problem.clashes[a, b] for a, b in combinations(shifts, 2))
        and len(members) <= left.shifts[volunteer]
        and minutes.sum() <= left.week[volunteer]
        and all(minutes[days == day].sum() <= left.day[volunteer, day] for day in days)
    )


def best_weeks(residual: Residual, weights: Floats, fairness: int) -> tuple[list[float], list[float]]:
    """The cheapest week of each volunteer, and the cheapest with each candidate in it."""
    values = [0.0] * len(residual.left.shifts)
    with_candidate = [float("inf")] * len(weights)
    for volunteer in range(len(values)):
        own = np.flatnonzero(residual.volunteer == volunteer).tolist()
        for size in range(1, len(own) + 1):
            for members in combinations(own, size):
                if allowed(residual, volunteer, members):
                    cost = float(weights[list(members)].sum()) + fairness * size * (size - 1)
                    values[volunteer] = min(values[volunteer], cost)
                    for member in members:
                        with_candidate[member] = min(with_candidate[member], cost)
    return values, with_candidate


def cost_of(residual: Residual, chosen: Ints, weights: Floats, fairness: int) -> float:
    sent = np.bincount(residual.volunteer[chosen], minlength=1)
    return float(weights[chosen].sum() + fairness * (sent * (sent - 1)).sum())


@few
@given(small_weeks(4, 6), prices, st.sampled_from((0, 5)))
def test_the_best_week_is_that_of_trying_every_set(instance: Instance, drawn: list[int], fairness: int) -> None:
    residual = Residual.of(compile_problem(instance))
    weights = np.resize(np.array(drawn, np.float64), len(residual.pairs))
    schedules = Schedules(residual)
    values, with_candidate = best_weeks(residual, weights, fairness)
    best = schedules.price(weights, fairness)
    assert best.values.tolist() == values
    assert cost_of(residual, best.chosen, weights, fairness) == sum(values)
    dearer = [least - values[who] for least, who in zip(with_candidate, residual.volunteer, strict=True)]
    assert schedules.reduced_costs(weights, fairness).tolist() == dearer


@few
@given(small_weeks(4, 6), prices, st.sampled_from((0, 2)))
def test_with_too_many_sets_the_values_are_lower_bounds(instance: Instance, drawn: list[int], most_sets: int) -> None:
    residual = Residual.of(compile_problem(instance))
    weights = np.resize(np.array(drawn, np.float64), len(residual.pairs))
    schedules = Schedules(residual, most_sets)
    values, with_candidate = best_weeks(residual, weights, 5)
    best = schedules.price(weights, 5)
    assert all(ours <= true for ours, true in zip(best.values, values, strict=True))
    assert cost_of(residual, best.chosen, weights, 5) == best.values.sum()
    dearer = schedules.reduced_costs(weights, 5) + best.values[residual.volunteer]
    assert all(ours <= true for ours, true in zip(dearer, with_candidate, strict=True))


@few
@given(tiny_weeks(), prices, st.integers(0, 9), st.integers(0, 9))
def test_any_prices_bound_any_plan(instance: Instance, drawn: list[int], unheld: int, empty: int) -> None:
    problem = compile_problem(instance)
    relaxation, best = Relaxation(problem), best_vector(instance)
    terms = Terms(np.zeros(len(relaxation.residual.pairs)), 0.0, np.full(len(relaxation.optional), unheld), empty)
    asked = np.resize(np.array(drawn, np.float64), relaxation.positions) / 7
    assert relaxation.bound(asked, terms) <= unheld * best.unheld + empty * best.empty_seats


@pytest.mark.parametrize("most_sets", [None, 50])
def test_a_town_can_be_priced_however_many_sets_there_are(most_sets: int | None) -> None:
    residual = Residual.of(compile_problem(generate("town", 1)))
    weights = np.linspace(-80.0, 20.0, len(residual.pairs))
    schedules = Schedules(residual) if most_sets is None else Schedules(residual, most_sets)
    best = schedules.price(weights, 20.0)
    assert cost_of(residual, best.chosen, weights, 20) == pytest.approx(best.values.sum())
    assert best.values.sum() <= Schedules(residual).price(weights, 20.0).values.sum() + 1e-6
