"""Who is told before a challenge's time runs out, when it has run out, and when a suspension ends by itself."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from app.core import calendar, clock, database
from app.core.calendar import Calendar, working_days_between
from app.core.database import transaction
from app.core.text import N_
from app.notifications.service import Notice, notify_many
from procurement.purchases.tenders.challenges.owing import Owed, owed
from procurement.purchases.tenders.challenges.service import notify_concerned

AT_MOST = 500
REMIND_WITHIN = 2
"""Working days before the last day on which the buyer is reminded: time enough to write an answer."""
ENDED_WITHIN = timedelta(days=7)
"""How far a run looks back for suspensions that ended, should the house have stood still."""
_ANSWER_DUE = N_("采购%(reference)s的质疑最迟%(day)s答复。过期没有答复，供应商可以向财政部门投诉。")
_ANSWER_LATE = N_("采购%(reference)s的质疑已过答复期限（%(day)s），请马上书面答复。")
_DECISION_DUE = N_("采购%(reference)s的投诉，财政部门最迟%(day)s作出处理决定。收到以后请登记。")
_DECISION_LATE = N_("采购%(reference)s的投诉已过处理期限（%(day)s），请联系财政部门，收到决定后登记。")
_SUSPENSION_ENDS = N_("采购%(reference)s的暂停到%(day)s为止，期满自行恢复签约、履约和付款。")
_SUSPENSION_ENDED = N_("采购%(reference)s的暂停期已满，财政部门没有延续：恢复签约、履约和付款。")
_OWERS = """
SELECT p.id, who.account_id FROM purchase p
CROSS JOIN LATERAL (SELECT DISTINCT account_id FROM unnest(ARRAY[p.requested_by, p.approved_by]) AS account_id
                    WHERE account_id IS NOT NULL) AS who
WHERE p.id = ANY($1) ORDER BY p.id, who.account_id
"""
_ENDED = """
SELECT id FROM purchase WHERE challenged_at IS NOT NULL AND held_until BETWEEN $2 AND $1 AND status <> 'terminated'
ORDER BY id
"""


async def remind(now: datetime) -> dict[str, int]:
    """Tell the buyer of each last day that is near or over, and both sides of suspensions that ended, each once."""
    today = clock.local(now).date()
    yesterday = today - timedelta(days=1)
    async with transaction():
        open_ones = await owed(["%"], today, AT_MOST)
        days = await calendar.load_calendar()
        ended = await database.fetch(_ENDED, yesterday, yesterday - ENDED_WITHIN)
        return {
            "buyers": await _tell_buyers(due_texts(open_ones, today, days)),
            "ended": await notify_concerned([one["id"] for one in ended], _SUSPENSION_ENDED, "suspension-ended"),
        }


def due_texts(open_ones: Iterable[Owed], today: date, days: Calendar) -> Iterator[tuple[Owed, str, date]]:
    """Return what there is to say today about each, with the day that it names."""
    for one in open_ones:
        if one.last_day:
            due, late = (_DECISION_DUE, _DECISION_LATE) if one.by_finance else (_ANSWER_DUE, _ANSWER_LATE)
            if one.last_day < today:
                yield one, late, one.last_day
            elif working_days_between(days, today, one.last_day) <= REMIND_WITHIN:
                yield one, due, one.last_day
        if one.held_until and today <= one.held_until <= today + timedelta(days=REMIND_WITHIN):
            yield one, _SUSPENSION_ENDS, one.held_until


async def _tell_buyers(texts: Iterable[tuple[Owed, str, date]]) -> int:
    said = list(texts)
    if not said:
        return 0
    people: dict[int, list[int]] = {}
    for row in await database.fetch(_OWERS, [one.purchase_id for one, _, _ in said]):
        people.setdefault(row["id"], []).append(row["account_id"])
    return await notify_many(
        [
            Notice(
                account,
                text,
                {"reference": one.reference, "day": day},
                link=f"/buying/tenders/{one.reference}#challenge-{one.number}",
                once_key=f"challenge:{one.challenge_id}:{_ORDER.index(text)}:{day}:{account}",
            )
            for one, text, day in said
            for account in people.get(one.purchase_id, [])
        ]
    )


_ORDER = (_ANSWER_DUE, _ANSWER_LATE, _DECISION_DUE, _DECISION_LATE, _SUSPENSION_ENDS)
