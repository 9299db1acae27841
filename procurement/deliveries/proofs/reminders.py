"""Who is told what is still to come: the provider which proofs are missing, the acceptor what waits too long."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from app.core import calendar, clock, database
from app.core.database import Row, transaction
from app.core.text import N_
from app.notifications.service import Notice, notify_many
from app.rulebook import rules_on
from procurement.deliveries.law import ACCEPTANCE

AT_MOST = 500
"""Messages of one run; the next run goes on, and nobody is told twice about one order."""
SERVED_FOR = timedelta(days=1)
_MISSING = N_("“%(title)s”（%(place)s）还缺 %(count)s 份凭证，交齐才能验收、付款。")
_OVERDUE = N_("“%(title)s”（%(place)s）已过验收期限，请验收。")


async def remind(now: datetime) -> dict[str, int]:
    """Tell providers about proofs that are missing a day later, and acceptors about what is late."""
    late = await last_served_day(clock.local(now).date())
    return {
        "providers": await _tell(await database.fetch(_UNPROVEN, now - SERVED_FOR, AT_MOST), _MISSING, "proofs"),
        "acceptors": await _tell(
            await database.fetch(_LATE, clock.at_local(late + timedelta(days=1), time()), AT_MOST),
            *(_OVERDUE, "acceptance"),
        ),
    }


async def last_served_day(today: date) -> date:
    """Return the latest day of service whose acceptance is overdue today, by the house's period."""
    period = (await rules_on([ACCEPTANCE], on=today))[ACCEPTANCE]
    return overdue_since(await calendar.load_calendar(), today, period.whole, period.unit)


def overdue_since(days: calendar.Calendar, today: date, length: int, unit: str) -> date:
    """Return the latest day from which a period of some length has ended before today."""
    backwards: Sequence[date] = [today - timedelta(days=back) for back in range(1, 2 * length + 40)]
    return next(day for day in backwards if calendar.deadline(days, day, length, unit) < today)


async def _tell(rows: Sequence[Row], msgid: str, page: str) -> int:
    if not rows:
        return 0
    async with transaction():
        return await notify_many(
            [
                Notice(
                    row["account_id"],
                    msgid,
                    {"title": row["title"], "place": row["place"], "count": row["count"]},
                    link=f"/orders/{row['reference']}/{page}",
                    once_key=row["once_key"],
                )
                for row in rows
            ]
        )


_ORDERS = """
FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN place ON place.id = o.place_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
"""
_IN_OFFICE = "m.valid_from <= now() AND (m.valid_until IS NULL OR m.valid_until > now())"
# The channel stands at the end of a kept key (notify_many).
_NEW = "NOT EXISTS (SELECT FROM notification n WHERE n.once_key = told.once_key || ':in_app')"
_UNPROVEN = f"""
SELECT told.* FROM (
    SELECT DISTINCT o.reference, v.title_zh AS title, place.name_zh AS place, m.account_id, missing.count,
           format('proof_missing:%s:%s', o.id, m.account_id) AS once_key {_ORDERS}
    JOIN membership m ON m.organization_id = c.organization_id AND m.role = 'provider' AND {_IN_OFFICE}
    CROSS JOIN LATERAL (SELECT sum(needed - present)::integer AS count FROM proofs_of(ARRAY[o.id])
                        WHERE present < needed) AS missing
    WHERE o.status = 'delivered' AND o.wished_start + make_interval(mins => o.minutes) < $1 AND missing.count > 0
) AS told WHERE {_NEW} ORDER BY told.reference LIMIT $2
"""
_LATE = f"""
SELECT told.* FROM (
    SELECT DISTINCT o.reference, v.title_zh AS title, place.name_zh AS place, m.account_id, 0 AS count,
           format('acceptance_late:%s:%s', o.id, m.account_id) AS once_key {_ORDERS}
    JOIN membership m ON m.role = 'acceptor' AND starts_with(place.code, m.place_code) AND {_IN_OFFICE}
    WHERE o.status = 'delivered' AND o.wished_start < $1
) AS told WHERE {_NEW} ORDER BY told.reference LIMIT $2
"""
