"""Reporting about one's own shift, and answering a report."""

from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify, notify_many
from volunteers.assignments.call_outs.wording import named, when
from volunteers.attendance.troubles import rules
from volunteers.attendance.troubles.rules import (
    CONSTRAINTS,
    KIND_NAMES,
    TRANSITIONS,
    AboutOneself,
    NotTheTime,
    TroubleEvent,
    TroubleKind,
    TroubleStatus,
)
from volunteers.people.queries import person_id_of

TOLD = N_("%(when)s %(station)s：%(kind)s。%(words)s")
_SHIFT = """
SELECT s.id, s.starts, s.ends, place.code, station.name_zh AS station_zh, station.name_en AS station_en
FROM sign_up s JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
JOIN place ON place.id = station.place_id
WHERE s.public_id = $1 AND s.person_id = $2 AND s.status NOT IN ('offered', 'withdrawn', 'released')
"""
_COORDINATORS = """
SELECT DISTINCT m.account_id, account.locale FROM membership m JOIN account ON account.id = m.account_id
WHERE m.role = 'coordinator' AND $1 LIKE m.place_code || '%' AND m.valid_from <= $2
  AND (m.valid_until IS NULL OR m.valid_until > $2)
"""
_LOCKED = """
SELECT t.id, t.status, s.public_id AS sign_up, place.code, person.account_id FROM trouble t
JOIN sign_up s ON s.id = t.sign_up_id JOIN person ON person.id = s.person_id
JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
JOIN place ON place.id = station.place_id WHERE t.public_id = $1 FOR NO KEY UPDATE OF t
"""


async def report(principal: Principal, sign_up: UUID, kind: TroubleKind, words: str) -> UUID:
    """Say what is wrong at the place of one's own shift; the coordinators hear at once."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    said, now = rules.checked(kind, words), clock.now()
    async with database.refusing(CONSTRAINTS), transaction():
        shift = await database.fetch_one(_SHIFT, sign_up, await person_id_of(principal))
        if shift is None:
            raise NotFound
        if not rules.may_report(shift["starts"], shift["ends"], now):
            raise NotTheTime
        row = {"sign_up_id": shift["id"], "kind": kind, "said": said, "reported_at": now}
        found = await database.insert_row("trouble", row)
        await audit.record(principal, "trouble.report", "trouble", found, kind=kind)
        public_id: UUID = await database.fetch_value("SELECT public_id FROM trouble WHERE id = $1", found)
        await _tell_coordinators(shift, public_id, kind, said)
    return public_id


async def answer(principal: Principal, public_id: UUID, said: str) -> None:
    """Say what was done about a report; who reported it hears of it."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    told = rules.checked_answer(said)
    async with database.refusing(CONSTRAINTS), transaction():
        row = await database.fetch_one(_LOCKED, public_id)
        if row is None:
            raise NotFound
        scope.require_place(row["code"])
        if row["account_id"] == principal.actor:
            raise AboutOneself
        status = advance(TRANSITIONS, TroubleStatus(row["status"]), TroubleEvent.ANSWER)
        done = {"status": status, "answer": told, "answered_by": principal.actor, "answered_at": clock.now()}
        await database.update_row("trouble", row["id"], done)
        await audit.record(principal, "trouble.answer", "trouble", row["id"])
        text = N_("你报告的情况有答复了：%(answer)s")
        link = f"/my/assignments/{row['sign_up']}/trouble"
        await notify(row["account_id"], text, {"answer": told}, channels=(Channel.IN_APP, Channel.SMS), link=link)


async def _tell_coordinators(shift: Row, public_id: UUID, kind: TroubleKind, said: str) -> None:
    people = await database.fetch(_COORDINATORS, shift["code"], clock.now())
    await notify_many(
        [
            Notice(
                one["account_id"],
                TOLD,
                {
                    "when": when(shift["starts"], clock.now()),
                    "station": named(shift, "station", one["locale"]),
                    "kind": Message(KIND_NAMES[kind]),
                    "words": said,
                },
                (Channel.IN_APP, Channel.SMS),
                f"/troubles/{public_id}",
                f"trouble:{public_id}:{one['account_id']}",
            )
            for one in people
        ]
    )
