"""Villages order, providers take or decline: the quota and the contract's quantity hold under any crowd."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.audit import Entry
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.service import notify_many
from procurement import law
from procurement.blocks import require
from procurement.contracts.service import lock_contracts
from procurement.deliveries import rules
from procurement.deliveries.answering.rules import OrderAnswer, answer_by, refusal_fault
from procurement.deliveries.answering.telling import notice_of
from procurement.deliveries.months.queries import months as read_months
from procurement.deliveries.months.rules import Month, MonthKey, key_of
from procurement.deliveries.ordering.hours.queries import hours_of_villages
from procurement.deliveries.ordering.hours.rules import CONSTRAINTS as HOURS_KEPT
from procurement.deliveries.ordering.rules import Hours
from procurement.deliveries.rules import Contract, OrderEvent, OrderStatus, Quota
from procurement.deliveries.scheduling.service import schedule_orders
from procurement.purchases import service as purchases
from procurement.purchases.challenges import HELD
from procurement.purchases.rules import TRANSITIONS, Method, PurchaseEvent, PurchaseStatus, may_deliver
from procurement.separation import OnePersonOnMoney


@dataclass(frozen=True, slots=True)
class NewOrder:
    """One unit of a contract that a village wants at a time."""

    contract_id: int
    place_code: str
    wished_start: datetime
    note_zh: str = ""

    @property
    def quota_key(self) -> tuple[str, int]:
        """Return whose quota of which year it uses."""
        return self.place_code, clock.local(self.wished_start).year


@dataclass(frozen=True, slots=True)
class Times:
    """What orders meet in time: now, the products' months, the villages' hours."""

    now: datetime
    months: dict[MonthKey, Month]
    hours: dict[str, Hours]


async def place_orders(principal: Principal, orders: Sequence[NewOrder]) -> list[int]:
    """Order for villages, all or none; return the orders' ids in the order given."""
    scope = principal.scope(Permission.ORDER_PLACE)
    for order in orders:
        scope.require_place(order.place_code)
    async with transaction():
        return await place_here(principal, orders)


async def place_here(principal: Principal, orders: Sequence[NewOrder], *, from_queue: bool = False) -> list[int]:
    """Do the same as part of a larger use case, in its transaction; who comes from a queue waits for nobody."""
    if not orders:
        return []
    now = clock.now()
    rows = {row["id"]: row for row in await lock_contracts([order.contract_id for order in orders])}
    quotas = await _lock_quotas(orders)
    contracts = await contracts_as_guarded(list(rows))
    months = await read_months(
        [key_of(contracts[order.contract_id].product_id, order.wished_start) for order in orders], lock=True
    )
    if from_queue:
        months = {key: replace(month, waiting=0) for key, month in months.items()}
    known = {key: Quota(row["quota"], row["used"]) for key, row in quotas.items()}
    hours = await hours_of_villages([order.place_code for order in orders])
    _count(orders, contracts, known, Times(now, months, hours))
    ids = await _insert(principal.actor, orders, quotas, now)
    await _begin_delivering(principal, [row["purchase_id"] for row in rows.values()])
    await audit.record_many(
        principal,
        [
            Entry("village_order.placed", "village_order", new_id, {"contract": order.contract_id})
            for new_id, order in zip(ids, orders, strict=True)
        ],
    )
    return ids


async def answer_orders(principal: Principal, answers: Sequence[OrderAnswer]) -> Counter[str]:
    """Take or decline orders, all or none, and schedule those taken; return how many ended in which state.

    Scheduling is a second step that a job repeats until it is done, so an order may stay ``taken`` for a while.
    """
    scope = principal.scope(Permission.ORDER_ANSWER)
    if any(not answer.take and answer.refused is None for answer in answers):
        raise InvalidInput(refusal_fault())
    async with transaction():
        rows = await lock_orders([answer.order_id for answer in answers])
        outcomes = {}
        for answer in answers:
            row = rows[answer.order_id]
            scope.require_organization(row["organization_id"])
            event = OrderEvent.TAKE if answer.take else OrderEvent.DECLINE
            outcomes[answer.order_id] = advance(rules.TRANSITIONS, OrderStatus(row["status"]), event)
            if row["placed_by"] == principal.actor:
                raise OnePersonOnMoney
        written = [(answer.order_id, outcomes[answer.order_id].value, *answer.kept) for answer in answers]
        async with database.refusing(HELD):
            await database.execute(_ANSWER, *database.columns(written, 4), principal.actor, clock.now())
        await record(principal, outcomes)
        await notify_many([notice_of(rows[answer.order_id], answer) for answer in answers])
    taken = [order_id for order_id, status in outcomes.items() if status is OrderStatus.TAKEN]
    scheduled = await schedule_orders(taken)
    counts = Counter(status.value for status in outcomes.values())
    counts.update({OrderStatus.TAKEN.value: -scheduled, OrderStatus.SCHEDULED.value: scheduled})
    return +counts


async def cancel_order(principal: Principal, order_id: int, reason: str) -> None:
    """Take an order back before people are sent; its unit returns to the quota and the contract."""
    scope = principal.scope(Permission.ORDER_PLACE)
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明取消的理由，服务机构会看到。"))})
    async with transaction():
        row = (await lock_orders([order_id]))[order_id]
        scope.require_place(row["place_code"])
        status = advance(rules.TRANSITIONS, OrderStatus(row["status"]), OrderEvent.CANCEL)
        await database.update_row("village_order", order_id, {"status": status.value, "reason": reason.strip()})
        await record(principal, {order_id: status})


async def lock_orders(ids: Sequence[int]) -> dict[int, Row]:
    """Lock purchases, contracts, quotas and orders in this order, each by id; return the orders."""
    wanted = sorted(set(ids))
    touched = await database.fetch(
        "SELECT id, contract_id, quota_id FROM village_order WHERE id = ANY($1) ORDER BY id", wanted
    )
    if len(touched) < len(wanted) or not touched:
        raise NotFound
    await lock_contracts([row["contract_id"] for row in touched])
    await database.locked("village_quota", {row["quota_id"] for row in touched})
    return {row["id"]: row for row in await database.fetch(_LOCKED, wanted)}


async def record(principal: Principal, statuses: dict[int, OrderStatus]) -> None:
    """Write an audit event for each order that moved."""
    await audit.record_many(
        principal,
        [Entry(f"village_order.{to.value}", "village_order", order_id, {}) for order_id, to in statuses.items()],
    )


def _count(
    orders: Sequence[NewOrder],
    contracts: dict[int, Contract],
    quotas: dict[tuple[str, int], Quota],
    times: Times,
) -> None:
    """Judge the orders one after the other, each after those before it."""
    months = times.months
    for order in orders:
        contract, quota = contracts[order.contract_id], quotas.get(order.quota_key)
        key = key_of(contract.product_id, order.wished_start)
        hours = times.hours[order.place_code]
        require(
            rules.order_blocks(contract, quota, order.place_code, order.wished_start, times.now, months[key], hours)
        )
        months[key] = months[key].after_one_more()
        contracts[order.contract_id] = replace(contract, ordered=contract.ordered + 1)
        if quota is not None:
            quotas[order.quota_key] = replace(quota, used=quota.used + 1)


async def _lock_quotas(orders: Sequence[NewOrder]) -> dict[tuple[str, int], Row]:
    keys = sorted({order.quota_key for order in orders})
    rows = await database.fetch(
        """SELECT q.id, q.quota, q.used, q.year, place.code
           FROM unnest($1::text[], $2::integer[]) AS d (code, year)
           JOIN place ON place.code = d.code JOIN village_quota q ON q.place_id = place.id AND q.year = d.year
           ORDER BY q.id FOR NO KEY UPDATE OF q""",
        *database.columns(keys, 2),
    )
    return {(row["code"], row["year"]): row for row in rows}


async def contracts_as_guarded(ids: Sequence[int]) -> dict[int, Contract]:
    """Return what the guards of ordering look at in contracts, also for a page that asks beforehand."""
    return {
        row["id"]: Contract(
            signed=row["signed_at"] is not None,
            open=may_deliver(Method(row["method"]), PurchaseStatus(row["status"])),
            place_code=row["place_code"],
            areas=tuple(row["areas"]),
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            quantity=row["quantity"] + row["added"],
            ordered=row["ordered"],
            product_id=row["product_id"],
        )
        for row in await database.fetch(_CONTRACTS, ids)
    }


async def _insert(
    actor: int, orders: Sequence[NewOrder], quotas: dict[tuple[str, int], Row], now: datetime
) -> list[int]:
    [last_day] = await law.last_days(await law.figure(law.ANSWER, clock.local(now).date()), [clock.local(now).date()])
    rows = [
        (
            *(order.contract_id, quotas[order.quota_key]["id"], order.wished_start, order.note_zh.strip()),
            answer_by(last_day, order.wished_start),
        )
        for order in orders
    ]
    async with database.refusing({**HELD, **HOURS_KEPT}):
        inserted = await database.fetch(_INSERT, *database.columns(rows, 5), actor, now)
    # Identity values rise in the order of insertion, which is that of the orders.
    return sorted(row["id"] for row in inserted)


async def _begin_delivering(principal: Principal, purchase_ids: Sequence[int]) -> None:
    locked = await purchases.lock_purchases(purchase_ids)
    moved = {
        row["id"]: purchases.after(row, PurchaseEvent.DELIVER)
        for row in locked.values()
        if (Method(row["method"]), PurchaseStatus(row["status"]), PurchaseEvent.DELIVER) in TRANSITIONS
    }
    if moved:
        await purchases.move(principal, moved)


_CONTRACTS = """
SELECT c.id, c.product_id, c.signed_at, c.starts_on, c.ends_on, c.quantity, c.added, c.ordered, p.method, p.status,
       place.code AS place_code,
       ARRAY(SELECT area.code FROM product_area pa JOIN place area ON area.id = pa.place_id
             WHERE pa.product_id = c.product_id AND pa.product_version = c.product_version) AS areas
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id WHERE c.id = ANY($1)
"""
_LOCKED = """
SELECT o.id, o.reference, o.status, o.wished_start, o.contract_id, o.placed_by, o.answered_by, o.assignment_id,
       c.organization_id,
       c.purchase_id, organization.name_zh AS provider, v.title_zh AS title,
       c.signed_by_buyer, c.signed_by_provider, p.requested_by, p.approved_by, place.code AS place_code
FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN purchase p ON p.id = c.purchase_id
JOIN organization ON organization.id = c.organization_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
JOIN place ON place.id = o.place_id WHERE o.id = ANY($1) ORDER BY o.id FOR NO KEY UPDATE OF o
"""
_INSERT = """
INSERT INTO village_order (contract_id, quota_id, place_id, year, status, wished_start, minutes, note_zh, placed_by,
                           placed_at, answer_by)
SELECT d.contract_id, q.id, q.place_id, q.year, 'placed', d.wished_start, v.minutes, d.note, $6, $7, d.answer_by
FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::text[], $5::timestamptz[])
     WITH ORDINALITY AS d (contract_id, quota_id, wished_start, note, answer_by, place_in_list)
JOIN village_quota q ON q.id = d.quota_id JOIN contract c ON c.id = d.contract_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
ORDER BY d.place_in_list RETURNING id
"""
_ANSWER = """
UPDATE village_order
SET status = d.status, reason = d.reason, refusal = d.refusal, answered_by = $5, answered_at = $6
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS d (id, status, reason, refusal)
WHERE village_order.id = d.id
"""
