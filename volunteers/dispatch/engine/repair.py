"""A plan in force and what becomes of it: cancellations and sign-ups, one after the other, each answered at once.

The state of a week stays in memory; an answer at city size takes tens of milliseconds. What could not be made good at
once, `improve_in_background` may still.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from volunteers.dispatch.engine.background import improve
from volunteers.dispatch.engine.board import Board
from volunteers.dispatch.engine.incumbent import Deadline
from volunteers.dispatch.engine.instance import Assignment, Bounds, Cancellation, Instance, Plan, Vector
from volunteers.dispatch.engine.labels import Labels
from volunteers.dispatch.engine.mend import STAFFING_LEVELS, hold, mend
from volunteers.dispatch.engine.pairs import Bools, Ints
from volunteers.dispatch.engine.problem import Problem, compile_problem
from volunteers.dispatch.engine.repair_answer import Repair, answer

BACKGROUND_SECONDS = 3.0


def _never() -> bool:
    return False


@dataclass(frozen=True)
class _Moment:
    """What an undo goes back to."""

    mark: int
    cancelled: tuple[Cancellation, ...]
    pinned: tuple[Assignment, ...]
    known: tuple[int | None, ...]
    held: Bools


class Repairer:
    """A compiled week and its plan in force. The plan that it starts from is the `previous` one of every vector."""

    def __init__(self, instance: Instance, plan: Plan, bounds: Bounds | None = None) -> None:
        """Take a valid plan of a valid instance (KeyError or ValueError for rows that the instance does not allow).

        `bounds` are lower bounds the caller knows to be proven for it; they save the background work their proof.
        """
        problem = compile_problem(instance)
        self._labels = Labels(problem)
        chosen = self._numbers(plan.assignments)
        self._previous = tuple(self._labels.row(pair) for pair in chosen.tolist())
        self._board = Board(in_force(problem, chosen), chosen, rows=chosen)
        self._board.settle()
        self._cancelled = instance.cancelled
        self._pinned = instance.pinned
        self._start = self._board.vector
        self._known: tuple[int | None, ...] = (bounds or (None,) * len(self._start))[:STAFFING_LEVELS]
        self._history: list[_Moment] = []

    @property
    def vector(self) -> Vector:
        """The objective of the plan as it stands; changes are counted against the plan it started from."""
        return self._board.vector

    @property
    def instance(self) -> Instance:
        """The week as it stands: with everything cancelled and pinned, and the plan it started from as `previous`."""
        instance = self._board.problem.instance
        return msgspec.structs.replace(
            instance, cancelled=self._cancelled, pinned=self._pinned, previous=self._previous
        )

    @property
    def plan(self) -> Plan:
        """The plan as it stands."""
        rows = tuple(self._labels.row(pair) for pair in self._board.chosen().tolist())
        return Plan(self._board.problem.instance.name, rows, vector=tuple(self.vector))

    def cancel(self, shift: str, volunteer: str) -> Repair:
        """The volunteer is away for the whole time of the shift: find others. KeyError for unknown ids."""
        board, problem = self._board, self._board.problem
        who, away = self._labels.volunteer(volunteer), self._labels.shift(shift)
        before = self._begin()
        pairs = board.options.pairs_of(who)
        start, end = problem.shift_start[away], problem.shift_start[away] + problem.shift_minutes[away]
        starts = problem.shift_start[board.shift[pairs]]
        gone = pairs[(starts < end) & (start < starts + problem.shift_minutes[board.shift[pairs]])]
        lost = sorted(set(board.bundles[who]) & set(gone.tolist()))
        holes = [int(board.position[pair]) for pair in lost if not board.tallies.lacking[board.shift[pair]]]
        for pair in lost:
            if pair in board.pinned:
                board.unpin(pair)
                self._known = (None,) * STAFFING_LEVELS
            board.remove(pair)
        board.forbid(gone)
        self._cancelled += (Cancellation(shift, volunteer),)
        mend(board, holes, [who], before[:STAFFING_LEVELS], _never)
        return self._answer(before)

    def fill(self, shift: str, position: str) -> Repair:
        """Somebody for an empty seat, or nobody if the week has nobody for it. KeyError for unknown ids."""
        board, before = self._board, self._begin()
        mend(board, [self._labels.position(shift, position)], (), before[:STAFFING_LEVELS], _never)
        return self._answer(before)

    def pin(self, row: Assignment) -> Repair:
        """A volunteer has signed up for a seat (or accepted the one they were planned for): nobody moves them any more.

        Raises:
            KeyError: for unknown ids.
            ValueError: if the seat is taken or the rules or their other shifts do not allow it.
        """
        board, pair = self._board, self._labels.pair(row)
        board.settle()
        if pair is None or not (pair in board.bundles[board.volunteer[pair]] or self._is_open(pair)):
            raise ValueError(f"{row.volunteer} cannot take {row.position} of {row.shift}")
        before = self._begin()
        if pair not in board.bundles[board.volunteer[pair]]:
            board.add(pair)
        if pair not in board.pinned:
            board.pin(pair)
            self._pinned += (row,)
        hold(board, int(board.shift[pair]))
        return self._answer(before)

    def improve_in_background(
        self, seconds: float = BACKGROUND_SECONDS, should_stop: Callable[[], bool] = _never
    ) -> Repair:
        """Make good what the last repairs could not, as far as `seconds` go; an undo takes it back.

        A district is brought to its best vector, which the answer then says (`optimal`); of a city the parts around the
        losses are staffed anew. The caller's thread works all the while.
        """
        board = self._board
        goal = self._start[:STAFFING_LEVELS]
        improved = improve(board, self._missing(), goal, self._known, Deadline(seconds, should_stop))
        before, now = self._begin(), board.chosen()
        for pair in np.setdiff1d(now, improved.chosen).tolist():
            board.remove(pair)
        for pair in np.setdiff1d(improved.chosen, now).tolist():
            board.add(pair)
        return replace(self._answer(before), optimal=improved.optimal)

    def undo(self) -> None:
        """Take back the last cancellation, sign-up or improvement; IndexError if there is none."""
        moment = self._history.pop()
        self._board.roll_back(moment.mark)
        self._cancelled, self._pinned, self._known = moment.cancelled, moment.pinned, moment.known

    def _missing(self) -> list[int]:
        """Positions with fewer people than the plan it started from had there."""
        board = self._board
        rows = [self._labels.seat(row) for row in self._previous]
        before = np.bincount(rows, minlength=len(board.tallies.people))
        return [int(position) for position in np.flatnonzero(before > board.tallies.people)]

    def _begin(self) -> Vector:
        held = self._board.tallies.lacking == 0
        self._history.append(_Moment(self._board.mark(), self._cancelled, self._pinned, self._known, held))
        return self._board.vector

    def _answer(self, before: Vector) -> Repair:
        moment = self._history[-1]
        return answer(self._board, self._labels, moment.mark, before, moment.held)

    def _is_open(self, pair: int) -> bool:
        board, position = self._board, self._board.position[pair]
        return bool(board.options.free[pair]) and bool(
            board.tallies.people[position] < board.problem.position_max[position]
        )

    def _numbers(self, rows: tuple[Assignment, ...]) -> Ints:
        numbers = []
        for row in rows:
            pair = self._labels.pair(row)
            if pair is None:
                raise ValueError(f"the plan breaks a rule: {row.volunteer} on {row.position} of {row.shift}")
            numbers.append(pair)
        return np.array(sorted(numbers), np.int64)


def in_force(problem: Problem, chosen: Ints) -> Problem:
    """The problem with the chosen pairs as its previous plan."""
    pairs = problem.pairs
    people = len(problem.recent_shifts)
    keys = pairs.shift * people + pairs.volunteer
    keeps = np.isin(keys, keys[chosen]).astype(np.int64)
    return replace(problem, keeps=keeps, previous_rows=len(chosen))
