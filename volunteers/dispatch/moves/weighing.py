"""Weighing a move on the very input that the plan was solved from, by the engine's own check of all hard rules."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace

import msgspec

from app.core.text import Message, Words
from volunteers.dispatch import results
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.conflicts import clash, exceeded_limits
from volunteers.dispatch.engine.eligibility import Directory, Refusal
from volunteers.dispatch.engine.explain import Explainer, Gap
from volunteers.dispatch.engine.instance import Assignment, Instance, Plan, Shift, Vector, distance
from volunteers.dispatch.input.standing import position_of
from volunteers.dispatch.moves.rules import REFUSAL_SENTENCES, SIGNED_UP, UNKNOWN, Move, Seat

GapRow = tuple[int, int, bool, str, str]
"""As ``results.gaps`` writes them."""


@dataclass(frozen=True, slots=True)
class Names:
    """How people and shifts are called, by their ids in the instance."""

    people: Mapping[str, str]
    shifts: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a move does to the plan: its new vector, the gaps of the shifts it touches, and what changes in the others.

    Of the others, all that changes is what keeps the people moved away from them: ``elsewhere`` says it by position, as
    how many more and fewer people each reason then counts.
    """

    vector: Vector
    shifts: frozenset[str]
    gaps: list[GapRow]
    elsewhere: Mapping[int, Mapping[Refusal, int]]


class Board:
    """A plan as it stands by hand, on its instance."""

    def __init__(self, instance: Instance, proposals: Iterable[tuple[Seat, bool]]) -> None:
        """Take the stored input and the proposals, each with whether its person signed up themselves."""
        kept = list(proposals)
        signed_up = {(seat.position_id, seat.person_id) for seat, pinned in kept if pinned}
        pins = tuple(
            row
            for row in instance.pinned
            if (position := position_of(row)) is None or (position, int(row.volunteer)) in signed_up
        )
        # What was only locked may be moved by hand.
        self.instance = msgspec.structs.replace(instance, pinned=pins)
        self.directory = Directory.of(self.instance)
        self._shift_of = {p.id: shift.id for shift in instance.shifts for p in shift.positions}
        self.rows = (*pins, *(self._row(seat) for seat, pinned in kept if not pinned))
        self.shifts_of: dict[str, list[Shift]] = defaultdict(list)
        for row in self.rows:
            if row.shift in self.directory.shifts:
                self.shifts_of[row.volunteer].append(self.directory.shifts[row.shift])

    def after(self, move: Move) -> tuple[Assignment, ...]:
        """Return the rows of the plan after a move."""
        gone = {self._held(seat) for seat in move.takes}
        return (*(row for row in self.rows if row not in gone), *(self._row(seat) for seat in move.puts))

    def broken(self, move: Move, names: Names) -> dict[str, Message]:
        """Return what the move breaks that was not broken before, by code, each in words; nothing if it may be made."""
        rows = self.after(move)
        before = set(check(self.instance, self._plan(self.rows)).violations)
        found = [one for one in check(self.instance, self._plan(rows)).violations if one not in before]
        return self._worded(move, rows, {one.rule for one in found}, names) if found else {}

    def weighed(self, move: Move) -> Weighed:
        """Return what a move that breaks nothing makes of the plan."""
        plan = self._plan(self.after(move))
        touched = {self._shift_of[str(seat.position_id)] for seat in (*move.puts, *move.takes)}
        explainer = Explainer(self.instance, plan)
        gaps = [
            gap
            for shift in sorted(touched)
            for position in self.directory.shifts[shift].positions
            if (gap := explainer.gap(self.directory.shifts[shift], position)).empty_seats > 0
        ]
        vector, elsewhere = check(self.instance, plan).vector, self._elsewhere(move, plan, explainer, touched)
        return Weighed(vector, frozenset(touched), results.gaps(gaps), elsewhere)

    def _elsewhere(self, move: Move, plan: Plan, now: Explainer, touched: Set[str]) -> dict[int, dict[Refusal, int]]:
        """Return for each empty seat of other shifts what keeps the people moved away no more, and what does now."""
        before = Explainer(self.instance, self._plan(self.rows))
        moved = sorted({str(seat.person_id) for seat in (*move.puts, *move.takes)})
        taken = Counter(row.position for row in plan.assignments)
        found: dict[int, dict[Refusal, int]] = {}
        for shift in self.instance.shifts:
            for position in shift.positions if shift.id not in touched else ():
                if taken[position.id] >= position.max or not position.id.isdigit():
                    continue
                changed: Counter[Refusal] = Counter()
                for person in moved:
                    seat = (person, shift.id, position.id)
                    changed.update({reason: 1 for reason in (now.why_not(*seat),) if reason})
                    changed.subtract({reason: 1 for reason in (before.why_not(*seat),) if reason})
                if any(changed.values()):
                    found[int(position.id)] = dict(changed)
        return found

    def could(self, person_id: int, position_id: int, giving_up: str = "") -> bool:
        """Tell whether somebody may take a position beside what they do, but for a shift that they would give up."""
        person = self.directory.volunteers.get(str(person_id))
        if person is None:
            return False
        shift = self.directory.shifts[self.shift_id(position_id)]
        if self.directory.refusal(person, shift, self.directory.positions[shift.id, str(position_id)]):
            return False
        theirs = [one for one in self.shifts_of.get(person.id, ()) if one.id != giving_up]
        if exceeded_limits(person, [*theirs, shift]):
            return False
        return not any(clash(self.instance.rules, self.directory, shift, other) for other in theirs)

    def candidates(self, position_id: int) -> list[tuple[int, int]]:
        """Return who could take a position, with the metres from their home, the nearest first."""
        place = self.directory.places[self.directory.shifts[self.shift_id(position_id)].place]
        fit = [one for one in self.instance.volunteers if self.could(int(one.id), position_id)]
        return sorted(((int(one.id), distance(one, place)) for one in fit), key=lambda found: (found[1], found[0]))

    def partners(self, seat: Seat) -> list[Seat]:
        """Return the seats whose people could change with somebody: each may take the other's."""
        shift = self.shift_id(seat.position_id)
        others = [
            Seat(position, int(row.volunteer))
            for row in self.rows
            if row not in self.instance.pinned
            and row.shift != shift
            and (position := position_of(row)) is not None
            and int(row.volunteer) != seat.person_id
        ]
        return [
            other
            for other in others
            if self.could(other.person_id, seat.position_id, self.shift_id(other.position_id))
            and self.could(seat.person_id, other.position_id, shift)
        ]

    def shift_id(self, position_id: int) -> str:
        """Return the shift of a position; KeyError if the instance has no such position."""
        return self._shift_of[str(position_id)]

    def _plan(self, rows: tuple[Assignment, ...]) -> Plan:
        return Plan(self.instance.name, rows)

    def _row(self, seat: Seat) -> Assignment:
        position = str(seat.position_id)
        return Assignment(self._shift_of.get(position, ""), position, str(seat.person_id))

    def _held(self, seat: Seat) -> Assignment:
        """Return the row of somebody who has the seat, which may be one that is only kept."""
        return next(
            (row for row in self.rows if int(row.volunteer) == seat.person_id and position_of(row) == seat.position_id),
            self._row(seat),
        )

    def _worded(self, move: Move, rows: Iterable[Assignment], rules: set[int], names: Names) -> dict[str, Message]:
        theirs: dict[str, list[Shift]] = defaultdict(list)
        for row in rows:
            if row.shift in self.directory.shifts:
                theirs[row.volunteer].append(self.directory.shifts[row.shift])
        said: dict[str, Message] = {}
        for seat in move.puts:
            said |= self._about(self._row(seat), theirs[str(seat.person_id)], names)
        titles = [names.shifts.get(self._row(seat).shift, Words("", "")) for seat in (*move.takes, *move.puts)]
        if 8 in rules:
            said["seats_taken"] = Message(REFUSAL_SENTENCES[Refusal.SEATS_TAKEN], {"title": titles[-1]})
        if 9 in rules:
            said["shift_not_held"] = Message(REFUSAL_SENTENCES[Refusal.SHIFT_NOT_HELD], {"title": titles[0]})
        if 10 in rules:
            who = names.people.get(str(move.takes[0].person_id), "") if move.takes else ""
            said["signed_up"] = Message(SIGNED_UP, {"name": who})
        return said or {"unknown": Message(UNKNOWN)}

    def _about(self, row: Assignment, theirs: list[Shift], names: Names) -> dict[str, Message]:
        """Say what keeps one person from the seat that they would be put on."""
        person = self.directory.volunteers.get(row.volunteer)
        if person is None or (row.shift, row.position) not in self.directory.positions:
            return {"unknown": Message(UNKNOWN)}
        name = {"name": names.people.get(row.volunteer, "")}
        shift = self.directory.shifts[row.shift]
        refusal = self.directory.refusal(person, shift, self.directory.positions[row.shift, row.position])
        said = {refusal.value: Message(REFUSAL_SENTENCES[refusal], name)} if refusal else {}
        others = [one for one in theirs if one is not shift] if theirs.count(shift) == 1 else theirs
        for other in others:
            if clash(self.instance.rules, self.directory, shift, other):
                title = names.shifts.get(other.id, Words("", ""))
                said["elsewhere"] = Message(REFUSAL_SENTENCES[Refusal.ELSEWHERE], {**name, "title": title})
        for limit in exceeded_limits(person, theirs):
            said[limit.value] = Message(REFUSAL_SENTENCES[limit], name)
        return said


def gap_after(gap: Gap, changed: Mapping[Refusal, int]) -> Gap:
    """Return a gap with some people kept away by something else."""
    counted = Counter(gap.refused)
    counted.update(changed)
    return replace(gap, refused={reason: number for reason, number in counted.items() if number > 0})
