"""A village clerk orders from the product's own page."""

from app.core import database
from app.core.access import Permission, Principal
from app.web.slots import Fill
from procurement.deliveries.ordering.queries import services, villages


async def order_from_page(principal: Principal, product_id: int) -> Fill | None:
    """Fill the product page's action for who may order: the contract under which the first village gets it."""
    if not principal.can(Permission.ORDER_PLACE):
        return None
    own = await villages(principal.scope(Permission.ORDER_PLACE), limit=1)
    if not own:
        return None
    contracts = await database.fetch("SELECT id FROM contract WHERE product_id = $1", product_id)
    ids = {row["id"] for row in contracts}
    offered = next((one for one in await services(own[0].code) if one.contract_id in ids), None)
    return Fill("procurement/deliveries/order_action.html", {"village": own[0], "offered": offered})
