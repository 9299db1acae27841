"""Why one person is not on one shift: the rule that keeps them away, or what the plan would lose with them there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from volunteers.dispatch.engine.conflicts import clash, exceeded_limits
from volunteers.dispatch.engine.counterplan import Exchange, exchange
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.engine.instance import (
    MINUTES_PER_DAY,
    Position,
    Shift,
    Volunteer,
    overlap,
    travel_minutes,
)
from volunteers.dispatch.engine.staffing import Staffing


class Clash(StrEnum):
    """Which part of rule 6 two shifts break: they overlap, the way is too long, the night too short."""

    OVERLAP = "overlap"
    TRAVEL = "travel"
    REST = "rest"


@dataclass(frozen=True)
class Conflict:
    """A shift that the person cannot do beside the one asked about, and minutes needed and there between the two."""

    shift: str
    clash: Clash
    needed: int
    there: int


@dataclass(frozen=True)
class WhyNot:
    """`refusal` is the first hard rule in the way (None: no rule), on the position that comes closest.

    With ELSEWHERE there is a `conflict`, with SHIFT_NOT_HELD the positions `lacking`; without any refusal there is an
    `exchange`. Nothing at all: the person is on the shift.
    """

    position: str
    refusal: Refusal | None = None
    conflict: Conflict | None = None
    lacking: tuple[str, ...] = ()
    exchange: Exchange | None = None


_ORDER = {refusal: number for number, refusal in enumerate(Refusal)}


def why_not(staffing: Staffing, volunteer: Volunteer, shift: Shift) -> WhyNot:
    """Why the person is on no seat of the shift of a valid plan: the answer for the seat that they came closest to."""
    if staffing.is_on(volunteer.id, shift):
        return WhyNot(next(p.id for p in shift.positions if volunteer.id in staffing.seated[shift.id, p.id]))
    answers = [_on(staffing, volunteer, shift, position) for position in shift.positions]
    exchanges = [answer for answer in answers if answer.exchange is not None]
    if exchanges:
        return min(exchanges, key=lambda answer: answer.exchange.after if answer.exchange else ())
    return max(answers, key=lambda answer: _ORDER[answer.refusal] if answer.refusal else len(_ORDER))


def conflict_between(staffing: Staffing, one: Shift, other: Shift) -> Conflict:
    """Which part of rule 6 the two break; they must clash."""
    first, second = sorted((one, other), key=lambda shift: (shift.start, shift.id))
    gap, directory, rules = second.start - first.end, staffing.directory, staffing.instance.rules
    way = travel_minutes(rules, directory.places[first.place], directory.places[second.place], directory.ways)
    if overlap(one, other):
        return Conflict(other.id, Clash.OVERLAP, 0, gap)
    if gap < way:
        return Conflict(other.id, Clash.TRAVEL, way, gap)
    assert first.start // MINUTES_PER_DAY != second.start // MINUTES_PER_DAY  # noqa: S101 - else they do not clash
    return Conflict(other.id, Clash.REST, rules.min_rest_minutes, gap)


def _on(staffing: Staffing, volunteer: Volunteer, shift: Shift, position: Position) -> WhyNot:
    refusal = staffing.directory.refusal(volunteer, shift, position)
    if refusal is not None:
        return WhyNot(position.id, refusal)
    instance, directory = staffing.instance, staffing.directory
    chosen = [
        directory.shifts[row.shift]
        for row in instance.pinned
        if row.volunteer == volunteer.id and staffing.is_on(volunteer.id, directory.shifts[row.shift])
    ]
    for other in chosen:
        if clash(instance.rules, directory, shift, other):
            return WhyNot(position.id, Refusal.ELSEWHERE, conflict_between(staffing, shift, other))
    if exceeded := exceeded_limits(volunteer, [*chosen, shift]):
        return WhyNot(position.id, exceeded[0])
    found = exchange(staffing, volunteer, shift, position)
    if found is not None:
        return WhyNot(position.id, exchange=found)
    if staffing.open_seats(shift, position) > 0:
        return _not_held(staffing, shift, position)
    return WhyNot(position.id, Refusal.SEATS_TAKEN)


def _not_held(staffing: Staffing, shift: Shift, position: Position) -> WhyNot:
    _, left = staffing.completion(shift)
    lacking = tuple(dict.fromkeys(p.id for p in left if p.id != position.id))
    return WhyNot(position.id, Refusal.SHIFT_NOT_HELD, lacking=lacking)
