"""Giving seats back for the house's reasons, and telling the people."""

from collections.abc import Iterable, Sequence

from app.core import audit, clock, database
from app.core.access import Principal
from app.core.database import Row
from app.core.text import N_, Message
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.assignments.call_outs.opening import after_leaving
from volunteers.assignments.call_outs.rules import Cause
from volunteers.assignments.sign_ups.rules import ENDED_NAMES, EndedReason
from volunteers.assignments.sign_ups.telling_stations import tell_stations
from volunteers.assignments.waiting.promotion import people_in_line, promote

_RELEASE = """
UPDATE sign_up s SET status = 'released', ended_at = $3, ended_reason = $2
FROM person p, assignment a
WHERE s.id = ANY($1) AND s.status IN ('offered', 'confirmed') AND p.id = s.person_id AND a.id = s.assignment_id
RETURNING s.id, s.public_id, s.position_id, s.assignment_id, p.account_id, a.reference, a.title_zh, a.starts
"""
LEAVES_A_GAP = (
    *(EndedReason.CREDENTIAL, EndedReason.TRAINING, EndedReason.RECUSAL, EndedReason.LEFT),
    EndedReason.OFFER_EXPIRED,
)
"""The person goes, the seat stays: somebody else is looked for where it is late."""
STATION_IS_TOLD = (EndedReason.CREDENTIAL, EndedReason.TRAINING)
"""Nobody at the station or among the people did anything: the station learns what became of the seat."""
LOCAL_TIME = "%Y-%m-%d %H:%M"
GIVEN_BACK = "s.status IN ('offered', 'confirmed')"
"""What may be given back: a seat held by somebody who has not come yet."""


async def sign_ups_where(condition: str, *values: object) -> list[int]:
    """Return the ids of the sign-ups (s) for which a condition on them, their position (p) or assignment (a) holds."""
    rows = await database.fetch(
        f"""SELECT s.id FROM sign_up s JOIN position p ON p.id = s.position_id
            JOIN assignment a ON a.id = s.assignment_id WHERE {condition} ORDER BY s.id""",
        *values,
    )
    return [row["id"] for row in rows]


async def lock_seats_of(sign_up_ids: Iterable[int]) -> None:
    """Lock the positions of these sign-ups, then their people and those who wait for the seats."""
    rows = await database.fetch("SELECT position_id, person_id FROM sign_up WHERE id = ANY($1)", list(sign_up_ids))
    positions = {row["position_id"] for row in rows}
    await database.locked("position", positions)
    await database.locked("person", {row["person_id"] for row in rows} | await people_in_line(positions))


async def release(principal: Principal, sign_up_ids: Sequence[int], reason: EndedReason) -> list[Row]:
    """Give the seats back, write to their people, and return what was released; the seats are locked by now."""
    released = await database.fetch(_RELEASE, list(sign_up_ids), reason, clock.now())
    await audit.record_many(
        principal, [audit.Entry("sign_up.release", "sign_up", row["id"], {"reason": reason}) for row in released]
    )
    await notify_many([_notice(row, reason) for row in released])
    if reason in LEAVES_A_GAP:
        await promote(principal, {row["position_id"] for row in released})
        await after_leaving(principal, [row["id"] for row in released], Cause.RELEASED)
    if reason in STATION_IS_TOLD:
        await tell_stations([row["id"] for row in released], reason)
    return released


async def tell_of_new_time(sign_up_ids: Sequence[int]) -> None:
    """Write to the people on an assignment that has been moved."""
    rows = await database.fetch(
        """SELECT s.public_id, p.account_id, a.reference, a.title_zh, a.starts FROM sign_up s
           JOIN person p ON p.id = s.person_id JOIN assignment a ON a.id = s.assignment_id WHERE s.id = ANY($1)""",
        list(sign_up_ids),
    )
    await notify_many(
        [
            Notice(
                row["account_id"],
                N_("“%(title)s”改到 %(starts)s。来不了的话请尽早退出，好让别人补上。"),
                {"title": row["title_zh"], "starts": clock.local(row["starts"]).strftime(LOCAL_TIME)},
                (Channel.IN_APP, Channel.SMS),
                link=f"/assignments/{row['reference']}",
            )
            for row in rows
        ]
    )


def _notice(row: Row, reason: EndedReason) -> Notice:
    return Notice(
        row["account_id"],
        N_("%(starts)s 的“%(title)s”不用去了：%(reason)s。可以在任务列表里另选一个。"),
        {
            "starts": clock.local(row["starts"]).strftime(LOCAL_TIME),
            "title": row["title_zh"],
            "reason": Message(ENDED_NAMES[reason]),
        },
        (Channel.IN_APP, Channel.SMS),
        link=f"/assignments/{row['reference']}",
        once_key=f"released:{row['public_id']}",
    )
