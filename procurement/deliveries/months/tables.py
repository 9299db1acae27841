"""The months of products: what they hold, and what is taken of it."""

from piccolo.columns import Date, Integer
from piccolo.table import Table

from app.core.columns import identity, required
from app.core.database import DB


class ProductMonth(Table, tablename="product_month", db=DB):
    """How many units of a product a month holds, as stated, and how many live orders lie in it, as counted."""

    id = identity()
    product_id = required("marketplace.products.tables.Product")
    month = Date()
    units = Integer(null=True, default=None)
    taken = Integer(default=0)
