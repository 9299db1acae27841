"""Which village waits for which product's month."""

from piccolo.columns import UUID, Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from procurement.contracts.tables import Contract
from procurement.deliveries.tables import VillageOrder


class VillageWait(Table, tablename="village_wait", db=DB):
    """A village's place in a queue, with the day it wishes; once placed, the order that it became."""

    id = identity()
    public_id = UUID(unique=True)
    contract_id = required(Contract)
    product_id = required("marketplace.products.tables.Product")
    place_id = required("marketplace.places.tables.Place")
    month = Date()
    wished_start = Timestamptz()
    note_zh = words()
    status = words()
    village_order_id = optional(VillageOrder)
    asked_by = required("app.accounts.tables.Account")
    asked_at = Timestamptz()
    closed_at = Timestamptz(null=True, default=None)
    reason = words()
