"""What a station is told when a seat comes free by itself: why, and who is being asked already."""

from collections.abc import Mapping, Sequence

from app.core import clock, database
from app.core.access import Role
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from volunteers.assignments.sign_ups.rules import ENDED_NAMES, EndedReason

_GAPS = """
SELECT s.public_id, s.starts, a.reference, a.title_zh, p.role_zh, m.account_id,
       CASE WHEN EXISTS (SELECT FROM waiting_entry w WHERE w.position_id = p.id AND w.status = 'offered') THEN 'line'
            WHEN EXISTS (SELECT FROM call_out c WHERE c.position_id = p.id AND c.status = 'open') THEN 'call'
            ELSE 'open' END AS cover
FROM sign_up s JOIN position p ON p.id = s.position_id JOIN assignment a ON a.id = s.assignment_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
JOIN (SELECT DISTINCT account_id, place_code FROM membership
      WHERE role = $2 AND valid_from <= $3 AND (valid_until IS NULL OR valid_until > $3)) AS m
  ON place.code LIKE m.place_code || '%'
WHERE s.id = ANY ($1) ORDER BY s.id, m.account_id
"""
COVER_NAMES: Mapping[str, str] = {
    "line": N_("已问候补的下一位"),
    "call": N_("正在短信叫人"),
    "open": N_("名额已重新开放"),
}


async def tell_stations(sign_up_ids: Sequence[int], reason: EndedReason) -> None:
    """Write to the people of each station concerned, in the transaction that gave the seats back."""
    rows = await database.fetch(_GAPS, list(sign_up_ids), Role.STATION_STAFF, clock.now())
    await notify_many(
        [
            Notice(
                row["account_id"],
                N_("%(starts)s 的“%(title)s”少了一位%(role)s（%(reason)s）：%(cover)s。"),
                {
                    "starts": clock.local(row["starts"]).strftime("%Y-%m-%d %H:%M"),
                    "title": row["title_zh"],
                    "role": row["role_zh"],
                    "reason": Message(ENDED_NAMES[reason]),
                    "cover": Message(COVER_NAMES[row["cover"]]),
                },
                link=f"/station/shifts/{row['reference']}",
                once_key=f"gap:{row['public_id']}:{row['account_id']}",
            )
            for row in rows
        ]
    )
