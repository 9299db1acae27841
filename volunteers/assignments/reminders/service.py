"""Reminding a whole city in four statements, and switching a moment off."""

from collections.abc import Collection
from datetime import datetime

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.settings import settings
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.assignments.call_outs.wording import named, when
from volunteers.assignments.reminders import rules
from volunteers.assignments.reminders.rules import Shift
from volunteers.assignments.rules import LONGEST
from volunteers.people.service import lock_own_person

# Of the moments that have come the one nearest to the start counts: whoever was missed while the program stood still
# hears once and not twice in a row. Whoever took the seat after that moment needs no reminder of it; an offer counts
# from its acceptance, the last change of the sign-up's status. ``ends`` bounds the search because there is an index on
# it. Two workers meet at the unique key: one row, one message.
_DUE = """
INSERT INTO reminder (sign_up_id, moment_id, starts, sent_at)
SELECT s.id, m.id, s.starts, $1
FROM sign_up s JOIN assignment a ON a.id = s.assignment_id AND a.status IN ('open', 'closed')
CROSS JOIN LATERAL (
    SELECT m.id, s.starts - make_interval(mins => m.minutes_before) AS at FROM reminder_moment m
    WHERE s.starts - make_interval(mins => m.minutes_before) <= $1 ORDER BY m.minutes_before LIMIT 1) AS m
WHERE s.status = 'confirmed' AND s.starts > $1
  AND s.ends > $1 AND s.ends <= $1 + $2 + make_interval(mins => (SELECT max(minutes_before) FROM reminder_moment))
  AND CASE WHEN s.revision > 0 THEN greatest(s.created_at, s.changed_at) ELSE s.created_at END <= m.at
  AND NOT EXISTS (SELECT FROM reminder_refusal f WHERE f.person_id = s.person_id AND f.moment_id = m.id)
  AND NOT EXISTS (SELECT FROM reminder r WHERE r.sign_up_id = s.id AND r.moment_id = m.id AND r.starts = s.starts)
ORDER BY s.id ON CONFLICT ON CONSTRAINT reminder_once DO NOTHING RETURNING id
"""
_TOLD = """
SELECT r.id, r.sign_up_id, s.public_id, s.starts, person.account_id, account.locale, a.title_zh, a.title_en,
       place.name_zh AS place_zh, place.name_en AS place_en, station.name_zh AS station_zh,
       station.name_en AS station_en, a.contact_name, a.contact_phone, a.meeting_point_zh, a.meeting_point_en
FROM reminder r JOIN sign_up s ON s.id = r.sign_up_id JOIN person ON person.id = s.person_id
JOIN account ON account.id = person.account_id JOIN assignment a ON a.id = s.assignment_id
JOIN place ON place.id = a.place_id JOIN station ON station.id = a.station_id
WHERE r.id = ANY ($1) ORDER BY r.id
"""


async def remind(principal: Principal, now: datetime) -> int:
    """Remind everybody whose moment has come, once; return how many were reminded."""
    principal.scope(Permission.ASSIGNMENT_PUBLISH)
    async with transaction():
        sent = [row["id"] for row in await database.fetch(_DUE, now, LONGEST)]
        if not sent:
            return 0
        rows = await database.fetch(_TOLD, sent)
        await notify_many([notice for row in rows for notice in _notices(row, now)])
        entries = [audit.Entry("reminder.sent", "reminder", row["id"], {"sign_up": row["sign_up_id"]}) for row in rows]
        await audit.record_many(principal, entries)
    return len(sent)


async def choose_moments(principal: Principal, minutes_before: Collection[int]) -> None:
    """Say how long before a shift one wants to be reminded; every other moment is switched off."""
    principal.scope(Permission.VOLUNTEER_SELF)
    async with transaction():
        person_id = await lock_own_person(principal)
        await database.execute("DELETE FROM reminder_refusal WHERE person_id = $1", person_id)
        switched_off = await database.execute(
            """INSERT INTO reminder_refusal (person_id, moment_id, refused_at)
               SELECT $1, id, $3 FROM reminder_moment WHERE minutes_before <> ALL ($2::integer[])""",
            *(person_id, list(minutes_before), clock.now()),
        )
        await audit.record(principal, "person.reminders_set", "person", person_id, switched_off=switched_off)


def _notices(row: Row, now: datetime) -> list[Notice]:
    """Return what one person hears: in the inbox with a link, by text message with the address written out."""
    detail = _detail(row, now)
    page = f"/my/assignments/{row['public_id']}/today"
    key = f"reminder:{row['id']}"
    spelled = {**detail, "link": f"{settings().public_url}{page}"}
    return [
        Notice(row["account_id"], rules.REMINDED, detail, link=page, once_key=key),
        Notice(row["account_id"], rules.REMINDED_SMS, spelled, (Channel.SMS,), once_key=key),
    ]


def _detail(row: Row, now: datetime) -> dict[str, object]:
    told = {name: named(row, name, row["locale"]) for name in ("title", "place", "station", "meeting_point")}
    title = told.pop("title")
    shift = Shift(**told, contact_name=row["contact_name"], contact_phone=row["contact_phone"])
    return {
        "when": when(row["starts"], now),
        "title": title,
        "where": rules.where(shift),
        "whom": rules.whom(shift),
    }
