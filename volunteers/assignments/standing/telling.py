"""What those who come each week are told, and the station's question; inside the use case's transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from app.core import clock, database
from app.core.database import Row
from app.core.text import N_, Message
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from app.web.filters import WEEKDAYS
from volunteers.assignments.sign_ups.rules import Reason, listed
from volunteers.assignments.sign_ups.tags import REASON_NAMES

_WHO = """
SELECT t.id, t.public_id, t.weekday, t.valid_until, p.account_id, s.title_zh FROM standing t
JOIN person p ON p.id = t.person_id JOIN shift_pattern s ON s.id = t.pattern_id WHERE t.id = ANY ($1) ORDER BY t.id
"""
_PROPOSED = N_("站点请你每%(weekday)s都来“%(title)s”，到 %(until)s 为止。行吗？")
_SEATED = N_("“%(title)s”每周都来：已为你报上 %(count)s 次。哪天来不了，退出那一次就行。")
_REFUSED = N_("“%(title)s”每周都来：%(starts)s 这次没能为你报上，因为%(reasons)s。")
_ENDED = N_("“%(title)s”每%(weekday)s都来的约定结束了。已经报上的班次不变。")


async def tell_proposed(standing_id: int) -> None:
    """Ask the person whether they would come each week."""
    [row] = await database.fetch(_WHO, [standing_id])
    detail = {**_named(row), "until": _day(row["valid_until"])}
    channels = (Channel.IN_APP, Channel.SMS)
    key = f"standing-proposed:{row['public_id']}"
    await notify_many([Notice(row["account_id"], _PROPOSED, detail, channels, "/my/standing", key)])


async def tell_ended(standing_ids: Sequence[int]) -> None:
    """Tell people that it is over, and that seats they have stay theirs."""
    rows = await database.fetch(_WHO, list(standing_ids))
    await notify_many(
        [
            Notice(
                row["account_id"],
                _ENDED,
                _named(row),
                link="/my/standing",
                once_key=f"standing-ended:{row['public_id']}",
            )
            for row in rows
        ]
    )


async def tell_seated_and_refused(seated: Sequence[Any], refused: Sequence[Sequence[Any]]) -> None:
    """Tell each person in one line what they have, and in one for each shift why not."""
    counted = Counter(seated)
    people = {row["id"]: row for row in await database.fetch(_WHO, [*counted, *(one[0] for one in refused)])}
    shifts = {
        row["id"]: row
        for row in await database.fetch(
            "SELECT id, reference, starts FROM assignment WHERE id = ANY ($1)", [one[1] for one in refused]
        )
    }
    notices = [
        Notice(people[one]["account_id"], _SEATED, {**_named(people[one]), "count": count}, link="/my/assignments")
        for one, count in counted.items()
    ]
    for standing, assignment, codes in refused:
        row, shift = people[standing], shifts[assignment]
        reasons = listed(REASON_NAMES[Reason(code)] for code in codes.split(","))
        starts = clock.local(shift["starts"]).strftime("%Y-%m-%d %H:%M")
        detail = {**_named(row), "starts": starts, "reasons": reasons}
        key = f"standing-refused:{row['public_id']}:{shift['reference']}"
        notices.append(
            Notice(row["account_id"], _REFUSED, detail, link=f"/assignments/{shift['reference']}", once_key=key)
        )
    await notify_many(notices)


def _named(row: Row) -> dict[str, Any]:
    return {"title": row["title_zh"], "weekday": Message(WEEKDAYS[row["weekday"]])}


def _day(day: date) -> str:
    return day.isoformat()
