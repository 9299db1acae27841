"""How many people are left for an empty seat, sieve by sieve: why it is empty, in counts."""

from __future__ import annotations

from dataclasses import dataclass

from volunteers.dispatch.engine.conflicts import clash, exceeded_limits
from volunteers.dispatch.engine.eligibility import qualification_refusal
from volunteers.dispatch.engine.instance import Position, Shift, Volunteer, distance
from volunteers.dispatch.engine.staffing import Staffing


@dataclass(frozen=True)
class Funnel:
    """Everybody who is not on the shift; each number counts those of the number before who pass one more sieve.

    `qualified`: rules 2-4; `in_reach`: rule 5; `free`: rules 1 and 11; `within_limits`: rule 7, with those of their
    shifts in the plan that leave them the time; `to_spare`: rule 6, the plan needs them nowhere else just then. Of
    those it does need elsewhere, `signed_up` chose to be there themselves.
    """

    everybody: int
    qualified: int
    in_reach: int
    free: int
    within_limits: int
    to_spare: int
    signed_up: int

    @property
    def needed_elsewhere(self) -> int:
        """Whom only another shift of the plan keeps away."""
        return self.within_limits - self.to_spare


def funnel(staffing: Staffing, shift: Shift, position: Position) -> Funnel:
    """Count who is left for a seat of a valid plan."""
    everybody = [v for v in staffing.instance.volunteers if not staffing.is_on(v.id, shift)]
    qualified = [v for v in everybody if _is_qualified(v, shift, position)]
    place = staffing.directory.places[shift.place]
    in_reach = [v for v in qualified if distance(v, place) <= v.max_travel_m]
    free = [v for v in in_reach if staffing.directory.circumstance_refusal(v, shift) is None]
    within_limits = [v for v in free if _is_within_limits(staffing, v, shift)]
    busy = [v for v in within_limits if staffing.clashing(v.id, shift)]
    chosen = {(row.shift, row.volunteer) for row in staffing.instance.pinned}
    signed_up = sum(any((s.id, v.id) in chosen for s in staffing.clashing(v.id, shift)) for v in busy)
    return Funnel(
        everybody=len(everybody),
        qualified=len(qualified),
        in_reach=len(in_reach),
        free=len(free),
        within_limits=len(within_limits),
        to_spare=len(within_limits) - len(busy),
        signed_up=signed_up,
    )


def _is_qualified(volunteer: Volunteer, shift: Shift, position: Position) -> bool:
    if qualification_refusal(volunteer, shift, position) is not None:
        return False
    return not set(shift.parties) & set(volunteer.conflict_parties)


def _is_within_limits(staffing: Staffing, volunteer: Volunteer, shift: Shift) -> bool:
    rules, directory = staffing.instance.rules, staffing.directory
    beside = [other for other in staffing.theirs(volunteer.id) if not clash(rules, directory, shift, other)]
    return not exceeded_limits(volunteer, [*beside, shift])
