"""Reading proposals: the one that is open on an order, and what proposals an order has seen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from app.core.database import Row
from procurement.deliveries.changes.rules import ChangeStatus, Side
from procurement.deliveries.rules import OrderStatus


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A proposal as the order's page shows it."""

    public_id: UUID
    side: Side
    status: ChangeStatus
    wished_start: datetime
    note_zh: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class OrderTimes:
    """An order with its proposals, the newest first, and the sides on which the reader stands."""

    id: int
    reference: str
    status: OrderStatus
    wished_start: datetime
    proposals: tuple[ChangeView, ...]
    sides: tuple[Side, ...]

    @property
    def open(self) -> ChangeView | None:
        """Return the proposal that waits for an answer."""
        return next((one for one in self.proposals if one.status is ChangeStatus.PROPOSED), None)


def sides_of(principal: Principal, row: Row) -> tuple[Side, ...]:
    """Return the sides of an order on which somebody stands."""
    village, provider = (
        principal.scopes.get(Permission.ORDER_PLACE),
        principal.scopes.get(Permission.ORDER_ANSWER),
    )
    found = []
    if village and village.covers_place(row["place_code"]):
        found.append(Side.VILLAGE)
    if provider and provider.covers_organization(row["organization_id"]):
        found.append(Side.PROVIDER)
    return tuple(found)


async def times_of(principal: Principal, order_id: int) -> OrderTimes | None:
    """Return an order's proposals to somebody on one of its sides."""
    row = await database.fetch_one(
        """SELECT o.id, o.reference, o.status, o.wished_start, c.organization_id, place.code AS place_code
           FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN place ON place.id = o.place_id
           WHERE o.id = $1""",
        order_id,
    )
    sides = sides_of(principal, row) if row else ()
    if row is None or not sides:
        return None
    rows = await database.fetch(
        """SELECT public_id, side, status, wished_start, note_zh, proposed_at FROM order_change
           WHERE village_order_id = $1 ORDER BY id DESC LIMIT 20""",
        order_id,
    )
    proposals = tuple(
        ChangeView(**{**one, "side": Side(one["side"]), "status": ChangeStatus(one["status"])}) for one in rows
    )
    return OrderTimes(row["id"], row["reference"], OrderStatus(row["status"]), row["wished_start"], proposals, sides)
