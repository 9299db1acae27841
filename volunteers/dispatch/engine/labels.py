"""Numbers of a problem and ids of its instance, both ways."""

from __future__ import annotations

from volunteers.dispatch.engine.instance import Assignment
from volunteers.dispatch.engine.problem import Problem, pair_number


class Labels:
    """Looks up pairs, shifts and volunteers by id; KeyError for ids the instance does not know."""

    def __init__(self, problem: Problem) -> None:
        instance = problem.instance
        self._problem = problem
        self.seats = [(shift.id, position.id) for shift in instance.shifts for position in shift.positions]
        self.volunteers = [volunteer.id for volunteer in instance.volunteers]
        self._seat_number = {seat: number for number, seat in enumerate(self.seats)}
        self._volunteer_number = {name: number for number, name in enumerate(self.volunteers)}
        self._shift_number = {shift.id: number for number, shift in enumerate(instance.shifts)}

    def shift(self, name: str) -> int:
        """Number of a shift."""
        return self._shift_number[name]

    def volunteer(self, name: str) -> int:
        """Number of a volunteer."""
        return self._volunteer_number[name]

    def position(self, shift: str, position: str) -> int:
        """Number of a position."""
        return self._seat_number[shift, position]

    def seat(self, row: Assignment) -> int:
        """Number of the row's position."""
        return self.position(row.shift, row.position)

    def pair(self, row: Assignment) -> int | None:
        """Number of the row's pair, None if the volunteer is not eligible for the seat."""
        return pair_number(self._problem.pairs, self.seat(row), self._volunteer_number[row.volunteer])

    def row(self, pair: int) -> Assignment:
        """The row of a plan that stands for a pair."""
        pairs = self._problem.pairs
        shift, position = self.seats[pairs.position[pair]]
        return Assignment(shift, position, self.volunteers[pairs.volunteer[pair]])
