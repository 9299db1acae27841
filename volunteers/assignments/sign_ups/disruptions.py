"""When an assignment changes or a credential goes: who keeps their seat, who is told.

Each use case locks positions, then the assignment, then people; what no longer holds is released in the same
transaction as the change that undid it, so that nobody stands on something that is gone.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from volunteers.assignments import rules
from volunteers.assignments.rules import AlreadyStarted, AssignmentEvent, AssignmentStatus
from volunteers.assignments.service import lock_assignment
from volunteers.assignments.sign_ups.eligibility import Engagement, clashes
from volunteers.assignments.sign_ups.loading import known_ways, seats_of
from volunteers.assignments.sign_ups.releasing import (
    GIVEN_BACK,
    lock_seats_of,
    release,
    sign_ups_where,
    tell_of_new_time,
)
from volunteers.assignments.sign_ups.rules import EndedReason
from volunteers.assignments.waiting.promotion import people_in_line, promote, tell_line_of_end


class ReasonMissing(DomainError):
    """People who are told that their assignment is off are told why."""

    code, status, message = "reason_missing", 422, N_("请写明取消的原因，已报名的人会收到。")


class StillBooked(DomainError):
    """The capacity would fall below what is booked; the people concerned are named to choose from."""

    code, status = "still_booked", 409
    message = N_("已有 %(booked)s 人报名，名额不能改成 %(capacity)s。请先与其中几位商量：%(names)s。")


class WouldClash(DomainError):
    """Some of those signed up could not come at the new time."""

    code, status, message = "would_clash", 409, N_("改到这个时间后，这几位来不了：%(names)s。可先请他们退出再改。")


async def cancel_assignment(principal: Principal, reference: str, reason: str) -> int:
    """Call an assignment off; everybody on it gets their time back and a message. Return how many they were."""
    async with transaction():
        return await cancel_here(principal, reference, reason)


async def cancel_here(principal: Principal, reference: str, reason: str) -> int:
    """Call an assignment off as part of a larger use case, in its transaction."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    if not reason.strip():
        raise ReasonMissing
    row = await lock_assignment(reference)
    scope.require_place(row["station_code"])
    status = advance(rules.TRANSITIONS, AssignmentStatus(row["status"]), AssignmentEvent.CANCEL)
    if row["starts"] <= clock.now() and row["status"] != AssignmentStatus.DRAFT:
        raise AlreadyStarted
    people = await sign_ups_where(f"s.assignment_id = $1 AND {GIVEN_BACK}", row["id"])
    await lock_seats_of(people)
    released = await release(principal, people, EndedReason.CANCELLED)
    await tell_line_of_end(row["id"])
    await database.update_row("assignment", row["id"], {"status": status, "cancelled_reason": reason.strip()})
    await audit.record(principal, "assignment.cancel", "assignment", row["id"], released=len(released))
    return len(released)


async def reschedule(principal: Principal, reference: str, starts: datetime, ends: datetime) -> None:
    """Move an assignment in time with everybody on it, or refuse with the names of those who could not come."""
    async with transaction():
        await reschedule_here(principal, reference, starts, ends)


async def reschedule_here(principal: Principal, reference: str, starts: datetime, ends: datetime) -> None:
    """Move an assignment in time as part of a larger use case, in its transaction."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    if not clock.now() < starts < ends or ends - starts > rules.LONGEST:
        raise InvalidInput({"starts": Message(N_("新的时间须在以后，且不超过 12 小时。"))})
    row = await lock_assignment(reference)
    scope.require_place(row["station_code"])
    if row["starts"] <= clock.now() or row["status"] == AssignmentStatus.CANCELLED:
        raise AlreadyStarted
    people = await sign_ups_where(f"s.assignment_id = $1 AND {GIVEN_BACK}", row["id"])
    await lock_seats_of(people)
    if names := await _unable_to_come(reference, starts, ends):
        raise WouldClash(names="、".join(names))
    await database.update_row("assignment", row["id"], {"starts": starts, "ends": ends})
    await tell_of_new_time(people)
    await audit.record(principal, "assignment.reschedule", "assignment", row["id"], told=len(people))


async def set_capacity(principal: Principal, reference: str, number: int, capacity: int) -> None:
    """Change how many may take a position; never below what is booked."""
    async with transaction():
        await set_capacity_here(principal, reference, number, capacity)


async def set_capacity_here(principal: Principal, reference: str, number: int, capacity: int) -> None:
    """Change how many may take a position as part of a larger use case, in its transaction."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    if not 1 <= capacity <= rules.MOST_SEATS:
        raise InvalidInput({"capacity": Message(N_("岗位人数应在 1 到 200 之间，最少人数不能超过名额。"))})
    row = await lock_assignment(reference)
    scope.require_place(row["station_code"])
    position = await database.fetch_one(
        "SELECT id, booked FROM position WHERE assignment_id = $1 AND number = $2", row["id"], number
    )
    if position is None:
        raise NotFound
    if capacity < position["booked"]:
        raise StillBooked(booked=position["booked"], capacity=capacity, names=await _names(position["id"]))
    await database.execute(
        "UPDATE position SET capacity = $2, minimum = least(minimum, $2) WHERE id = $1", position["id"], capacity
    )
    await database.locked("person", await people_in_line([position["id"]]))
    await promote(principal, [position["id"]])
    await audit.record(principal, "position.capacity_set", "position", position["id"], capacity=capacity)


async def release_without_credential(principal: Principal) -> int:
    """Open cover for seats ahead whose holder's credential was taken back or will not hold on the day."""
    principal.scope(Permission.CREDENTIAL_VERIFY)
    return await _release_where(principal, _UNCOVERED, EndedReason.CREDENTIAL)


async def release_untrained(principal: Principal) -> int:
    """Open cover for seats ahead whose holder's training was taken back."""
    principal.scope(Permission.CREDENTIAL_VERIFY)
    return await _release_where(principal, _UNTRAINED, EndedReason.TRAINING)


async def _release_where(principal: Principal, condition: str, reason: EndedReason) -> int:
    async with transaction():
        concerned = await sign_ups_where(condition, clock.now())
        await lock_seats_of(concerned)
        still = set(await sign_ups_where(condition, clock.now()))
        return len(await release(principal, [found for found in concerned if found in still], reason))


_UNTRAINED = f"""{GIVEN_BACK} AND s.starts > $1 AND p.trainings_all <> '{{}}'
    AND NOT is_trained(s.person_id, p.trainings_all, s.starts, s.ends)"""
_UNCOVERED = f"""{GIVEN_BACK} AND s.starts > $1 AND p.credentials_any <> '{{}}' AND NOT EXISTS (
    SELECT FROM credential c
    WHERE c.person_id = s.person_id AND c.kind = ANY (p.credentials_any) AND c.verified_at IS NOT NULL
      AND c.valid_from <= (s.starts AT TIME ZONE 'Asia/Shanghai')::date
      AND (c.valid_until IS NULL OR c.valid_until >= (s.ends AT TIME ZONE 'Asia/Shanghai')::date))"""


async def _unable_to_come(reference: str, starts: datetime, ends: datetime) -> list[str]:
    """Name those whose other assignments clash with the new time, or whose credential or training does not cover it."""
    seat = (await seats_of(reference))[0]
    moved = replace(seat.at, starts=starts, ends=ends)
    rows = await database.fetch(
        """SELECT s.id, person.name,
                  ARRAY(SELECT (o.assignment_id, o.starts, o.ends, a.east_m, a.north_m, a.place_id)
                        FROM sign_up o JOIN assignment a ON a.id = o.assignment_id
                        WHERE o.person_id = s.person_id AND o.live AND o.assignment_id <> $1
                          AND o.starts > $2::timestamptz - interval '3 days'
                          AND o.starts < $3::timestamptz + interval '3 days') AS others,
                  p.credentials_any <> '{}' AND NOT EXISTS (
                      SELECT FROM credential c
                      WHERE c.person_id = s.person_id AND c.kind = ANY (p.credentials_any) AND c.verified_at IS NOT NULL
                        AND c.valid_from <= $4 AND (c.valid_until IS NULL OR c.valid_until >= $5))
                  OR NOT is_trained(s.person_id, p.trainings_all, $2, $3) AS uncovered
           FROM sign_up s JOIN person ON person.id = s.person_id JOIN position p ON p.id = s.position_id
           WHERE s.assignment_id = $1 AND s.live ORDER BY s.id""",
        *(moved.assignment_id, starts, ends, clock.local(starts).date(), clock.local(ends).date()),
    )
    others = {row["id"]: [Engagement(*other) for other in row["others"]] for row in rows}
    ways = await known_ways([moved, *(at for theirs in others.values() for at in theirs)])
    return [
        row["name"]
        for row in rows
        if row["uncovered"] or any(clashes(seat.travel, moved, other, ways) for other in others[row["id"]])
    ]


async def _names(position_id: int) -> str:
    rows: Sequence[dict[str, str]] = await database.fetch(
        """SELECT person.name FROM sign_up s JOIN person ON person.id = s.person_id
           WHERE s.position_id = $1 AND s.live AND NOT s.over_quota ORDER BY s.id""",
        position_id,
    )
    return "、".join(row["name"] for row in rows)
