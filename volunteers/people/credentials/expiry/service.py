"""Reminding holders, each reminder once, however often the job runs."""

from datetime import datetime

from app.core import clock, database
from app.core.database import Row, transaction
from app.core.text import N_, Message
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.people.credentials.expiry.rules import DAYS_BEFORE, due
from volunteers.people.credentials.rules import KIND_NAMES, CredentialKind

# Whoever has claimed the renewal already has nothing to be reminded of.
_ENDING = """
SELECT c.id, c.public_id, c.kind, c.valid_until, p.account_id
FROM credential c JOIN person p ON p.id = c.person_id AND p.status <> 'left'
WHERE c.verified_at IS NOT NULL AND c.valid_until BETWEEN $1 AND $1::date + $2::integer AND NOT EXISTS (
    SELECT FROM credential later WHERE later.person_id = c.person_id AND later.kind = c.kind
      AND later.refused_at IS NULL AND coalesce(later.valid_until, 'infinity') > c.valid_until)
ORDER BY c.id
"""
_ONCE = """
INSERT INTO credential_reminder (credential_id, days_before, sent_at)
SELECT id, days, $3 FROM unnest($1::bigint[], $2::integer[]) AS given (id, days)
ON CONFLICT ON CONSTRAINT credential_reminder_once DO NOTHING RETURNING credential_id
"""


async def remind_holders(now: datetime) -> int:
    """Tell each holder 60, 30 and 7 days before a verified credential ends; return how many were told."""
    today = clock.local(now).date()
    async with transaction():
        rows = {row["id"]: row for row in await database.fetch(_ENDING, today, max(DAYS_BEFORE))}
        reminders = [due((row["valid_until"] - today).days) for row in rows.values()]
        new = await database.fetch(_ONCE, list(rows), reminders, now)
        await notify_many([_notice(rows[row["credential_id"]], (row["credential_id"], today)) for row in new])
    return len(new)


def _notice(row: Row, key: tuple[object, ...]) -> Notice:
    return Notice(
        row["account_id"],
        N_("你的%(kind)s %(until)s 到期，之后的任务报不了。换发后请登记新证，旧证到期前照常有效。"),
        {"kind": Message(KIND_NAMES[CredentialKind(row["kind"])]), "until": row["valid_until"].isoformat()},
        (Channel.IN_APP, Channel.SMS),
        link=f"/my/credentials/{row['public_id']}/renew",
        once_key=f"credential-ends:{':'.join(map(str, key))}",
    )
