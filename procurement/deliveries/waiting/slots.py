"""What waiting adds to a village's list of orders."""

from app.core.access import Permission, Principal
from app.web.slots import Fill
from procurement.deliveries.waiting import queries


async def own_places(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``village_orders.main``: where one's villages wait, and how far in front."""
    scope = principal.scopes.get(Permission.ORDER_PLACE)
    rows = await queries.of_villages(scope) if scope else []
    return Fill("procurement/deliveries/waiting.html", {"rows": rows}) if rows else None
