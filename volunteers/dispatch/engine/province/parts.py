"""A part of a week as a week of its own: some of its shifts, some of its people, and what those do elsewhere.

Any plan of a part that keeps its pinned rows fits beside what the plan of the whole has outside of the part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import msgspec

from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.instance import Assignment, Instance, Shift, Volunteer
from volunteers.dispatch.engine.province.division import Part
from volunteers.dispatch.engine.validation import standing_pins


class Cutter:
    """Cuts parts out of one valid week."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._directory = Directory.of(instance)
        self._pins = {row for _, row in standing_pins(instance, self._directory)}

    def part(
        self, name: str, shifts: Collection[str], people: Collection[str], rows: Iterable[Assignment] = ()
    ) -> Part:
        """The shifts and people with these ids, with rows of a plan of the whole.

        What the people do on other shifts is pinned: those shifts come along with seats for just these rows. Somebody
        else who is pinned to one of the shifts comes along for that alone. Other rows of others are left out.
        """
        known = set(rows) | self._pins
        inside = [row for row in known if row.shift in shifts]
        elsewhere = {row for row in known if row.shift not in shifts and row.volunteer in people}
        pinned = sorted(elsewhere | {row for row in inside if row in self._pins})
        guests = _by_person(row for row in pinned if row.volunteer not in people)
        volunteers = [
            self._without_absences(v) if v.id in people else self._for_pins_alone(v, guests[v.id])
            for v in self.instance.volunteers
            if v.id in people or v.id in guests
        ]
        kept = [shift for shift in self.instance.shifts if shift.id in shifts]
        kept += [self._for_rows_alone(self._directory.shifts[name], there) for name, there in _by_shift(elsewhere)]
        return Part(
            self._week(name, volunteers, kept, pinned),
            tuple(sorted(row for row in inside if row.volunteer in people)),
        )

    def _week(self, name: str, volunteers: list[Volunteer], shifts: list[Shift], pinned: list[Assignment]) -> Instance:
        whole = self.instance
        places, there = {shift.place for shift in shifts}, {shift.id for shift in shifts}
        who = {volunteer.id for volunteer in volunteers}
        positions = {(shift.id, position.id) for shift in shifts for position in shift.positions}
        ways = tuple(way for way in whole.travel or () if way.origin in places and way.target in places)
        return msgspec.structs.replace(
            whole,
            name=f"{whole.name} {name}",
            places=tuple(place for place in whole.places if place.id in places),
            volunteers=tuple(volunteers),
            shifts=tuple(shifts),
            pinned=tuple(pinned),
            cancelled=(),
            previous=tuple(
                r
                for r in whole.previous
                if r.shift in there and r.volunteer in who and (r.shift, r.position) in positions
            ),
            travel=ways if ways else msgspec.UNSET,
        )

    def _without_absences(self, volunteer: Volunteer) -> Volunteer:
        """Rule 11 as rule 1: nobody is free while away."""
        windows = list(volunteer.available)
        for away in self._directory.cancelled.get(volunteer.id, ()):
            before = [(start, min(end, away.start)) for start, end in windows]
            after = [(max(start, away.end), end) for start, end in windows]
            windows = sorted((start, end) for start, end in (*before, *after) if start < end)
        return msgspec.structs.replace(volunteer, available=tuple(windows))

    def _for_pins_alone(self, volunteer: Volunteer, rows: list[Assignment]) -> Volunteer:
        """Somebody of another part, who does here what they are pinned to and nothing else."""
        there = [self._directory.shifts[row.shift] for row in rows]
        windows = tuple(sorted((shift.start, shift.end) for shift in there))
        return msgspec.structs.replace(volunteer, available=windows, max_shifts_week=len(there))

    @staticmethod
    def _for_rows_alone(shift: Shift, rows: list[Assignment]) -> Shift:
        """A shift of another part with seats for its rows and for nobody else; it is always held."""
        people = {position.id: sum(row.position == position.id for row in rows) for position in shift.positions}
        seats = tuple(
            msgspec.structs.replace(position, min=0, max=people[position.id])
            for position in shift.positions
            if people[position.id]
        )
        return msgspec.structs.replace(shift, positions=seats)


def _by_person(rows: Iterable[Assignment]) -> dict[str, list[Assignment]]:
    found: dict[str, list[Assignment]] = defaultdict(list)
    for row in rows:
        found[row.volunteer].append(row)
    return found


def _by_shift(rows: Iterable[Assignment]) -> list[tuple[str, list[Assignment]]]:
    found: dict[str, list[Assignment]] = defaultdict(list)
    for row in sorted(rows):
        found[row.shift].append(row)
    return sorted(found.items())
