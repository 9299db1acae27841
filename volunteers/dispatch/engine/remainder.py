"""What a fixed part of the plan leaves of each volunteer's time and limits."""

from __future__ import annotations

import numpy as np

from volunteers.dispatch.engine.pairs import Bools, Ints
from volunteers.dispatch.engine.problem import Problem


class Remainder:
    """Limits left to each volunteer beside the chosen pairs `fixed`.

    `sent` and `shifts` are numbers of shifts done and left, `week` and `day` (volunteers x days) minutes left.
    """

    def __init__(self, problem: Problem, fixed: Ints) -> None:
        self.problem = problem
        who, shifts = problem.pairs.volunteer[fixed], problem.pairs.shift[fixed]
        people, minutes = len(problem.recent_shifts), problem.shift_minutes[shifts]
        days = int(problem.shift_day.max(initial=0)) + 1
        self.sent = np.bincount(who, minlength=people)
        self.shifts = problem.max_shifts_week - self.sent
        spent_week, spent_day = np.zeros(people, np.int64), np.zeros((people, days), np.int64)
        np.add.at(spent_week, who, minutes)
        np.add.at(spent_day, (who, problem.shift_day[shifts]), minutes)
        self.week = problem.max_minutes_week - spent_week
        self.day = problem.max_minutes_day[:, None] - spent_day
        self._busy = _table(who, shifts, people)

    def allows(self, pairs: Ints) -> Bools:
        """Which of the pairs could be added to the fixed part one at a time."""
        problem = self.problem
        who, shifts = problem.pairs.volunteer[pairs], problem.pairs.shift[pairs]
        minutes = problem.shift_minutes[shifts]
        allowed = (self.shifts[who] >= 1) & (minutes <= self.week[who])
        allowed &= minutes <= self.day[who, problem.shift_day[shifts]]
        for taken in self._busy.T:
            other = taken[who]
            allowed &= (other < 0) | ~problem.clashes[other, shifts]
        return np.asarray(allowed, np.bool_)


def _table(who: Ints, shifts: Ints, people: int) -> Ints:
    """Each volunteer's shifts as a row, padded with -1."""
    order = np.argsort(who, kind="stable")
    who, shifts = who[order], shifts[order]
    place = np.arange(len(who)) - np.searchsorted(who, who)
    table = np.full((people, int(place.max(initial=-1)) + 1), -1, np.int64)
    table[who, place] = shifts
    return table
