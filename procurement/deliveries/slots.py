"""What deliveries show on pages below: the open work of a provider about to be suspended or reinstated."""

from dataclasses import dataclass
from datetime import datetime

from app.core import database
from app.core.access import Principal
from app.web.slots import Fill
from marketplace.organizations.rules import OrganizationStatus
from procurement.deliveries.rules import OPEN, OrderStatus
from procurement.deliveries.tags import STATUS_TAGS


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """One order on its way."""

    reference: str
    status: OrderStatus
    wished_start: datetime
    place_zh: str
    place_en: str


async def work_under_way(principal: Principal, organization_id: int, status: OrganizationStatus) -> Fill | None:  # noqa: ARG001 - a slot's shape
    """Name the open orders and the admissions of a provider before an officer decides on it."""
    orders = await database.fetch(
        """SELECT o.reference, o.status, o.wished_start, place.name_zh AS place_zh, place.name_en AS place_en
           FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN place ON place.id = o.place_id
           WHERE c.organization_id = $1 AND o.status = ANY ($2) ORDER BY o.wished_start, o.id""",
        organization_id,
        sorted(OPEN),
    )
    admitted = await database.fetch_value(
        """SELECT count(*) FROM admission a JOIN framework f ON f.id = a.framework_id
           WHERE a.organization_id = $1 AND a.status = 'admitted' AND f.status = 'in_force'""",
        organization_id,
    )
    if not orders and not admitted:
        return None
    return Fill(
        "procurement/deliveries/consequences.html",
        {
            "orders": [OpenOrder(**{**row, "status": OrderStatus(row["status"])}) for row in orders],
            "admitted": admitted,
            "suspended": status is OrganizationStatus.SUSPENDED,
            "tags": STATUS_TAGS,
        },
    )
