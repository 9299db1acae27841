"""Proposals of another time."""

from piccolo.columns import UUID, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from procurement.deliveries.tables import VillageOrder


class OrderChange(Table, tablename="order_change", db=DB):
    """One side's proposal, and what the other said."""

    id = identity()
    public_id = UUID(unique=True)
    village_order_id = required(VillageOrder)
    side = words()
    wished_start = Timestamptz()
    note_zh = words()
    status = words()
    proposed_by = required("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    answered_by = optional("app.accounts.tables.Account")
    closed_at = Timestamptz(null=True, default=None)
