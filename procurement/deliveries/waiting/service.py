"""Waiting for a full month, leaving the queue, and placing the first who waits when a unit comes free."""

from datetime import date, datetime
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope, system_principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from procurement.blocks import require
from procurement.contracts.service import lock_contracts
from procurement.deliveries import rules as orders
from procurement.deliveries.months.queries import months
from procurement.deliveries.months.rules import MonthKey, key_of
from procurement.deliveries.ordering.hours.queries import hours_of
from procurement.deliveries.service import NewOrder, contracts_as_guarded, place_here
from procurement.deliveries.waiting import queries, rules
from procurement.deliveries.waiting.rules import AlreadyWaiting, EndReason, NotFull, WaitEvent, WaitStatus

_PROGRAM = system_principal()
_MISSING_ONLY_ROOM = ("month_full", "contract_used_up", "no_quota", "quota_used_up")
_ATTEMPTS = 10
CONSTRAINTS = {"village_wait_once": AlreadyWaiting}


async def wait_for(principal: Principal, wish: NewOrder) -> UUID:
    """Take a place in the queue of a month that is full, for a village; the quota is looked at when it is served."""
    principal.scope(Permission.ORDER_PLACE).require_place(wish.place_code)
    now = clock.now()
    async with database.refusing(CONSTRAINTS), transaction():
        await lock_contracts([wish.contract_id])
        contract = (await contracts_as_guarded([wish.contract_id]))[wish.contract_id]
        key = key_of(contract.product_id, wish.wished_start)
        month = (await months([key], lock=True))[key]
        hours = await hours_of(wish.place_code)
        blocks = orders.order_blocks(contract, None, wish.place_code, wish.wished_start, now, month, hours)
        require(block for block in blocks if block.code not in _MISSING_ONLY_ROOM)
        if not month.full:
            raise NotFull
        row = await database.fetch_one(
            """INSERT INTO village_wait (contract_id, product_id, place_id, month, wished_start, note_zh, status,
                                         asked_by, asked_at)
               SELECT $1, $2, place.id, $3, $4, $5, 'waiting', $7, $8 FROM place WHERE place.code = $6
               RETURNING id, public_id""",
            *(wish.contract_id, *key, wish.wished_start, wish.note_zh.strip(), wish.place_code, principal.actor, now),
        )
        if row is None:
            raise NotFound
        await audit.record(principal, "village_wait.waiting", "village_wait", row["id"], contract=wish.contract_id)
    public_id: UUID = row["public_id"]
    return public_id


async def leave(principal: Principal, public_id: UUID) -> None:
    """Leave a queue."""
    scope = principal.scope(Permission.ORDER_PLACE)
    async with transaction():
        row = await database.fetch_one(
            """SELECT w.id, w.product_id, w.month, place.code FROM village_wait w JOIN place ON place.id = w.place_id
               WHERE w.public_id = $1""",
            public_id,
        )
        if row is None or not scope.covers_place(row["code"]):
            raise NotFound
        await months([(row["product_id"], row["month"])], lock=True)
        await _close(principal, row["id"], WaitEvent.LEAVE)


async def serve_queues(now: datetime) -> dict[str, int]:
    """Place those who wait wherever there is room, and end what can no longer come; return how many of each."""
    placed = 0
    for key in await queries.servable_months():
        placed += await serve(key, now)
    return {"placed": placed, "ended": await _end_overdue(clock.local(now).date())}


async def serve(key: MonthKey, now: datetime) -> int:
    """Place villages that wait for a month, the first first, while there is room; return how many.

    The first is looked up, locked as every order is (contract, quota, month), and looked up again: if another has
    become the first meanwhile, that one is served.
    """
    placed = 0
    for _ in range(_ATTEMPTS):
        candidate = await queries.first(key)
        if candidate is None:
            break
        async with transaction():
            await lock_contracts([candidate["contract_id"]])
            await database.locked("village_quota", [candidate["quota_id"]])
            month = (await months([key], lock=True))[key]
            current = await queries.first(key)
            if month.free == 0 or current is None:
                break
            if current["id"] == candidate["id"]:
                placed += await _place(current, month.days_off, now)
    return placed


async def _place(row: Row, days_off: frozenset[date], now: datetime) -> bool:
    """Place one who waits; where no day of the month is left, the waiting ends."""
    hours = await hours_of(row["place_code"])
    start = rules.start_for(row["wished_start"], now, row["ends_on"], days_off, hours)
    if start is None:
        await _end([row["id"]], EndReason.NO_DAY)
        return False
    clerk = Principal(
        account_id=row["asked_by"], kind="system", scopes={Permission.ORDER_PLACE: Scope((row["place_code"],))}
    )
    wish = NewOrder(row["contract_id"], row["place_code"], start, row["note_zh"])
    [order_id] = await place_here(clerk, [wish], from_queue=True)
    await _close(_PROGRAM, row["id"], WaitEvent.PLACE, village_order_id=order_id)
    [found] = await database.fetch(_ORDER, order_id)
    text = N_("排到了：“%(title)s”已自动点单，%(starts)s。不合适可以改期或取消。")
    detail = {"title": found["title_zh"], "starts": clock.local(start).strftime("%Y-%m-%d %H:%M")}
    await _tell(row["asked_by"], text, detail, f"/orders/{found['reference']}", f"wait-placed:{row['id']}")
    return True


async def _end_overdue(today: date) -> int:
    async with transaction():
        rows = await database.fetch(_OVERDUE, today + rules.LEAD)
        await months([(row["product_id"], row["month"]) for row in rows], lock=True)
        rows = await database.fetch(_OVERDUE, today + rules.LEAD)  # as they are now that nobody else moves them
        for reason in EndReason:
            await _end([row["id"] for row in rows if row["reason"] == reason.value], reason)
        return len(rows)


async def _end(wait_ids: list[int], reason: EndReason) -> None:
    for wait_id in wait_ids:
        await _close(_PROGRAM, wait_id, WaitEvent.END, reason=reason.value)
        [row] = await database.fetch(_ENDED, wait_id)
        text = N_("没有等到“%(title)s”（%(month)s）：%(reason)s。可以换一个月再点。")
        detail = {
            "title": row["title_zh"],
            "month": f"{row['month']:%Y-%m}",
            "reason": Message(rules.REASON_NAMES[reason]),
        }
        await _tell(row["asked_by"], text, detail, "/orders/new", f"wait-ended:{wait_id}")


async def _close(principal: Principal, wait_id: int, event: WaitEvent, **values: object) -> None:
    status = await database.fetch_value("SELECT status FROM village_wait WHERE id = $1 FOR NO KEY UPDATE", wait_id)
    after = advance(rules.TRANSITIONS, WaitStatus(status), event)
    await database.update_row("village_wait", wait_id, {"status": after.value, "closed_at": clock.now(), **values})
    await audit.record(principal, f"village_wait.{after.value}", "village_wait", wait_id)


async def _tell(account_id: int, text: str, detail: dict[str, object], link: str, once_key: str) -> None:
    await notify_many([Notice(account_id, text, detail, (Channel.IN_APP, Channel.SMS), link=link, once_key=once_key)])


_ORDER = """
SELECT o.reference, v.title_zh FROM village_order o JOIN contract c ON c.id = o.contract_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version WHERE o.id = $1
"""
_ENDED = """
SELECT w.asked_by, w.month, v.title_zh FROM village_wait w JOIN contract c ON c.id = w.contract_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version WHERE w.id = $1
"""
_OVERDUE = """
SELECT w.id, w.product_id, w.month,
       CASE WHEN p.status IN ('contracted', 'delivering') THEN 'no_day' ELSE 'contract_over' END AS reason
FROM village_wait w JOIN contract c ON c.id = w.contract_id JOIN purchase p ON p.id = c.purchase_id
WHERE w.status = 'waiting' AND (w.month + interval '1 month' <= $1 OR c.ends_on < $1
                                OR p.status NOT IN ('contracted', 'delivering'))
ORDER BY w.id
"""
