"""Writing to everybody on a shift at once."""

from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.assignments.call_outs.wording import named, when
from volunteers.assignments.messages.rules import CONSTRAINTS, SAID, NobodyToTell, checked
from volunteers.assignments.sign_ups.queries import station_scope

_SHIFT = """
SELECT a.id, a.reference, a.starts, a.title_zh, a.title_en, station.name_zh AS station_zh,
       station.name_en AS station_en, place.code AS station_code
FROM assignment a JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
WHERE a.reference = $1 FOR NO KEY UPDATE OF a
"""
# A seat leads to the page of the day, a place in line to the assignment's own page.
_PEOPLE = """
SELECT person.account_id, account.locale, told.sign_up FROM (
    SELECT s.person_id, CASE WHEN s.status <> 'offered' THEN s.public_id END AS sign_up FROM sign_up s
    WHERE s.assignment_id = $1 AND s.live
    UNION
    SELECT w.person_id, NULL FROM waiting_entry w JOIN position p ON p.id = w.position_id
    WHERE p.assignment_id = $1 AND w.status = 'waiting' AND $2
    UNION
    SELECT r.person_id, NULL FROM seat_request r WHERE r.assignment_id = $1 AND r.status = 'asked' AND $2
) AS told JOIN person ON person.id = told.person_id JOIN account ON account.id = person.account_id
ORDER BY person.id
"""


async def write_to_everybody(principal: Principal, reference: str, body: str, *, to_waiting: bool = False) -> int:
    """Send a message to everybody with a live seat, and to those who wait if wanted; return how many they are."""
    scope = station_scope(principal)
    said = checked(body)
    async with database.refusing(CONSTRAINTS), transaction():
        shift = await database.fetch_one(_SHIFT, reference)
        if shift is None:
            raise NotFound
        scope.require_place(shift["station_code"])
        people = await database.fetch(_PEOPLE, shift["id"], to_waiting)
        if not people:
            raise NobodyToTell
        message_id, public_id = await _store(principal, shift["id"], said, len(people), to_waiting)
        await _send(shift, people, said, public_id)
        await audit.record(principal, "shift_message.sent", "shift_message", message_id, people=len(people))
    return len(people)


async def _store(
    principal: Principal, assignment_id: int, said: str, people: int, to_waiting: bool
) -> tuple[int, UUID]:
    row = await database.fetch_one(
        """INSERT INTO shift_message (assignment_id, body, to_waiting, people, sent_by, sent_at)
           VALUES ($1, $2, $3, $4, $5, $6) RETURNING id, public_id""",
        *(assignment_id, said, to_waiting, people, principal.actor, clock.now()),
    )
    if row is None:
        raise LookupError("an insert returns its row")
    return row["id"], row["public_id"]


async def _send(shift: Row, people: list[Row], said: str, public_id: UUID) -> None:
    await notify_many(
        [
            Notice(
                one["account_id"],
                SAID,
                {
                    "station": named(shift, "station", one["locale"]),
                    "when": when(shift["starts"], clock.now()),
                    "title": named(shift, "title", one["locale"]),
                    "body": said,
                },
                (Channel.IN_APP, Channel.SMS),
                f"/my/assignments/{one['sign_up']}/today" if one["sign_up"] else f"/assignments/{shift['reference']}",
                f"shift-message:{public_id}:{one['account_id']}",
            )
            for one in people
        ]
    )
