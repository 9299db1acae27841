"""Judge a plan against the hard rules and measure its objective, with nothing but the README at hand.

Shares no data structure with the solver: what the solver got wrong is seen here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from volunteers.dispatch.engine.conflicts import clash, exceeded_limits
from volunteers.dispatch.engine.eligibility import Directory, Refusal
from volunteers.dispatch.engine.instance import Assignment, Instance, Plan, Shift, Vector, distance
from volunteers.dispatch.engine.validation import standing_pins

_RULE_OF = {
    Refusal.AVAILABILITY: 1,
    Refusal.CREDENTIAL: 2,
    Refusal.SKILL: 3,
    Refusal.LANGUAGE: 3,
    Refusal.GENDER: 3,
    Refusal.CONFLICT_OF_INTEREST: 4,
    Refusal.DISTANCE: 5,
    Refusal.CANCELLED: 11,
}


@dataclass(frozen=True)
class Violation:
    """A broken hard rule by its number in the README; 0 is a row that names something unknown."""

    rule: int
    text: str


@dataclass(frozen=True)
class CheckResult:
    """What the plan breaks and what it is worth; rows that name something unknown are not counted in `vector`."""

    valid: bool
    violations: tuple[Violation, ...]
    vector: Vector


def check(instance: Instance, plan: Plan) -> CheckResult:
    """Judge `plan` for a valid `instance`; never raises for a bad plan, it lists what is wrong."""
    directory = Directory.of(instance)
    known = [row for row in plan.assignments if _is_known(directory, row)]
    seated = _seated(known)
    violations = (
        *_foreign(instance, plan, directory),
        *_ineligible(directory, known),
        *_overcommitted(instance, directory, known),
        *_overfull(directory, seated),
        *_sent_in_vain(instance, directory, known, seated),
        *_missing_pins(instance, directory, known),
    )
    return CheckResult(not violations, violations, measure(instance, directory, known))


def measure(instance: Instance, directory: Directory, rows: Sequence[Assignment]) -> Vector:
    """The objective of the rows, all of which must name known shifts, positions and volunteers."""
    seated = _seated(rows)
    unheld = [shift for shift in instance.shifts if not is_held(shift, seated)]
    return Vector(
        green_unheld=sum(shift.green for shift in unheld),
        shortage_unheld=sum(directory.places[shift.place].shortage for shift in unheld),
        unheld=len(unheld),
        empty_seats=sum(p.max - len(seated.get((s.id, p.id), ())) for s in instance.shifts for p in s.positions),
        changes=_changes(instance, directory, rows),
        burden=_burden(instance, directory, rows),
    )


def is_held(shift: Shift, seated: Mapping[tuple[str, str], set[str]]) -> bool:
    """Rule 9: every position has at least its min; `seated` maps (shift, position) to volunteers."""
    return all(len(seated.get((shift.id, p.id), ())) >= p.min for p in shift.positions)


def _seated(rows: Iterable[Assignment]) -> dict[tuple[str, str], set[str]]:
    seated: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        seated[row.shift, row.position].add(row.volunteer)
    return dict(seated)


def _is_known(directory: Directory, row: Assignment) -> bool:
    return (row.shift, row.position) in directory.positions and row.volunteer in directory.volunteers


def _foreign(instance: Instance, plan: Plan, directory: Directory) -> Iterator[Violation]:
    if plan.instance != instance.name:
        yield Violation(0, f"the plan is for instance {plan.instance}, not for {instance.name}")
    for row in plan.assignments:
        if not _is_known(directory, row):
            yield Violation(0, f"unknown row: {row.volunteer} on {row.position} of {row.shift}")


def _ineligible(directory: Directory, rows: Iterable[Assignment]) -> Iterator[Violation]:
    for row in rows:
        volunteer, shift = directory.volunteers[row.volunteer], directory.shifts[row.shift]
        refusal = directory.refusal(volunteer, shift, directory.positions[row.shift, row.position])
        if refusal is not None:
            text = f"{row.volunteer} may not stand on {row.position} of {row.shift}: {refusal}"
            yield Violation(_RULE_OF[refusal], text)


def _overcommitted(instance: Instance, directory: Directory, rows: Iterable[Assignment]) -> Iterator[Violation]:
    shifts_of: dict[str, list[Shift]] = defaultdict(list)
    for row in rows:
        shifts_of[row.volunteer].append(directory.shifts[row.shift])
    for name, shifts in shifts_of.items():
        for one, other in combinations(shifts, 2):
            if clash(instance.rules, directory, one, other):
                yield Violation(6, f"{name} cannot do both {one.id} and {other.id}")
        for limit in exceeded_limits(directory.volunteers[name], shifts):
            yield Violation(7, f"{name} is over the {limit}")


def _overfull(directory: Directory, seated: Mapping[tuple[str, str], set[str]]) -> Iterator[Violation]:
    for (where, seat), people in seated.items():
        if len(people) > directory.positions[where, seat].max:
            yield Violation(8, f"{len(people)} people on {seat} of {where}, more than its max")


def _sent_in_vain(
    instance: Instance,
    directory: Directory,
    rows: Iterable[Assignment],
    seated: Mapping[tuple[str, str], set[str]],
) -> Iterator[Violation]:
    pinned = set(instance.pinned)
    for row in rows:
        if row not in pinned and not is_held(directory.shifts[row.shift], seated):
            yield Violation(9, f"{row.volunteer} is sent to {row.shift}, which is not held")


def _missing_pins(instance: Instance, directory: Directory, rows: Iterable[Assignment]) -> Iterator[Violation]:
    present = set(rows)
    for _, row in standing_pins(instance, directory):
        if row not in present:
            yield Violation(10, f"the pinned row of {row.volunteer} on {row.position} of {row.shift} is missing")


def _changes(instance: Instance, directory: Directory, rows: Iterable[Assignment]) -> int:
    present = {(row.shift, row.volunteer) for row in rows}
    return sum(
        (row.shift, row.volunteer) not in present
        and directory.refusal(
            directory.volunteers[row.volunteer],
            directory.shifts[row.shift],
            directory.positions[row.shift, row.position],
        )
        is None
        for row in instance.previous
    )


def _burden(instance: Instance, directory: Directory, rows: Sequence[Assignment]) -> int:
    weights = instance.rules.weights
    burden = 0
    for row in rows:
        volunteer, shift = directory.volunteers[row.volunteer], directory.shifts[row.shift]
        unwanted = bool(volunteer.preferred_kinds) and shift.kind not in volunteer.preferred_kinds
        unfamiliar = shift.continuity and shift.place not in volunteer.familiar_places
        kilometres = distance(volunteer, directory.places[shift.place]) // 1000
        burden += weights.preference * unwanted + weights.km * kilometres + weights.continuity * unfamiliar
    for name, sent in Counter(row.volunteer for row in rows).items():
        recent = directory.volunteers[name].recent_shifts
        burden += weights.fairness * ((recent + sent) ** 2 - recent**2)
    return burden
