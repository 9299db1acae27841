"""Statements of capacity, each from a month on, and days off."""

from piccolo.columns import Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from marketplace.products.tables import Product


class ProductCapacity(Table, tablename="product_capacity", db=DB):
    """How many units of a product can be delivered in a month, from a month on until the next statement."""

    id = identity()
    product_id = required(Product)
    from_month = Date()
    units = Integer()
    stated_by = required("app.accounts.tables.Account")
    stated_at = Timestamptz()


class ProductBlackout(Table, tablename="product_blackout", db=DB):
    """A day on which nobody comes for a product."""

    id = identity()
    product_id = required(Product)
    day = Date()
    note_zh = words()
    stated_by = required("app.accounts.tables.Account")
    stated_at = Timestamptz()
