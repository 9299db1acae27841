"""A product in the catalogue, as a search reads it."""

from piccolo.columns import Boolean, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from marketplace.organizations.tables import Organization
from marketplace.products.tables import Product


class Listing(Table, tablename="listing", db=DB):
    """One row for each product that was ever listed, kept by triggers; words and computed columns are not mapped."""

    id = identity()
    product_id = required(Product)
    organization_id = required(Organization)
    category = words()
    target_group = words()
    unit = words()
    priced = Boolean()
    shown = Boolean()
    listed_at = Timestamptz()
    bought = Boolean(default=False)
    rating_count = Integer(default=0)
    rating_sum = Integer(default=0)
    words_version = Integer(default=0)
