"""All of a group at once, under its locks and by the rules of any sign-up."""

from app.core import audit, clock, database
from app.core.access import Principal
from app.core.state import advance
from volunteers.assignments.companions import telling
from volunteers.assignments.companions.gathered import Group
from volunteers.assignments.companions.rules import TRANSITIONS, GroupEvent, Obstacle
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups.rules import Origin, Reason
from volunteers.assignments.sign_ups.service import Wanted, seat_allowed, weigh

_SEATS = """
UPDATE companion c SET sign_up_id = given.sign_up_id
FROM unnest($2::bigint[], $3::bigint[]) AS given (person_id, sign_up_id)
WHERE c.group_id = $1 AND c.person_id = given.person_id AND c.left_at IS NULL
"""


async def seat_together(principal: Principal, group: Group) -> Obstacle | None:
    """Seat everybody and return None, or seat nobody, tell everybody why, and return it."""
    wishes = [Wanted(group.position_id, member.person_id) for member in group.members]
    obstacle = await _obstacle(group, wishes)
    if obstacle is not None:
        await audit.record(principal, "companions.not_seated", "companion_group", group.id)
        await telling.tell_obstacle(group, obstacle)
        return obstacle
    done = await seat_allowed(principal, wishes, Origin.COMPANIONS, all_or_none=True)
    taken = {wish.person_id: seat for wish, seat in done.taken.items()}
    await database.execute(_SEATS, group.id, list(taken), list(taken.values()))
    status = advance(TRANSITIONS, group.status, GroupEvent.SEAT)
    await database.update_row("companion_group", group.id, {"status": status, "ended_at": clock.now()})
    await audit.record(principal, "companions.seated", "companion_group", group.id, seated=len(taken))
    await telling.tell_seated(group)
    return None


async def _obstacle(group: Group, wishes: list[Wanted]) -> Obstacle | None:
    _, refused = await weigh(wishes, Origin.COMPANIONS)
    if not refused:
        return None
    names = {member.person_id: member.name for member in group.members}
    unfit = {}
    for wish, refusal in refused.items():
        own = [text for reason, text in refusal.fields.items() if reason != Reason.SEATS_TAKEN]
        if own:
            unfit[wish.person_id] = (names[wish.person_id], own)
    seats = await loading.seats([group.position_id])
    return Obstacle(group.size, seats[group.position_id].free, unfit)
