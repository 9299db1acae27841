"""Putting a confirmed record right, with a reason; hours follow, money is told."""

from datetime import datetime
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.text import N_
from app.notifications.service import notify
from volunteers.attendance.corrections import rules
from volunteers.attendance.corrections.rules import CONSTRAINTS, Standing
from volunteers.attendance.no_shows.telling import tell_of_no_shows
from volunteers.attendance.rules import Outcome, OwnAttendance, Presence
from volunteers.hours.service import correct_hours

CORRECTED_TOPIC = "attendance_corrected"
"""The fact that upper layers read; its subject is the correction. What was paid stays paid until they decide."""

_SEAT = """
SELECT s.id, s.position_id, s.person_id, s.starts, s.ends, person.account_id, place.code AS station_code
FROM sign_up s JOIN person ON person.id = s.person_id JOIN assignment a ON a.id = s.assignment_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id WHERE s.public_id = $1
"""


async def correct(principal: Principal, said: Presence, reason: str) -> int:
    """Write down what really was; return the correction's number. What was confirmed stays as it was written."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    async with database.refusing(CONSTRAINTS), transaction():
        seat = await _locked(said.sign_up)
        scope.require_place(seat["station_code"])
        if seat["account_id"] == principal.account_id:
            raise OwnAttendance
        row = await database.fetch_one("SELECT * FROM attendance_now WHERE sign_up_id = $1", seat["id"])
        if row is None:
            raise rules.NotConfirmedYet
        held = Standing(Outcome(row["outcome"]), row["arrived_at"], row["left_at"], row["people_served"])
        now = clock.now()
        wanted = rules.corrected(held, said, (seat["starts"], seat["ends"]), reason, now)
        found = await _write(principal, row, held, wanted, reason.strip(), now)
        await correct_hours(principal, row["id"], wanted.stay.minutes, reason)
        await _tell(principal, seat, row, found, reason.strip())
        await tell_of_no_shows([seat["id"]] if wanted.outcome is Outcome.ABSENT else [], now)
    return int(row["corrections"]) + 1


async def _locked(sign_up: UUID) -> Row:
    """Lock the position, the person whose hours may change, then the sign-up: corrections come one after another."""
    seat = await database.fetch_one(_SEAT, sign_up)
    if seat is None:
        raise NotFound
    await database.locked("position", [seat["position_id"]])
    await database.locked("person", [seat["person_id"]])
    await database.locked("sign_up", [seat["id"]])
    return seat


async def _write(principal: Principal, row: Row, held: Standing, wanted: Standing, reason: str, now: datetime) -> int:
    return await database.insert_row(
        "attendance_correction",
        {
            "attendance_id": row["id"],
            "number": row["corrections"] + 1,
            "outcome_before": held.outcome,
            "arrived_before": held.arrived_at,
            "left_before": held.left_at,
            "minutes_before": row["minutes"],
            "people_before": held.people_served,
            "outcome": wanted.outcome,
            "arrived_at": wanted.arrived_at,
            "left_at": wanted.left_at,
            "minutes": wanted.stay.minutes,
            "people_served": wanted.people_served,
            "reason": reason,
            "corrected_by": principal.actor,
            "corrected_at": now,
        },
    )


async def _tell(principal: Principal, seat: Row, row: Row, correction: int, reason: str) -> None:
    now = clock.now()
    await database.insert_row("fact", {"topic": CORRECTED_TOPIC, "subject_id": correction, "occurred_at": now})
    await audit.record(principal, "attendance.corrected", "attendance_correction", correction, attendance=row["id"])
    sign_up = await database.fetch_value("SELECT public_id FROM sign_up WHERE id = $1", seat["id"])
    if seat["account_id"] is not None:
        await notify(
            seat["account_id"],
            N_("站点更正了你的一次到场记录，原因：%(reason)s"),
            {"reason": reason},
            link=f"/my/assignments/{sign_up}/record",
        )
