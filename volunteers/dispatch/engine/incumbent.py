"""The best plan so far, and the clock that ends the search for a better one."""

from __future__ import annotations

import time
from collections.abc import Callable

from volunteers.dispatch.engine.instance import Vector
from volunteers.dispatch.engine.pairs import Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.roster import vector_of

Progress = Callable[[str, Vector, float], None]
"""Called with the stage, the best vector so far and the seconds since the start."""


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


class Incumbent:
    """The best feasible plan found so far, as pair numbers; it only ever gets better."""

    def __init__(self, problem: Problem, chosen: Ints, deadline: Deadline, progress: Progress | None) -> None:
        self.problem = problem
        self.chosen = chosen
        self.vector = vector_of(problem, chosen)
        self.deadline = deadline
        self._progress = progress
        self.report("greedy")

    def offer(self, chosen: Ints, stage: str) -> bool:
        """Take the plan if it is better; whether it was."""
        vector = vector_of(self.problem, chosen)
        better = vector < self.vector
        if better:
            self.chosen, self.vector = chosen, vector
        self.report(stage)
        return better

    def report(self, stage: str) -> None:
        """Tell the caller where the search is."""
        if self._progress is not None:
            self._progress(stage, self.vector, self.deadline.elapsed)
