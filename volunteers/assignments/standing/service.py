"""Agreeing to come every week, days off, and ending it. Locks: the pattern, then positions, then people, each by id."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from volunteers.assignments.sign_ups import rules as sign_ups
from volunteers.assignments.standing import rules, telling
from volunteers.assignments.standing.rules import (
    CONSTRAINTS,
    TRANSITIONS,
    NoSuchWeekday,
    StandingEvent,
    StandingStatus,
    StationInvites,
    TermRefused,
)
from volunteers.assignments.standing.seating import seat_those_who_stand
from volunteers.people.finding import volunteer_named
from volunteers.people.rules import NotJoined

_PATTERN = """
SELECT t.id, t.status, t.weekdays, t.sign_up_mode, p.code AS station_code,
       EXISTS (SELECT FROM shift_pattern_position q WHERE q.pattern_id = t.id AND q.number = $2) AS has_position
FROM shift_pattern t JOIN station s ON s.id = t.station_id JOIN place p ON p.id = s.place_id
WHERE t.public_id = $1 FOR NO KEY UPDATE OF t
"""
_STANDING = """
SELECT s.id, s.pattern_id, s.person_id, s.status, s.valid_from, s.valid_until, person.account_id,
       place.code AS station_code
FROM standing s JOIN person ON person.id = s.person_id JOIN shift_pattern t ON t.id = s.pattern_id
JOIN station ON station.id = t.station_id JOIN place ON place.id = station.place_id WHERE s.public_id = $1
"""


@dataclass(frozen=True, slots=True)
class Weekly:
    """What somebody is to come for each week: a pattern's position by number, a weekday, a term."""

    pattern: UUID
    number: int
    weekday: int
    valid_from: date
    valid_until: date


async def come_every_week(principal: Principal, weekly: Weekly) -> UUID:
    """Agree to come each week, at once for the shifts that are there; return the standing sign-up's public id."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with database.refusing({**sign_ups.CONSTRAINTS, **CONSTRAINTS}), transaction():
        pattern = await _pattern(weekly)
        if pattern["sign_up_mode"] == "request":
            raise StationInvites
        me = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", principal.actor)
        if me is None:
            raise NotJoined
        agreed = {"status": StandingStatus.ACTIVE, "agreed_by": principal.actor, "agreed_at": clock.now()}
        public_id = await _write(principal, weekly, pattern, {"person_id": me, **agreed})
        await seat_those_who_stand(principal, pattern["id"])
    return public_id


async def propose(principal: Principal, weekly: Weekly, who: str) -> UUID:
    """Ask a person to come each week; nothing happens until they agree. Return the standing sign-up's public id."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    async with database.refusing(CONSTRAINTS), transaction():
        pattern = await _pattern(weekly)
        scope.require_place(pattern["station_code"])
        person = await volunteer_named(who)
        proposed = {"status": StandingStatus.PROPOSED, "proposed_by": principal.actor}
        public_id = await _write(principal, weekly, pattern, {"person_id": person.id, **proposed})
        await telling.tell_proposed(
            await database.fetch_value("SELECT id FROM standing WHERE public_id = $1", public_id)
        )
    return public_id


async def answer(principal: Principal, public_id: UUID, event: StandingEvent) -> None:
    """Agree to, or decline, what a station proposed."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with database.refusing({**sign_ups.CONSTRAINTS, **CONSTRAINTS}), transaction():
        row = await _locked(public_id)
        if row["account_id"] != principal.actor or event not in (StandingEvent.AGREE, StandingEvent.DECLINE):
            raise NotFound
        status = advance(TRANSITIONS, StandingStatus(row["status"]), event)
        agreed = {"agreed_by": principal.actor, "agreed_at": clock.now()}
        stated = agreed if event is StandingEvent.AGREE else {"ended_at": clock.now()}
        await database.update_row("standing", row["id"], {"status": status, **stated})
        await audit.record(principal, f"standing.{event}", "standing", row["id"])
        if event is StandingEvent.AGREE:
            await seat_those_who_stand(principal, row["pattern_id"])


async def end(principal: Principal, public_id: UUID) -> None:
    """Come no more each week, as the person or the station says; seats already taken are given back one by one."""
    async with transaction():
        row = await _locked(public_id)
        own = row["account_id"] == principal.account_id and principal.can(Permission.ASSIGNMENT_SIGN_UP)
        if not own:
            principal.scope(Permission.ASSIGNMENT_PUBLISH).require_place(row["station_code"])
        status = advance(TRANSITIONS, StandingStatus(row["status"]), StandingEvent.END)
        await database.update_row("standing", row["id"], {"status": status, "ended_at": clock.now()})
        await audit.record(principal, "standing.end", "standing", row["id"])
        if not own:
            await telling.tell_ended([row["id"]])


async def pause(principal: Principal, public_id: UUID, first: date, last: date) -> None:
    """Take some days off: shifts made from now on are left out; those that are there are given back one by one."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    if not clock.today() <= first <= last:
        raise TermRefused
    async with database.refusing(CONSTRAINTS), transaction():
        row = await _own_active(principal, public_id)
        days = {"standing_id": row["id"], "first_day": first, "last_day": last}
        await database.insert_row("standing_pause", days)
        await audit.record(principal, "standing.paused", "standing", row["id"])


async def resume(principal: Principal, public_id: UUID, pause_id: UUID) -> None:
    """Take days off back; shifts that were made meanwhile are filled as far as there is room."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with database.refusing(sign_ups.CONSTRAINTS), transaction():
        row = await _own_active(principal, public_id)
        if not await database.execute(
            "DELETE FROM standing_pause WHERE standing_id = $1 AND public_id = $2", row["id"], pause_id
        ):
            raise NotFound
        await audit.record(principal, "standing.resumed", "standing", row["id"])
        await seat_those_who_stand(principal, row["pattern_id"])


async def end_terms(principal: Principal, now: datetime) -> int:
    """End what has run its term; return how many."""
    principal.scope(Permission.ASSIGNMENT_PUBLISH)
    today = clock.local(now).date()
    status = advance(TRANSITIONS, StandingStatus.ACTIVE, StandingEvent.EXPIRE)
    async with transaction():
        rows = await database.fetch(
            """UPDATE standing SET status = $2, ended_at = greatest($3, created_at) WHERE id IN (
                   SELECT id FROM standing WHERE status IN ('proposed', 'active') AND valid_until < $1
                   ORDER BY id FOR NO KEY UPDATE) RETURNING id""",
            *(today, status, now),
        )
        await audit.record_many(principal, [audit.Entry("standing.expire", "standing", row["id"], {}) for row in rows])
        await telling.tell_ended([row["id"] for row in rows])
    return len(rows)


async def _pattern(weekly: Weekly) -> Row:
    if rules.term_fault(clock.today(), weekly.valid_from, weekly.valid_until):
        raise TermRefused(rules.term_fault(clock.today(), weekly.valid_from, weekly.valid_until))
    row = await database.fetch_one(_PATTERN, weekly.pattern, weekly.number)
    if row is None:
        raise NotFound
    if row["status"] == "ended" or weekly.weekday not in row["weekdays"] or not row["has_position"]:
        raise NoSuchWeekday
    return row


async def _write(principal: Principal, weekly: Weekly, pattern: Row, more: Row) -> UUID:
    stated = {"pattern_id": pattern["id"], "number": weekly.number, "weekday": weekly.weekday}
    term = {"valid_from": weekly.valid_from, "valid_until": weekly.valid_until, "created_at": clock.now()}
    found = await database.insert_row("standing", {**stated, **term, **more})
    await audit.record(principal, f"standing.{more['status']}", "standing", found, pattern=pattern["id"])
    public_id: UUID = await database.fetch_value("SELECT public_id FROM standing WHERE id = $1", found)
    return public_id


async def _locked(public_id: UUID) -> Row:
    """Lock the pattern, then read the standing sign-up as it now is."""
    pattern_id = await database.fetch_value("SELECT pattern_id FROM standing WHERE public_id = $1", public_id)
    if pattern_id is None:
        raise NotFound
    await database.locked("shift_pattern", [pattern_id])
    row = await database.fetch_one(_STANDING, public_id)
    if row is None:
        raise NotFound
    return row


async def _own_active(principal: Principal, public_id: UUID) -> Row:
    row = await _locked(public_id)
    if row["account_id"] != principal.actor or row["status"] != StandingStatus.ACTIVE:
        raise NotFound
    return row
