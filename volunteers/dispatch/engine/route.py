"""Which way a week is planned: as one, or, where several cities are too large for that, in parts."""

from __future__ import annotations

from collections.abc import Callable

from volunteers.dispatch.engine.homes import shift_cities
from volunteers.dispatch.engine.incumbent import Progress
from volunteers.dispatch.engine.instance import Instance
from volunteers.dispatch.engine.province.plan import PROVINCE_SECONDS, plan_province
from volunteers.dispatch.engine.solve import DEFAULT_SECONDS, Solution, solve

MOST_SHIFTS_AS_ONE = 9_000
"""Twice a city. Up to here the whole is planned better as one, within the memory that a city takes."""


def is_planned_in_parts(instance: Instance) -> bool:
    """Whether the week has several cities and more shifts than are planned as one."""
    return len(instance.shifts) > MOST_SHIFTS_AS_ONE and len(set(shift_cities(instance).tolist())) > 1


def usual_seconds(instance: Instance) -> float:
    """How long a plan may take, if nobody says."""
    return PROVINCE_SECONDS if is_planned_in_parts(instance) else DEFAULT_SECONDS


def plan_week(
    instance: Instance,
    *,
    time_limit: float | None = None,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    workers: int = 0,
) -> Solution:
    """Plan a valid week of any size; `workers` processes share one in parts (0: one for each processor)."""
    seconds = usual_seconds(instance) if time_limit is None else time_limit
    if is_planned_in_parts(instance):
        return plan_province(instance, time_limit=seconds, progress=progress, should_stop=should_stop, workers=workers)
    return solve(instance, time_limit=seconds, progress=progress, should_stop=should_stop)
