"""Where proofs are asked for: on the order, on the station's shift, on the phone of who has just finished."""

from app.core import database
from app.core.access import Permission, Principal
from app.web.slots import Fill
from procurement.deliveries.acceptances.tags import RECTIFICATION_TAGS
from procurement.deliveries.opinions.queries import minimum
from procurement.deliveries.opinions.rules import Opinions
from procurement.deliveries.proofs import queries
from procurement.deliveries.proofs.rules import KIND_NAMES
from procurement.deliveries.rules import OrderStatus


async def on_order(principal: Principal, order_id: int) -> Fill | None:
    """Fill ``order_page.main``: what is proven, what people said, and the way to the acceptance."""
    found = await queries.marks(principal, order_id)
    if found is None:
        return None
    context = {
        "reference": found.reference,
        "found": found,
        "accepts": principal.can(Permission.DELIVERY_ACCEPT) and found.status is OrderStatus.DELIVERED,
        "rectification_tags": RECTIFICATION_TAGS,
        "opinions": Opinions(found.opinions, found.stars, await minimum()),
        "kind_names": KIND_NAMES,
    }
    return Fill("procurement/deliveries/on_order.html", context)


async def on_shift(principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``station_shift.aside``: the station brings the proofs of an order's shift."""
    if not principal.can(Permission.ATTENDANCE_CONFIRM):
        return None
    return await _asked("o.assignment_id = $1", assignment_id)


async def on_done(principal: Principal, sign_up_id: int) -> Fill | None:
    """Fill ``shift_done.main``: who has just finished brings them from the same phone."""
    return await _asked(
        """o.assignment_id = (SELECT s.assignment_id FROM sign_up s JOIN person ON person.id = s.person_id
                              WHERE s.id = $1 AND person.account_id = $2)""",
        *(sign_up_id, principal.account_id),
    )


async def _asked(condition: str, *values: object) -> Fill | None:
    row = await database.fetch_one(
        f"SELECT o.id, o.reference FROM village_order o WHERE o.status IN ('scheduled', 'delivered') AND {condition}",
        *values,
    )
    if row is None:
        return None
    needs = (await queries.needs_of([row["id"]])).get(row["id"], [])
    context = {"reference": row["reference"], "needs": needs, "kind_names": KIND_NAMES}
    return Fill("procurement/deliveries/proofs_asked.html", context)
