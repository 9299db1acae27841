"""The best plan so far, and the clock that ends the search for a better one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from volunteers.dispatch.engine.instance import Bounds, Vector
from volunteers.dispatch.engine.pairs import Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.roster import vector_of

Progress = Callable[[str, Vector, float, Bounds], None]
"""Called with the stage, the best vector so far, the seconds since the start and what is proven so far."""
LEVELS = len(Vector._fields)


class Deadline:
    """A number of seconds from now, or the caller's wish to stop; remembers which of them ended the work."""

    def __init__(self, seconds: float, should_stop: Callable[[], bool] = lambda: False) -> None:
        self._start = time.monotonic()
        self._seconds = seconds
        self._should_stop = should_stop
        self.out_of_time = False
        self.stopped = False

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._start

    @property
    def left(self) -> float:
        """Seconds left, 0 when over."""
        return max(0.0, self._seconds - self.elapsed)

    def asked_to_stop(self) -> bool:
        """Whether the caller has asked to stop; asking once is enough."""
        self.stopped = self.stopped or self._should_stop()
        return self.stopped

    def over(self) -> bool:
        """Whether to stop now."""
        self.out_of_time = self.out_of_time or self.left <= 0
        return self.asked_to_stop() or self.out_of_time

    def past(self, share: float) -> bool:
        """Whether to stop now in order to leave the rest of the time to what follows."""
        self.out_of_time = self.out_of_time or self.elapsed >= share * self._seconds
        return self.asked_to_stop() or self.out_of_time


class Incumbent:
    """The best feasible plan found so far, as pair numbers; it only ever gets better."""

    def __init__(self, problem: Problem, chosen: Ints, deadline: Deadline, progress: Progress | None) -> None:
        self.problem = problem
        self.chosen = chosen
        self.vector = vector_of(problem, chosen)
        self.deadline = deadline
        self.proven: list[int | None] = [None] * LEVELS
        self._progress = progress
        self.report("greedy")

    def offer(self, chosen: Ints, stage: str) -> bool:
        """Take the plan if it is better; whether it was."""
        vector = vector_of(self.problem, chosen)
        better = vector < self.vector
        if better:
            self._forget_bounds(vector)
            self.chosen, self.vector = chosen, vector
        self.report(stage)
        return better

    def report(self, stage: str) -> None:
        """Tell the caller where the search is."""
        if self._progress is not None:
            self._progress(stage, self.vector, self.deadline.elapsed, self.bounds)

    @property
    def bounds(self) -> Bounds:
        """A proven bound on each level over all plans as good as the best one on the levels before it."""
        return cast(Bounds, tuple(self.proven))

    def prove(self, level: int, bound: int | None, stage: str) -> bool:
        """Note a bound if it says more than what is known; whether the level is now proven optimal."""
        if bound is not None:
            known = self.proven[level]
            self.proven[level] = max(bound, known or 0)
            self.report(stage)
        return self.proven[level] == self.vector[level]

    def _forget_bounds(self, vector: Vector) -> None:
        """A bound holds for plans no worse on each level before; a plan that is worse on one asks for a new bound."""
        worse = [level for level in range(LEVELS) if vector[level] > self.vector[level]]
        if worse:
            self.proven[worse[0] + 1 :] = [None] * (LEVELS - worse[0] - 1)
