"""Reminding an organization's members, each reminder once, however often the job runs."""

from datetime import datetime, timedelta

from app.core import clock, database
from app.core.database import Row, transaction
from app.core.text import Message, Words
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from marketplace.organizations.provision import QUALIFICATION_NAMES, QualificationKind
from marketplace.organizations.qualifications.expiry.queries import ENDING
from marketplace.organizations.qualifications.expiry.rules import DAYS_BEFORE, due, reminder

_ONCE = """
INSERT INTO qualification_reminder (qualification_id, days_before, sent_at)
SELECT id, days, $3 FROM unnest($1::bigint[], $2::integer[]) AS given (id, days)
ON CONFLICT ON CONSTRAINT qualification_reminder_once DO NOTHING RETURNING qualification_id
"""


async def remind_organizations(now: datetime) -> int:
    """Tell the members 60, 30 and 7 days before a verified paper ends; return how many papers were told of."""
    today = clock.local(now).date()
    async with transaction():
        found = await database.fetch(
            f"{ENDING} AND q.valid_until >= $2::date ORDER BY q.id", today + timedelta(days=max(DAYS_BEFORE)), today
        )
        rows = {row["id"]: row for row in found}
        reminders = [due((row["valid_until"] - today).days) for row in rows.values()]
        new = await database.fetch(_ONCE, list(rows), reminders, now)
        told = [rows[row["qualification_id"]] for row in new]
        members = await _members({row["organization_id"] for row in told}, now)
        await notify_many(
            [_notice(row, account, today.isoformat()) for row in told for account in members[row["organization_id"]]]
        )
    return len(told)


async def _members(organization_ids: set[int], now: datetime) -> dict[int, list[int]]:
    rows = await database.fetch(
        """SELECT DISTINCT organization_id, account_id FROM membership
           WHERE organization_id = ANY ($1) AND role = 'provider' AND valid_from <= $2
             AND (valid_until IS NULL OR valid_until > $2) ORDER BY organization_id, account_id""",
        list(organization_ids),
        now,
    )
    members: dict[int, list[int]] = {organization_id: [] for organization_id in organization_ids}
    for row in rows:
        members[row["organization_id"]].append(row["account_id"])
    return members


def _notice(row: Row, account_id: int, day: str) -> Notice:
    return Notice(
        account_id,
        reminder(QualificationKind(row["kind"])),
        {
            "organization": Words(row["name_zh"], row["name_en"]),
            "paper": Message(QUALIFICATION_NAMES[QualificationKind(row["kind"])]),
            "until": row["valid_until"].isoformat(),
        },
        (Channel.IN_APP, Channel.SMS),
        link=f"/my/organizations/{row['organization']}?renew={row['id']}",
        once_key=f"paper-ends:{row['id']}:{account_id}:{day}",
    )
