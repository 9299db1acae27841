"""A plan by shift and by person: who could take a seat on top of what they do, and who would complete a shift."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from volunteers.dispatch.engine.conflicts import clash, exceeded_limits
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.instance import Assignment, Instance, Position, Shift, Volunteer

Seat = tuple[str, str]
"""A shift's id and a position's id."""


class Staffing:
    """The rows of a valid plan of a valid instance, looked at from both sides."""

    def __init__(self, instance: Instance, rows: Iterable[Assignment], directory: Directory | None = None) -> None:
        self.instance = instance
        self.directory = directory or Directory.of(instance)
        self.rows = list(rows)
        self.seated: dict[Seat, set[str]] = defaultdict(set)
        self.shifts_of: dict[str, list[Shift]] = defaultdict(list)
        for row in self.rows:
            self.seated[row.shift, row.position].add(row.volunteer)
            self.shifts_of[row.volunteer].append(self.directory.shifts[row.shift])

    def theirs(self, volunteer: str) -> list[Shift]:
        """The shifts that the plan gives somebody."""
        return self.shifts_of.get(volunteer, [])

    def is_on(self, volunteer: str, shift: Shift) -> bool:
        """Whether the person stands on any seat of the shift."""
        return any(other.id == shift.id for other in self.theirs(volunteer))

    def clashing(self, volunteer: str, shift: Shift) -> list[Shift]:
        """What of the person's shifts they cannot do beside this one (rule 6)."""
        rules, directory = self.instance.rules, self.directory
        return [other for other in self.theirs(volunteer) if clash(rules, directory, shift, other)]

    def fits(self, volunteer: Volunteer, shift: Shift, without: Collection[str] = ()) -> bool:
        """Rules 6 and 7 for the shift beside the person's others, but for those they would give up."""
        kept = [other for other in self.theirs(volunteer.id) if other.id not in without]
        rules, directory = self.instance.rules, self.directory
        if any(clash(rules, directory, shift, other) for other in kept):
            return False
        return not exceeded_limits(volunteer, [*kept, shift])

    def may_take(self, volunteer: Volunteer, shift: Shift, position: Position) -> bool:
        """Whether all rules for one person let them take the seat on top of what they do (1-7 and 11)."""
        return self.directory.refusal(volunteer, shift, position) is None and self.fits(volunteer, shift)

    def open_seats(self, shift: Shift, position: Position) -> int:
        """How many more people the position takes (rule 8)."""
        return position.max - len(self.seated.get((shift.id, position.id), ()))

    def lacking(self, shift: Shift) -> Iterator[Position]:
        """Each position of the shift as often as it lacks somebody for the shift to be held (rule 9)."""
        for position in shift.positions:
            for _ in range(position.min - len(self.seated.get((shift.id, position.id), ()))):
                yield position

    def completion(self, shift: Shift) -> tuple[list[Assignment], list[Position]]:
        """People who could come on top to hold the shift, as many as possible, and the seats for which nobody is left.

        A matching by augmenting paths: as many seats are filled as any choice of people could fill.
        """
        wanted = list(self.lacking(shift))
        candidates = {
            position.id: [v.id for v in self.instance.volunteers if self.may_take(v, shift, position)]
            for position in wanted
        }
        taken: dict[str, int] = {}
        left = [p for number, p in enumerate(wanted) if not _augment(number, wanted, candidates, taken, set())]
        rows = [Assignment(shift.id, wanted[number].id, who) for who, number in taken.items()]
        return rows, left


def _augment(
    number: int, wanted: list[Position], candidates: dict[str, list[str]], taken: dict[str, int], seen: set[str]
) -> bool:
    """Find somebody for a seat, moving others of the same shift to where they are wanted as well."""
    for who in candidates[wanted[number].id]:
        if who in seen:
            continue
        seen.add(who)
        if who not in taken or _augment(taken[who], wanted, candidates, taken, seen):
            taken[who] = number
            return True
    return False
