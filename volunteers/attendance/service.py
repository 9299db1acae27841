"""The station confirms who came, for one shift or a whole week at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, NotFound
from app.core.state import advance
from volunteers.assignments.rules import Kind
from volunteers.assignments.sign_ups.rules import TRANSITIONS, SignUpEvent, SignUpStatus
from volunteers.attendance.log.rules import LOGGED, people_confirmed
from volunteers.attendance.log.service import write_numbers
from volunteers.attendance.no_shows.telling import tell_of_no_shows
from volunteers.attendance.rules import Outcome, OwnAttendance, Presence, Stay, stay_of

CONFIRMED_TOPIC = "attendance_confirmed"
"""The fact that upper layers read; its subject is the attendance row."""

_EVENTS = {Outcome.ATTENDED: SignUpEvent.ATTEND, Outcome.ABSENT: SignUpEvent.MISS}
_LOAD = """
SELECT s.id, s.public_id, s.status, s.starts, s.ends, person.account_id, place.code AS station_code, a.kind,
       (SELECT c.at FROM check_in c WHERE c.sign_up_id = s.id AND c.moment = 'in') AS came,
       (SELECT c.at FROM check_in c WHERE c.sign_up_id = s.id AND c.moment = 'out') AS went,
       (SELECT l.people FROM duty_log l WHERE l.sign_up_id = s.id ORDER BY l.number DESC LIMIT 1) AS logged
FROM sign_up s JOIN person ON person.id = s.person_id JOIN assignment a ON a.id = s.assignment_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
WHERE s.public_id = ANY($1) ORDER BY s.id FOR NO KEY UPDATE OF s
"""
_INSERT = """
INSERT INTO attendance (sign_up_id, outcome, arrived_at, left_at, minutes, people_served, confirmed_by, confirmed_at)
SELECT *, $7::bigint, $8::timestamptz
FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::integer[], $6::integer[])
RETURNING id
"""
_CREDIT_HOURS = """
INSERT INTO hours_entry (attendance_id, person_id, minutes, credited_at)
SELECT t.id, s.person_id, t.minutes, $2
FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id JOIN assignment a ON a.id = s.assignment_id
WHERE t.id = ANY($1) AND t.outcome = 'attended' AND t.minutes > 0
  AND earns_hours(a.compensation, (a.starts AT TIME ZONE 'Asia/Shanghai')::date)
ORDER BY s.person_id, t.id
"""
CONSTRAINTS: Mapping[str, type[DomainError]] = {"attendance_second_party": OwnAttendance}


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of a confirmation: attendance ids, and a refusal for each sign-up left as it was."""

    attendance_ids: tuple[int, ...]
    refused: Mapping[UUID, DomainError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Judged:
    sign_up_id: int
    presence: Presence
    status: SignUpStatus
    stay: Stay
    people: int
    logs: bool


async def confirm_attendance(principal: Principal, presences: Sequence[Presence]) -> Confirmed:
    """Write down who came; each row is confirmed or refused on its own. What is confirmed is never edited.

    In the same transaction hours are credited for unpaid work and the fact is announced to the layers above.
    """
    async with database.refusing(CONSTRAINTS), transaction():
        return await confirm_within(principal, presences)


async def confirm_within(principal: Principal, presences: Sequence[Presence]) -> Confirmed:
    """Write down who came as part of a larger use case, in its transaction."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    by_sign_up = {presence.sign_up: presence for presence in presences}
    rows = await _locked(list(by_sign_up))
    for row in rows:
        scope.require_place(row["station_code"])
    now = clock.now()
    judged, refused = _judge(principal, rows, by_sign_up, now)
    ids = await _store(principal, judged, now)
    return Confirmed(tuple(ids), refused)


async def _locked(public_ids: list[UUID]) -> list[Row]:
    """Lock the positions, as every path does first, then the sign-ups, and read them."""
    rows = await database.fetch("SELECT DISTINCT position_id FROM sign_up WHERE public_id = ANY($1)", public_ids)
    await database.locked("position", [row["position_id"] for row in rows])
    return await database.fetch(_LOAD, public_ids)


def _judge(
    principal: Principal, rows: Sequence[Row], by_sign_up: Mapping[UUID, Presence], now: datetime
) -> tuple[list[_Judged], dict[UUID, DomainError]]:
    found = {row["public_id"] for row in rows}
    refused: dict[UUID, DomainError] = {sign_up: NotFound() for sign_up in by_sign_up if sign_up not in found}
    judged = []
    for row in rows:
        try:
            judged.append(_judge_one(principal, row, by_sign_up[row["public_id"]], now))
        except DomainError as refusal:
            refused[row["public_id"]] = refusal
    return judged, refused


def _judge_one(principal: Principal, row: Row, said: Presence, now: datetime) -> _Judged:
    if row["account_id"] == principal.account_id:
        raise OwnAttendance
    presence = said.completed(row["starts"], row["ends"], row["came"], row["went"])
    stay = stay_of(presence, row["starts"], row["ends"], now)
    status = advance(TRANSITIONS, SignUpStatus(row["status"]), _EVENTS[presence.outcome])
    if presence.outcome is Outcome.ABSENT:
        return _Judged(row["id"], presence, status, stay, 0, logs=False)
    kind = Kind(row["kind"])
    people = people_confirmed(kind, presence.people_served, row["logged"])
    return _Judged(row["id"], presence, status, stay, people, logs=kind in LOGGED and people != row["logged"])


async def _store(principal: Principal, judged: Sequence[_Judged], now: datetime) -> list[int]:
    if not judged:
        return []
    await write_numbers(principal, [(row.sign_up_id, row.people) for row in judged if row.logs], now)
    await database.execute(
        """UPDATE sign_up SET status = said.status FROM unnest($1::bigint[], $2::text[]) AS said (id, status)
           WHERE sign_up.id = said.id""",
        [row.sign_up_id for row in judged],
        [row.status for row in judged],
    )
    stored = await database.fetch(
        _INSERT,
        [row.sign_up_id for row in judged],
        [row.presence.outcome for row in judged],
        [row.stay.arrived_at for row in judged],
        [row.stay.left_at for row in judged],
        [row.stay.minutes for row in judged],
        [row.people for row in judged],
        *(principal.actor, now),
    )
    ids = [int(row["id"]) for row in stored]
    await database.execute(_CREDIT_HOURS, ids, now)
    await database.execute(
        "INSERT INTO fact (topic, subject_id, occurred_at) SELECT $2, id, $3 FROM unnest($1::bigint[]) AS id",
        *(ids, CONFIRMED_TOPIC, now),
    )
    await audit.record_many(principal, [audit.Entry("attendance.confirmed", "attendance", found, {}) for found in ids])
    await tell_of_no_shows([row.sign_up_id for row in judged if row.presence.outcome is Outcome.ABSENT], now)
    return ids
