"""What those who asked are told, and the reminder to the station; inside the use case's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.core import clock, database
from app.core.access import Role
from app.core.database import Row
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.assignments.requests.rules import ANSWER_BEFORE

_UNANSWERED = """
SELECT a.id, a.reference, a.title_zh, a.starts, count(*)::integer AS asking, m.account_id
FROM seat_request r JOIN assignment a ON a.id = r.assignment_id JOIN station ON station.id = a.station_id
JOIN place ON place.id = station.place_id
JOIN membership m ON m.role = $3 AND place.code LIKE m.place_code || '%'
    AND m.valid_from <= $1 AND (m.valid_until IS NULL OR m.valid_until > $1)
WHERE r.status = 'asked' AND a.starts > $1 AND a.starts <= $2 GROUP BY a.id, m.account_id
"""


async def tell_chosen(rows: Sequence[Row]) -> None:
    """Tell them that the seat is theirs."""
    await _tell(rows, N_("站点选了你：%(starts)s 的“%(title)s”，到时候见。"), "chosen")


async def tell_declined(rows: Sequence[Row], reason: str) -> None:
    """Tell them no, and why."""
    text = N_("%(starts)s 的“%(title)s”这次没有选上你：%(reason)s。谢谢你愿意来。")
    await _tell(rows, text, "declined", {"reason": reason.rstrip("。")})


async def tell_unanswered(rows: Sequence[Row]) -> None:
    """Tell them that nobody answered."""
    await _tell(rows, N_("%(starts)s 的“%(title)s”已经开始，站点没有答复你的申请。很抱歉，欢迎再报别的任务。"), "ended")


async def remind_stations(now: datetime) -> int:
    """Remind a station once of the requests that it should answer by now; return how many people were told."""
    rows = await database.fetch(_UNANSWERED, now, now + ANSWER_BEFORE, Role.STATION_STAFF)
    text = N_("%(starts)s 的“%(title)s”有 %(asking)s 人申请，还没有答复。请今天选人。")
    await notify_many(
        [
            Notice(
                row["account_id"],
                text,
                {**_shift(row), "asking": row["asking"]},
                link=f"/station/shifts/{row['reference']}/requests",
                once_key=f"requests-unanswered:{row['id']}:{row['account_id']}",
            )
            for row in rows
        ]
    )
    return len(rows)


async def _tell(rows: Sequence[Row], text: str, word: str, more: Mapping[str, object] | None = None) -> None:
    await notify_many(
        [
            Notice(
                row["account_id"],
                text,
                {**_shift(row), **(more or {})},
                (Channel.IN_APP, Channel.SMS),
                link=f"/assignments/{row['reference']}",
                once_key=f"request-{word}:{row['public_id']}",
            )
            for row in rows
        ]
    )


def _shift(row: Row) -> dict[str, object]:
    return {"starts": clock.local(row["starts"]).strftime("%Y-%m-%d %H:%M"), "title": row["title_zh"]}
