"""Proposing another time, agreeing to it, refusing or taking it back; the shift and the people on it move along."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope, system_principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from procurement.blocks import require
from procurement.deliveries.changes import rules
from procurement.deliveries.changes.queries import sides_of
from procurement.deliveries.changes.rules import AlreadyProposed, ChangeEvent, ChangeStatus, NotMovable, Side
from procurement.deliveries.months.queries import months
from procurement.deliveries.months.rules import key_of
from procurement.deliveries.ordering.hours.queries import hours_of
from procurement.deliveries.ordering.hours.rules import CONSTRAINTS as HOURS_KEPT
from procurement.deliveries.rules import OrderStatus
from procurement.deliveries.service import contracts_as_guarded, lock_orders
from procurement.separation import OnePersonOnMoney
from volunteers.assignments.sign_ups.disruptions import reschedule_here

CONSTRAINTS: dict[str, type[DomainError]] = {
    "order_change_once": AlreadyProposed,
    "order_change_by_another": OnePersonOnMoney,
    **HOURS_KEPT,
}


async def propose(principal: Principal, order_id: int, start: datetime | None, note_zh: str = "") -> UUID:
    """Propose another time to the other side."""
    if start is None:
        raise InvalidInput({"wished_start": Message(N_("请填新的时间。"))})
    async with database.refusing(CONSTRAINTS), transaction():
        row, sides = await _lock(principal, order_id)
        await _require_time(row, start)
        public_id: UUID = await database.fetch_value(
            """INSERT INTO order_change (village_order_id, side, wished_start, note_zh, status, proposed_by,
                                         proposed_at)
               VALUES ($1, $2, $3, $4, 'proposed', $5, $6) RETURNING public_id""",
            *(order_id, sides[0], start, note_zh.strip(), principal.actor, clock.now()),
        )
        await audit.record(principal, "village_order.change_proposed", "village_order", order_id)
        text = N_("“%(title)s”想改到 %(starts)s，请答复。")
        await _tell_side(row, _other(sides[0]), text, start, f"change-proposed:{public_id}")
    return public_id


async def agree(principal: Principal, public_id: UUID) -> None:
    """Agree to another time: the order moves, and the shift with everybody on it, or nothing does."""
    async with database.refusing(CONSTRAINTS), transaction():
        change, row = await _answering(principal, public_id, ChangeEvent.AGREE)
        start = change["wished_start"]
        await _require_time(row, start)
        await database.execute(
            "UPDATE village_order SET wished_start = $2, answer_by = least(answer_by, $2) WHERE id = $1",
            row["id"],
            start,
        )
        if row["status"] == OrderStatus.SCHEDULED:
            await _move_shift(principal, row["assignment_id"], start)
        await audit.record(principal, "village_order.change_agreed", "village_order", row["id"])
        text = N_("对方同意了：“%(title)s”改到 %(starts)s。")
        await _tell(row, [change["proposed_by"]], text, start, f"change-agreed:{public_id}")


async def refuse(principal: Principal, public_id: UUID) -> None:
    """Say no to another time; the order stays as it is."""
    async with database.refusing(CONSTRAINTS), transaction():
        change, row = await _answering(principal, public_id, ChangeEvent.REFUSE)
        await audit.record(principal, "village_order.change_refused", "village_order", row["id"])
        text = N_("对方不同意把“%(title)s”改到 %(starts)s，仍按原来的时间。")
        await _tell(row, [change["proposed_by"]], text, change["wished_start"], f"change-refused:{public_id}")


async def take_back(principal: Principal, public_id: UUID) -> None:
    """Take one's own side's proposal back."""
    async with transaction():
        change, row, sides = await _change(principal, public_id)
        if Side(change["side"]) not in sides:
            raise NotFound
        await _close(change, ChangeEvent.WITHDRAW, None)
        await audit.record(principal, "village_order.change_withdrawn", "village_order", row["id"])


async def lapse_proposals(now: datetime) -> int:
    """End proposals whose time has come or whose order is over; return how many."""
    async with transaction():
        rows = await database.fetch(_OVER, now, [status.value for status in rules.MOVABLE])
        for row in rows:
            await _close(row, ChangeEvent.LAPSE, None)
        program = system_principal()
        entries = [audit.Entry("village_order.change_lapsed", "village_order", row["order_id"], {}) for row in rows]
        await audit.record_many(program, entries)
        return len(rows)


async def _lock(principal: Principal, order_id: int) -> tuple[Row, tuple[Side, ...]]:
    row = (await lock_orders([order_id]))[order_id]
    sides = sides_of(principal, row)
    if not sides:
        raise NotFound
    if OrderStatus(row["status"]) not in rules.MOVABLE or row["wished_start"] <= clock.now():
        raise NotMovable
    return row, sides


async def _change(principal: Principal, public_id: UUID) -> tuple[Row, Row, tuple[Side, ...]]:
    """Lock the order of a proposal, then read the proposal as it now is."""
    order_id = await database.fetch_value("SELECT village_order_id FROM order_change WHERE public_id = $1", public_id)
    if order_id is None:
        raise NotFound
    row, sides = await _lock(principal, order_id)
    [change] = await database.fetch("SELECT * FROM order_change WHERE public_id = $1 FOR NO KEY UPDATE", public_id)
    return change, row, sides


async def _answering(principal: Principal, public_id: UUID, event: ChangeEvent) -> tuple[Row, Row]:
    change, row, sides = await _change(principal, public_id)
    if _other(Side(change["side"])) not in sides:
        raise NotFound
    if change["proposed_by"] == principal.actor:
        raise OnePersonOnMoney
    await _close(change, event, principal.actor)
    return change, row


async def _close(change: Row, event: ChangeEvent, actor: int | None) -> None:
    status = advance(rules.TRANSITIONS, ChangeStatus(change["status"]), event)
    values = {"status": status.value, "answered_by": actor, "closed_at": clock.now()}
    await database.update_row("order_change", change["id"], values)


async def _require_time(row: Row, start: datetime) -> None:
    contract = (await contracts_as_guarded([row["contract_id"]]))[row["contract_id"]]
    keys = [key_of(contract.product_id, when) for when in (row["wished_start"], start)]
    month = (await months(keys, lock=True))[keys[1]]
    hours = await hours_of(row["place_code"])
    require(rules.time_blocks(contract, row["wished_start"], start, month, clock.now(), hours))


async def _move_shift(principal: Principal, assignment_id: int, start: datetime) -> None:
    [shift] = await database.fetch(
        """SELECT a.reference, a.ends - a.starts AS lasts, place.code FROM assignment a
           JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id WHERE a.id = $1""",
        assignment_id,
    )
    lasts: timedelta = shift["lasts"]
    scopes = {Permission.ASSIGNMENT_PUBLISH: Scope((shift["code"],))}
    mover = Principal(account_id=principal.actor, kind="system", scopes=scopes)
    await reschedule_here(mover, shift["reference"], start, start + lasts)


def _other(side: Side) -> Side:
    return Side.PROVIDER if side is Side.VILLAGE else Side.VILLAGE


async def _tell_side(row: Row, side: Side, text: str, start: datetime, once_key: str) -> None:
    """Tell who placed the order, or who took it; an order that nobody took is told to all of the provider's members."""
    accounts = [row["placed_by"]]
    if side is Side.PROVIDER:
        accounts = [row["answered_by"]] if row["answered_by"] else await _members(row["organization_id"])
    await _tell(row, accounts, text, start, once_key)


async def _members(organization_id: int) -> list[int]:
    rows = await database.fetch(
        """SELECT DISTINCT account_id FROM membership WHERE organization_id = $1 AND role = 'provider'
           AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $2)""",
        *(organization_id, clock.now()),
    )
    return [row["account_id"] for row in rows]


async def _tell(row: Row, accounts: list[int], text: str, start: datetime, once_key: str) -> None:
    detail = {"title": row["title"], "starts": clock.local(start).strftime("%Y-%m-%d %H:%M")}
    channels = (Channel.IN_APP, Channel.SMS)
    link = f"/orders/{row['reference']}"
    await notify_many(
        [Notice(one, text, detail, channels, link=link, once_key=f"{once_key}:{one}") for one in accounts]
    )


_OVER = """
SELECT h.id, h.status, o.id AS order_id FROM order_change h JOIN village_order o ON o.id = h.village_order_id
WHERE h.status = 'proposed' AND (o.status <> ALL ($2) OR o.wished_start <= $1 OR h.wished_start <= $1)
ORDER BY h.id FOR NO KEY UPDATE OF h
"""
