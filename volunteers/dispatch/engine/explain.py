"""Why a seat is empty and why a person is not on it: causes and counts, for others to put into words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from volunteers.dispatch.engine.check import is_held
from volunteers.dispatch.engine.conflicts import clash, exceeded_limits
from volunteers.dispatch.engine.eligibility import Directory, Refusal, qualification_refusal
from volunteers.dispatch.engine.instance import MINUTES_PER_DAY, Instance, Plan, Position, Shift, Volunteer


@dataclass(frozen=True)
class Gap:
    """Empty seats of one position.

    `missing` is how many people the position lacks for the shift to be held (0: only extra seats are empty, or another
    position is the cause), `refused` counts everybody who is not on the position by the first thing in the way.
    """

    shift: str
    position: str
    empty_seats: int
    missing: int
    shift_held: bool
    refused: Mapping[Refusal, int]

    @property
    def eligible(self) -> int:
        """How many people could stand here if the rest of the plan were not there."""
        return sum(count for refusal, count in self.refused.items() if refusal in PLAN_REFUSALS)


PLAN_REFUSALS = frozenset(
    {
        Refusal.ELSEWHERE,
        Refusal.DAY_LIMIT,
        Refusal.WEEK_LIMIT,
        Refusal.SHIFT_LIMIT,
        Refusal.SHIFT_NOT_HELD,
        Refusal.SEATS_TAKEN,
        Refusal.NOT_CHOSEN,
    }
)
"""What the plan around an eligible person puts in the way; everything else lies in person and seat."""


class Explainer:
    """Answers questions about a valid plan of a valid instance; keep it for more than one question."""

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self._instance = instance
        self._directory = Directory.of(instance)
        self._shifts_of: dict[str, list[Shift]] = defaultdict(list)
        self._seated: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._qualifications: dict[object, tuple[Counter[Refusal], list[Volunteer]]] = {}
        for row in plan.assignments:
            self._shifts_of[row.volunteer].append(self._directory.shifts[row.shift])
            self._seated[row.shift, row.position].add(row.volunteer)

    def gaps(self) -> Iterator[Gap]:
        """Every position with an empty seat, in the order of the file."""
        for shift in self._instance.shifts:
            for position in shift.positions:
                if len(self._seated.get((shift.id, position.id), ())) < position.max:
                    yield self.gap(shift, position)

    def gap(self, shift: Shift, position: Position) -> Gap:
        """Who could not fill the position's empty seats, by cause."""
        seated = self._seated.get((shift.id, position.id), set())
        unqualified, qualified = self._by_qualification(shift, position)
        refused = unqualified + Counter(
            self._directory.circumstance_refusal(volunteer, shift) or self._plan_refusal(volunteer, shift, position)
            for volunteer in qualified
            if volunteer.id not in seated
        )
        return Gap(
            shift=shift.id,
            position=position.id,
            empty_seats=position.max - len(seated),
            missing=max(0, position.min - len(seated)),
            shift_held=is_held(shift, self._seated),
            refused=dict(refused),
        )

    def _by_qualification(self, shift: Shift, position: Position) -> tuple[Counter[Refusal], list[Volunteer]]:
        """Who fails rules 2 and 3, counted by cause, and who does not; the same for many seats of a week."""
        wanted = (position.credentials_any, position.skills_all, position.languages_all, position.gender)
        key = (*wanted, shift.end // MINUTES_PER_DAY)
        if key not in self._qualifications:
            refusals = [(qualification_refusal(v, shift, position), v) for v in self._instance.volunteers]
            unqualified = Counter(refusal for refusal, _ in refusals if refusal is not None)
            self._qualifications[key] = unqualified, [v for refusal, v in refusals if refusal is None]
        return self._qualifications[key]

    def why_not(self, volunteer: str, shift: str, position: str) -> Refusal | None:
        """The first thing that keeps the volunteer from the seat, None if they are on it; KeyError for unknown ids."""
        directory = self._directory
        return self._refusal(
            directory.volunteers[volunteer], directory.shifts[shift], directory.positions[shift, position]
        )

    def _refusal(self, volunteer: Volunteer, shift: Shift, position: Position) -> Refusal | None:
        if volunteer.id in self._seated.get((shift.id, position.id), ()):
            return None
        return self._directory.refusal(volunteer, shift, position) or self._plan_refusal(volunteer, shift, position)

    def _plan_refusal(self, volunteer: Volunteer, shift: Shift, position: Position) -> Refusal:
        theirs = self._shifts_of.get(volunteer.id, [])
        if any(clash(self._instance.rules, self._directory, shift, other) for other in theirs):
            return Refusal.ELSEWHERE
        if exceeded := exceeded_limits(volunteer, [*theirs, shift]):
            return exceeded[0]
        if not is_held(shift, self._seated):
            return Refusal.SHIFT_NOT_HELD
        if len(self._seated.get((shift.id, position.id), ())) >= position.max:
            return Refusal.SEATS_TAKEN
        return Refusal.NOT_CHOSEN


def explain(instance: Instance, plan: Plan) -> tuple[Gap, ...]:
    """Every position with an empty seat and what stands in the way of filling it."""
    return tuple(Explainer(instance, plan).gaps())


def why_not(instance: Instance, plan: Plan, volunteer: str, shift: str, position: str) -> Refusal | None:
    """Why this volunteer is not on this seat of the plan, None if they are; KeyError for unknown ids."""
    return Explainer(instance, plan).why_not(volunteer, shift, position)
