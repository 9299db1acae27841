"""Ratings of visits."""

from piccolo.columns import Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from procurement.deliveries.tables import VillageOrder


class VillageRating(Table, tablename="village_rating", db=DB):
    """One village's word on one visit; append-only."""

    id = identity()
    village_order_id = required(VillageOrder)
    rating = Integer()
    words_zh = words()
    rated_by = required("app.accounts.tables.Account")
    rated_at = Timestamptz()
