"""Inviting friends, agreeing with one tap, leaving, dissolving. No seat is held until all have agreed."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from app.core.state import advance
from volunteers.assignments.companions import telling
from volunteers.assignments.companions.gathered import Group, Member, locked_by_link, locked_own, own_person
from volunteers.assignments.companions.rules import (
    CONSTRAINTS,
    LARGEST,
    SMALLEST,
    TRANSITIONS,
    AlreadyCompanion,
    GroupEvent,
    GroupIsComplete,
    GroupIsIncomplete,
    GroupStatus,
    MakerDissolves,
    Obstacle,
    TooFewSeats,
    TooLateToGather,
    WrongSize,
    gather_until,
    new_token,
    token_sha256,
)
from volunteers.assignments.companions.seating import seat_together
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups import rules as sign_ups
from volunteers.assignments.sign_ups.eligibility import Seat, reasons_against
from volunteers.assignments.sign_ups.rules import Origin, Reason

REFUSALS = {**sign_ups.CONSTRAINTS, **CONSTRAINTS}


@dataclass(frozen=True, slots=True)
class Invitation:
    """A new group and its link's token, which nobody can read again."""

    public_id: UUID
    token: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a yes led to: who is still awaited, a seat for each, or what stood in the way."""

    public_id: UUID
    status: GroupStatus
    agreed: int
    size: int
    obstacle: Obstacle | None = None


async def gather(principal: Principal, position_id: int, size: int) -> Invitation:
    """Make a group of so many, oneself among them; return its link."""
    if not SMALLEST <= size <= LARGEST:
        raise WrongSize
    async with database.refusing(REFUSALS), transaction():
        me = await own_person(principal)
        await database.locked("position", {position_id})
        await database.locked("person", {me})
        seat = await _fitting_seat(position_id, me)
        if seat.free < size:
            raise TooFewSeats(size=size, free=seat.free)
        now, token = clock.now(), new_token()
        until = gather_until(now, seat.at.starts)
        if until is None:
            raise TooLateToGather
        values = {
            **{"position_id": position_id, "assignment_id": seat.at.assignment_id, "made_by": me, "size": size},
            **{"token_sha256": token_sha256(token), "status": GroupStatus.GATHERING, "made_at": now, "until": until},
        }
        group_id = await database.insert_row("companion_group", values)
        await database.insert_row("companion", {"group_id": group_id, "person_id": me, "agreed_at": now})
        await audit.record(principal, "companions.gathering", "companion_group", group_id, size=size)
        public_id = await database.fetch_value("SELECT public_id FROM companion_group WHERE id = $1", group_id)
    return Invitation(public_id, token, until)


async def agree(principal: Principal, token: str) -> Answer:
    """Say yes to a link. The last yes seats everybody; where it cannot, everybody is told why."""
    async with database.refusing(REFUSALS), transaction():
        me = await own_person(principal)
        group = await locked_by_link(token, me)
        group.require_open()
        if group.has(me):
            raise AlreadyCompanion
        if group.complete:
            raise GroupIsComplete
        await _fitting_seat(group.position_id, me)
        await database.insert_row("companion", {"group_id": group.id, "person_id": me, "agreed_at": clock.now()})
        await audit.record(principal, "companions.agreed", "companion_group", group.id)
        row = await database.fetch_one("SELECT account_id, name FROM person WHERE id = $1", me)
        if row is None:
            raise NotFound
        group = replace(group, members=(*group.members, Member(person_id=me, **row)))
        if group.complete:
            return await _seated(principal, group)
        await telling.tell_agreed(group, group.members[-1])
        return Answer(group.public_id, group.status, len(group.members), group.size)


async def try_again(principal: Principal, public_id: UUID) -> Answer:
    """Seat a group that is complete and was not seated when the last one agreed."""
    async with database.refusing(REFUSALS), transaction():
        group = await locked_own(public_id, await own_person(principal))
        group.require_open()
        if not group.complete:
            raise GroupIsIncomplete
        return await _seated(principal, group)


async def renew_link(principal: Principal, public_id: UUID) -> str:
    """Make a new link for one's own group; the old one leads nowhere from now on. Return the token."""
    async with transaction():
        me = await own_person(principal)
        group = await locked_own(public_id, me)
        if group.made_by != me:
            raise NotFound
        group.require_open()
        token = new_token()
        await database.update_row("companion_group", group.id, {"token_sha256": token_sha256(token)})
        await audit.record(principal, "companions.link_renewed", "companion_group", group.id)
    return token


async def leave(principal: Principal, public_id: UUID) -> None:
    """Take one's yes back before the group is seated."""
    async with transaction():
        me = await own_person(principal)
        group = await locked_own(public_id, me)
        group.require_open()
        if group.made_by == me:
            raise MakerDissolves
        await database.execute(
            "UPDATE companion SET left_at = $3 WHERE group_id = $1 AND person_id = $2 AND left_at IS NULL",
            *(group.id, me, clock.now()),
        )
        await audit.record(principal, "companions.left", "companion_group", group.id)
        await telling.tell_left(group, me)


async def dissolve(principal: Principal, public_id: UUID) -> None:
    """Give the group up; nobody had a seat yet."""
    async with transaction():
        me = await own_person(principal)
        group = await locked_own(public_id, me)
        if group.made_by != me:
            raise NotFound
        status = advance(TRANSITIONS, group.status, GroupEvent.DISSOLVE)
        await database.update_row("companion_group", group.id, {"status": status, "ended_at": clock.now()})
        await audit.record(principal, "companions.dissolved", "companion_group", group.id)
        await telling.tell_dissolved(group)


async def expire_overdue(principal: Principal, now: datetime) -> int:
    """End the groups that were not complete in time, and tell their people that nobody has a seat."""
    principal.scope(Permission.ASSIGNMENT_PUBLISH)
    due = "SELECT id, position_id FROM companion_group WHERE status = 'gathering' AND until <= $1"
    async with transaction():
        await database.locked("position", {row["position_id"] for row in await database.fetch(due, now)})
        rows = await database.fetch(f"{due} ORDER BY id FOR NO KEY UPDATE", now)
        over = [row["id"] for row in rows]
        status = advance(TRANSITIONS, GroupStatus.GATHERING, GroupEvent.EXPIRE)
        await database.execute(
            "UPDATE companion_group SET status = $2, ended_at = $3 WHERE id = ANY ($1)", over, status, now
        )
        await audit.record_many(
            principal, [audit.Entry("companions.expired", "companion_group", one, {}) for one in over]
        )
        await telling.tell_expired(over)
    return len(over)


async def _fitting_seat(position_id: int, person_id: int) -> Seat:
    """Return the position if the person may sit there; whether enough seats are free is weighed for all at the end."""
    seat = (await loading.seats([position_id])).get(position_id)
    if seat is None:
        raise NotFound
    person = (await loading.candidates([person_id], [seat]))[person_id]
    reasons = reasons_against(seat, person, clock.now(), Origin.COMPANIONS)
    reasons.pop(Reason.SEATS_TAKEN, None)
    if reasons:
        raise sign_ups.refused(reasons)
    return seat


async def _seated(principal: Principal, group: Group) -> Answer:
    obstacle = await seat_together(principal, group)
    status = GroupStatus.SEATED if obstacle is None else group.status
    return Answer(group.public_id, status, len(group.members), group.size, obstacle)
