"""Counting who could take a shift, by the engine's own rules: in its words, rules 1 to 7 and 11."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from volunteers.dispatch.engine.conflicts import clash, exceeded_limits
from volunteers.dispatch.engine.eligibility import Directory, Refusal, qualification_refusal
from volunteers.dispatch.engine.instance import Instance, Position, Shift, Volunteer, distance


@dataclass(frozen=True, slots=True)
class Counted:
    """``qualified``: who may do it and would go so far; ``free``: who of them can on that day, beside what they do."""

    qualified: int
    free: int
    refused: Mapping[Refusal, int]


class WeekCount:
    """Counts over one week; keep it for more than one shift."""

    def __init__(self, instance: Instance) -> None:
        """Index the week and what everybody does in it already."""
        self._instance = instance
        self._directory = Directory.of(instance)
        self._held: dict[str, list[Shift]] = defaultdict(list)
        for row in instance.pinned:
            self._held[row.volunteer].append(self._directory.shifts[row.shift])

    def count(self, shift: str, position: str) -> Counted:
        """Count the people for one seat."""
        qualified = self.people(shift, position)
        refused = Counter(qualified.values())
        free = refused.pop(None, 0)
        return Counted(len(qualified), free, {why: count for why, count in refused.items() if why is not None})

    def people(self, shift: str, position: str) -> dict[str, Refusal | None]:
        """Return who is qualified for one seat, and what is in their way, if anything."""
        at, seat = self._directory.shifts[shift], self._directory.positions[shift, position]
        qualified = (one for one in self._instance.volunteers if self._may_and_would(one, at, seat))
        return {one.id: self._in_the_way(one, at) for one in qualified}

    def _may_and_would(self, volunteer: Volunteer, shift: Shift, position: Position) -> bool:
        return (
            qualification_refusal(volunteer, shift, position) is None
            and distance(volunteer, self._directory.places[shift.place]) <= volunteer.max_travel_m
            and not set(shift.parties) & set(volunteer.conflict_parties)
        )

    def _in_the_way(self, volunteer: Volunteer, shift: Shift) -> Refusal | None:
        held = [other for other in self._held.get(volunteer.id, []) if other.id != shift.id]
        if refusal := self._directory.circumstance_refusal(volunteer, shift):
            return refusal
        if any(clash(self._instance.rules, self._directory, shift, other) for other in held):
            return Refusal.ELSEWHERE
        return next(iter(exceeded_limits(volunteer, [*held, shift])), None)
