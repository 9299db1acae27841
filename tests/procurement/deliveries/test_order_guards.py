"""What the database refuses about a village's order, whoever writes."""

from app.core import database
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import ground
from tests.refusals import refused

SOMEBODY = "(SELECT min(id) FROM account)"  # the clerk is the last who came
ORDERS = [
    ("village_order_answered_by_another", "status = 'taken', answered_at = now(), answered_by = placed_by"),
    ("village_order_scheduled", f"status = 'scheduled', answered_at = now(), answered_by = {SOMEBODY}"),
    ("village_order_reasoned", "status = 'cancelled'"),
    ("village_order_own_quota", "place_id = (SELECT max(id) FROM place WHERE level = 'village')"),
]


async def test_an_order_uses_its_villages_quota_and_is_answered_by_another_with_reason_or_date(db: None) -> None:
    here = await ground(villages=1)
    await buying.placed_order(here.contract, here.codes[0])
    for guard, change in ORDERS:
        await refused(guard, f"UPDATE village_order SET {change}")
    assert await database.fetch_value("SELECT status FROM village_order") == "placed"
