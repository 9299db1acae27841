"""A province one step at a time, bytes in and bytes out: divided, its parts planned, joined.

What comes of it is the plan that `plan.plan_province` makes, whoever takes which step where.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec

from volunteers.dispatch.engine.files import decode_instance
from volunteers.dispatch.engine.incumbent import Deadline, Progress
from volunteers.dispatch.engine.province.division import Joining, Part
from volunteers.dispatch.engine.province.errands import plan_alone
from volunteers.dispatch.engine.province.plan import Province, ProvinceEffort
from volunteers.dispatch.engine.solve import solution_of


class Step(StrEnum):
    """From a week to a `Division` (or null), from a `Part` to what is `Done`, from a `Joining` to a plan."""

    DIVIDE = "divide"
    PART = "part"
    JOIN = "join"


def take(step: Step, content: bytes, time_limit: float, progress: Progress, should_stop: Callable[[], bool]) -> bytes:
    """Do a step within so many seconds. Raises InstanceFaults for a bad week, msgspec.ValidationError for the rest."""
    return _STEPS[step](content, time_limit, progress, should_stop)


def _divide(content: bytes, time_limit: float, progress: Progress, should_stop: Callable[[], bool]) -> bytes:
    return msgspec.json.encode(Province(decode_instance(content), Deadline(time_limit, should_stop), progress).divide())


def _part(content: bytes, time_limit: float, progress: Progress, should_stop: Callable[[], bool]) -> bytes:
    part = msgspec.json.decode(content, type=Part)
    return msgspec.json.encode(plan_alone(part, ProvinceEffort().city, time_limit, progress, should_stop))


def _join(content: bytes, time_limit: float, progress: Progress, should_stop: Callable[[], bool]) -> bytes:
    given = msgspec.json.decode(content, type=Joining)
    province = Province(given.instance, Deadline(time_limit, should_stop), progress)
    if given.division is not None:
        province.join(given.division, given.cities)
    return msgspec.json.encode(solution_of(province.incumbent).plan)


_STEPS: Mapping[Step, Callable[[bytes, float, Progress, Callable[[], bool]], bytes]] = {
    Step.DIVIDE: _divide,
    Step.PART: _part,
    Step.JOIN: _join,
}
