"""The week beside its pinned rows: who may still go where, and which seats are left."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from volunteers.dispatch.engine.pairs import Bools, Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.remainder import Remainder


@dataclass(frozen=True)
class Residual:
    """Candidates are the pairs that fit beside the pinned rows, ordered by volunteer, then by start of the shift.

    `pairs` are their numbers in the problem, `volunteer`, `shift` and `position` theirs; `least` and `most` people the
    positions still take if the shift is held. `left` are the limits that the pinned rows leave.
    """

    problem: Problem
    pairs: Ints
    volunteer: Ints
    shift: Ints
    position: Ints
    least: Ints
    most: Ints
    left: Remainder

    @classmethod
    def of(cls, problem: Problem) -> Residual:
        """Take the pinned rows out of the problem."""
        pairs, left = problem.pairs, Remainder(problem, problem.pinned)
        least, most = seats_left(problem)
        wanted = np.flatnonzero(most[pairs.position] > 0)
        wanted = wanted[left.allows(wanted)]
        order = np.lexsort((problem.shift_start[pairs.shift[wanted]], pairs.volunteer[wanted]))
        numbers = wanted[order].astype(np.int64)
        return cls(
            problem=problem,
            pairs=numbers,
            volunteer=pairs.volunteer[numbers],
            shift=pairs.shift[numbers],
            position=pairs.position[numbers],
            least=least,
            most=most,
            left=left,
        )

    def within(self, positions: Bools) -> Residual:
        """The same with candidates for these positions only."""
        kept = np.flatnonzero(positions[self.position])
        names = ("pairs", "volunteer", "shift", "position")
        return replace(self, **{name: getattr(self, name)[kept] for name in names})


def seats_left(problem: Problem) -> tuple[Ints, Ints]:
    """At least and at most how many people each position takes beside the pinned ones, if its shift is held."""
    standing = np.bincount(problem.pairs.position[problem.pinned], minlength=len(problem.position_max))
    return np.maximum(problem.position_min - standing, 0), problem.position_max - standing
