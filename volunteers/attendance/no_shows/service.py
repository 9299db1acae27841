"""Saying why one did not come, and answering that."""

from datetime import datetime
from uuid import UUID

from app.core import audit, clock, database, vault
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound, SamePersonRefused
from app.core.state import advance
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.attendance.no_shows.rules import (
    CONSTRAINTS,
    TRANSITIONS,
    ExcuseEvent,
    ExcuseStatus,
    TooLateToExcuse,
    Verdict,
    checked,
)
from volunteers.attendance.no_shows.telling import tell_answer

_MINE = """
SELECT n.id, n.person_id, n.standing, n.recorded_at + make_interval(days => rule.excuse_days) AS excuse_until,
       account.subject_key_id
FROM no_show n JOIN person ON person.id = n.person_id JOIN account ON account.id = person.account_id
CROSS JOIN LATERAL no_show_rule_on(n.starts) AS rule WHERE n.public_id = $1 AND person.account_id = $2
"""
_EXCUSE = """
SELECT e.id, e.public_id, e.status, n.standing, n.person_id, n.starts, person.account_id, account.locale,
       a.title_zh, a.title_en, place.code AS station_code
FROM no_show_excuse e JOIN no_show n ON n.id = e.no_show_id JOIN person ON person.id = n.person_id
JOIN account ON account.id = person.account_id JOIN sign_up s ON s.id = n.sign_up_id
JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
JOIN place ON place.id = station.place_id WHERE e.public_id = $1
"""


async def state_excuse(principal: Principal, no_show: UUID, reason: str) -> UUID:
    """Say within the rule's days why one did not come; return the excuse's public id."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    said, now = checked("reason", reason), clock.now()
    async with database.refusing(CONSTRAINTS), transaction():
        row = await database.fetch_one(_MINE, no_show, principal.actor)
        if row is None:
            raise NotFound
        await database.locked("person", [row["person_id"]])
        if not row["standing"] or now > row["excuse_until"]:
            raise TooLateToExcuse
        key = await vault.subject_key(row["subject_key_id"])
        stated = {"no_show_id": row["id"], "status": ExcuseStatus.STATED, "stated_at": now}
        found = await database.insert_row("no_show_excuse", {**stated, "reason_sealed": key.seal(said)})
        await audit.record(principal, "no_show_excuse.stated", "no_show_excuse", found, no_show=row["id"])
        public_id: UUID = await database.fetch_value("SELECT public_id FROM no_show_excuse WHERE id = $1", found)
    return public_id


async def withdraw_excuse(principal: Principal, excuse: UUID) -> None:
    """Take an excuse back that nobody has answered."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with transaction():
        row = await _locked(excuse)
        if row["account_id"] != principal.actor:
            raise NotFound
        await _move(principal, row, ExcuseEvent.WITHDRAW, clock.now(), {})


async def answer_excuse(principal: Principal, excuse: UUID, verdict: Verdict, answer: str) -> None:
    """Accept or refuse an excuse, with a reason; what is accepted counts no more, from this moment on."""
    scope = station_scope(principal)
    said, now = checked("answer", answer), clock.now()
    async with database.refusing(CONSTRAINTS), transaction():
        row = await _locked(excuse)
        scope.require_place(row["station_code"])
        if row["account_id"] == principal.actor:
            raise SamePersonRefused
        if not row["standing"] and row["status"] == ExcuseStatus.STATED:
            raise TooLateToExcuse  # the record was corrected meanwhile: there is nothing left to excuse
        await _move(principal, row, ExcuseEvent(verdict), now, {"answer": said, "answered_by": principal.actor})
        await tell_answer(row, accepted=verdict is Verdict.ACCEPT, answer=said)


async def _move(principal: Principal, row: Row, event: ExcuseEvent, now: datetime, more: dict[str, object]) -> None:
    status = advance(TRANSITIONS, ExcuseStatus(row["status"]), event)
    await database.update_row("no_show_excuse", row["id"], {"status": status, "answered_at": now, **more})
    await audit.record(principal, f"no_show_excuse.{event}", "no_show_excuse", row["id"])


async def _locked(excuse: UUID) -> Row:
    """Lock the person, whose standing may change, then read the excuse as it now is."""
    found = await database.fetch_one(_EXCUSE, excuse)
    if found is None:
        raise NotFound
    await database.locked("person", [found["person_id"]])
    row = await database.fetch_one(_EXCUSE, excuse)
    if row is None:
        raise NotFound
    return row
