"""Orders that nobody answered in time go back: unit, quota and month are returned, and both sides are told."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.core import clock, database
from app.core.access import Role, system_principal
from app.core.database import Row, transaction
from app.core.state import advance
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from procurement.deliveries import rules as orders
from procurement.deliveries.answering import rules
from procurement.deliveries.answering.rules import Refusal
from procurement.deliveries.rules import OrderEvent, OrderStatus
from procurement.deliveries.service import lock_orders, record
from procurement.law import ANSWER, figure, last_days

_PROGRAM = system_principal()


async def decline_unanswered(now: datetime) -> int:
    """Decline by silence what nobody answered within the clock; return how many orders."""
    async with transaction():
        await _stop_clocks(now)
        due = await database.fetch(_DUE, now)
        if not due:
            return 0
        locked = await lock_orders([row["id"] for row in due])
        silent = [row for row in locked.values() if row["status"] == OrderStatus.PLACED]
        after = {row["id"]: advance(orders.TRANSITIONS, OrderStatus(row["status"]), OrderEvent.LAPSE) for row in silent}
        await database.execute(
            "UPDATE village_order SET status = $2, refusal = $3, reason = $4 WHERE id = ANY($1)",
            *(list(after), OrderStatus.DECLINED, Refusal.SILENCE, rules.SILENCE_REASON),
        )
        await record(_PROGRAM, after)
        await _tell_villages(silent)
        text = N_("“%(title)s”的订单到期没有答复，已按不接处理，并计入拒单次数。")
        await _tell_providers(list(after), text, "order-silent")
    return len(after)


async def remind_providers(now: datetime) -> int:
    """Remind a provider once of each order whose clock ends within a day; return how many orders."""
    async with transaction():
        rows = await database.fetch(
            f"""SELECT id FROM village_order o
                WHERE status = 'placed' AND answer_by > $1 AND answer_by <= $2 AND NOT {_HELD}""",
            *(now, now + rules.REMIND_BEFORE),
        )
        text = N_("“%(title)s”的订单请在 %(answer_by)s 前答复，过时按不接处理。")
        await _tell_providers([row["id"] for row in rows], text, "order-clock")
    return len(rows)


async def _stop_clocks(now: datetime) -> None:
    """Give orders that a challenge holds another term, so that time is left to answer when it is over."""
    held = [row["id"] for row in await database.fetch(_RUNNING_OUT, now + rules.REMIND_BEFORE)]
    if held:
        today = clock.local(now).date()
        [last_day] = await last_days(await figure(ANSWER, today), [today])
        until = rules.answer_by(last_day, datetime.max.replace(tzinfo=UTC))
        await database.execute(
            "UPDATE village_order SET answer_by = least($2, wished_start) WHERE id = ANY($1)", held, until
        )


async def _tell_villages(rows: Sequence[Row]) -> None:
    text = N_("%(provider)s没有在期限内答复“%(title)s”，额度已退回，可以另选服务。")
    await notify_many(
        [
            Notice(
                row["placed_by"],
                text,
                {"provider": row["provider"], "title": row["title"]},
                (Channel.IN_APP, Channel.SMS),
                link=f"/orders/{row['reference']}",
                once_key=f"order-silent:{row['id']}",
            )
            for row in rows
        ]
    )


async def _tell_providers(order_ids: Sequence[int], text: str, word: str) -> None:
    rows = await database.fetch(_MEMBERS, list(order_ids), clock.now(), Role.PROVIDER)
    await notify_many(
        [
            Notice(
                row["account_id"],
                text,
                {
                    "title": row["title_zh"],
                    "answer_by": clock.local(row["answer_by"]).strftime("%Y-%m-%d %H:%M"),
                },
                link=f"/orders/{row['reference']}",
                once_key=f"{word}:{row['id']}:{row['account_id']}",
            )
            for row in rows
        ]
    )


_HELD = "EXISTS (SELECT FROM contract c WHERE c.id = o.contract_id AND purchase_is_held(c.purchase_id))"
_DUE = f"SELECT id FROM village_order o WHERE status = 'placed' AND answer_by <= $1 AND NOT {_HELD}"
_RUNNING_OUT = f"""
SELECT id FROM village_order o WHERE status = 'placed' AND answer_by <= $1 AND answer_by < wished_start AND {_HELD}
"""
_MEMBERS = """
SELECT DISTINCT o.id, o.reference, o.answer_by, v.title_zh, m.account_id
FROM village_order o JOIN contract c ON c.id = o.contract_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
JOIN membership m ON m.organization_id = c.organization_id AND m.role = $3
     AND m.valid_from <= $2 AND (m.valid_until IS NULL OR m.valid_until > $2)
WHERE o.id = ANY($1) ORDER BY o.id
"""
