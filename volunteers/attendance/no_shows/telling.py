"""What people are told about no-shows; inside the transaction that records them."""

from collections.abc import Sequence
from datetime import datetime

from app.core import clock, database
from app.core.database import Row
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.assignments.call_outs.wording import named

OWN_PAGE = "/my/no-shows"
RECORDED = N_("站点记了你 %(when)s 的“%(title)s”没有到场。有原因请在 %(until)s 前说明。")
BARRED_REQUEST = N_("你近来 %(missed)s 次报了名没有到场：到 %(until)s 为止，每个任务都要先申请，由站点选人。")
BARRED_PAUSE = N_("你近来 %(missed)s 次报了名没有到场：到 %(until)s 为止不能报名。")
ACCEPTED = N_("%(when)s 的“%(title)s”：站点采纳了你的说明，这次不算未到场。%(answer)s")
REFUSED = N_("%(when)s 的“%(title)s”：站点没有采纳你的说明。%(answer)s")
BOTH = (Channel.IN_APP, Channel.SMS)

_RECORDED = """
SELECT n.public_id, n.recorded_at, n.starts, person.account_id, account.locale, a.title_zh, a.title_en,
       n.recorded_at + make_interval(days => rule.excuse_days) AS excuse_until,
       bar.consequence, bar.missed, bar.until_at
FROM no_show n JOIN sign_up s ON s.id = n.sign_up_id JOIN assignment a ON a.id = s.assignment_id
JOIN person ON person.id = n.person_id JOIN account ON account.id = person.account_id
CROSS JOIN LATERAL no_show_rule_on(n.starts) AS rule
LEFT JOIN LATERAL sign_up_bar(n.person_id, $2) AS bar ON true
WHERE n.sign_up_id = ANY ($1) AND n.standing ORDER BY n.id
"""


async def tell_of_no_shows(sign_up_ids: Sequence[int], now: datetime) -> None:
    """Tell those who did not come what was recorded, how to object, and what follows if something does."""
    if not sign_up_ids:
        return
    rows = await database.fetch(_RECORDED, list(sign_up_ids), now)
    await notify_many([_recorded(row) for row in rows] + [_barred(row) for row in rows if row["consequence"]])


async def tell_answer(row: Row, *, accepted: bool, answer: str) -> None:
    """Tell somebody whether their excuse counts, and why."""
    detail = {"when": _spoken(row["starts"]), "title": named(row, "title", row["locale"]), "answer": answer}
    key = f"excuse-answered:{row['public_id']}"
    await notify_many([Notice(row["account_id"], ACCEPTED if accepted else REFUSED, detail, BOTH, OWN_PAGE, key)])


def _recorded(row: Row) -> Notice:
    detail = {
        "when": _spoken(row["starts"]),
        "title": named(row, "title", row["locale"]),
        "until": _spoken(row["excuse_until"]),
    }
    key = f"no-show:{row['public_id']}:{row['recorded_at'].isoformat()}"
    return Notice(row["account_id"], RECORDED, detail, BOTH, OWN_PAGE, key)


def _barred(row: Row) -> Notice:
    text = BARRED_PAUSE if row["consequence"] == "pause" else BARRED_REQUEST
    detail = {"missed": row["missed"], "until": _spoken(row["until_at"])}
    key = f"no-show-bar:{row['account_id']}:{row['consequence']}:{row['until_at'].isoformat()}"
    return Notice(row["account_id"], text, detail, BOTH, OWN_PAGE, key)


def _spoken(instant: datetime) -> str:
    return clock.local(instant).strftime("%Y-%m-%d %H:%M")
