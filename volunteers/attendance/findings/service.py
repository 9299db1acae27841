"""Looking for patterns, and deciding what there is to one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from app.core.state import advance
from volunteers.attendance.findings.patterns import STATEMENTS
from volunteers.attendance.findings.rules import (
    CONSTRAINTS,
    TRANSITIONS,
    DecidedAboutOneself,
    FindingEvent,
    FindingKind,
    FindingStatus,
    checked,
)

LOOK_BACK = timedelta(days=60)
"""Stations confirm late and correct later still: what is older than this was looked at often enough."""

_LOCKED = """
SELECT f.id, f.status, f.confirmer_id, place.code,
       (SELECT person.account_id FROM person WHERE person.id = f.person_id) AS person_account
FROM finding f JOIN station ON station.id = f.station_id JOIN place ON place.id = station.place_id
WHERE f.public_id = $1 FOR NO KEY UPDATE OF f
"""


async def look(principal: Principal, now: datetime) -> Mapping[FindingKind, int]:
    """Look at everybody's attendance of the last weeks; return how many findings of each kind are new."""
    principal.scope(Permission.CREDENTIAL_VERIFY)
    found: dict[FindingKind, int] = {}
    for kind, statement in STATEMENTS.items():
        async with transaction():
            rows = await database.fetch(statement, now, now - LOOK_BACK)
            entries = [audit.Entry("finding.found", "finding", row["id"], {"kind": kind}) for row in rows]
            await audit.record_many(principal, entries)
        found[kind] = len(rows)
    return found


async def decide(principal: Principal, public_id: UUID, event: FindingEvent, reason: str) -> None:
    """Say with a reason whether there is something to a finding; what follows is for people to do."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    said = checked(reason)
    async with database.refusing(CONSTRAINTS), transaction():
        row = await database.fetch_one(_LOCKED, public_id)
        if row is None:
            raise NotFound
        scope.require_place(row["code"])
        if principal.actor in (row["confirmer_id"], row["person_account"]):
            raise DecidedAboutOneself
        status = advance(TRANSITIONS, FindingStatus(row["status"]), event)
        decision = {"status": status, "reason": said, "decided_by": principal.actor, "decided_at": clock.now()}
        await database.update_row("finding", row["id"], decision)
        await audit.record(principal, f"finding.{event}", "finding", row["id"])
