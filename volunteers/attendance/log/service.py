"""Writing down what was done: by the person in three taps, or by the station with its confirmation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from app.core import audit, clock, database, vault
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from volunteers.assignments.rules import Kind
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.attendance.log import rules
from volunteers.attendance.log.rules import CONSTRAINTS, Matter

_LOAD = """
SELECT s.id, s.status, s.starts, s.position_id, a.kind, account.subject_key_id
FROM sign_up s JOIN assignment a ON a.id = s.assignment_id JOIN person ON person.id = s.person_id
JOIN account ON account.id = person.account_id
WHERE s.public_id = $1 AND person.account_id = $2 FOR NO KEY UPDATE OF s
"""
_INSERT = """
INSERT INTO duty_log (sign_up_id, number, people, counts, note_sealed, written_by, written_at)
SELECT said.sign_up_id, coalesce((SELECT max(l.number) FROM duty_log l WHERE l.sign_up_id = said.sign_up_id), 0) + 1,
       said.people, $3::jsonb, $4::bytea, $5::bigint, $6::timestamptz
FROM unnest($1::bigint[], $2::integer[]) AS said (sign_up_id, people) RETURNING id
"""


async def write_log(principal: Principal, sign_up: UUID, counts: Mapping[Matter, int], note: str = "") -> None:
    """Write down how many people came to one's own shift; a later entry replaces the one before."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    counted, now = rules.counted(counts, note.strip()), clock.now()
    async with database.refusing(CONSTRAINTS), transaction():
        row = await database.fetch_one(_LOAD, sign_up, principal.actor)
        if row is None:
            raise NotFound
        if not rules.may_write(Kind(row["kind"]), SignUpStatus(row["status"]), row["starts"], now):
            raise rules.NoLogNow
        key = await vault.subject_key(row["subject_key_id"])
        sealed = key.seal(note.strip()) if note.strip() else None
        people = sum(counted.values())
        encoded = msgspec.json.encode(counted).decode()
        ids = await database.fetch(_INSERT, [row["id"]], [people], encoded, sealed, principal.actor, now)
        await audit.record(principal, "duty_log.written", "duty_log", ids[0]["id"], people=people)


async def write_numbers(principal: Principal, numbers: Sequence[tuple[int, int]], now: datetime) -> None:
    """Write the station's own numbers, as (sign-up id, people), in the transaction of its confirmation."""
    if not numbers:
        return
    columns = database.columns(numbers, 2)
    ids = await database.fetch(_INSERT, *columns, "{}", None, principal.actor, now)
    await audit.record_many(principal, [audit.Entry("duty_log.stated", "duty_log", row["id"], {}) for row in ids])
