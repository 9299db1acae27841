"""Flagship projects and the products that keep their promises."""

from piccolo.columns import Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class FlagshipProject(Table, tablename="flagship_project", db=DB):
    """A promise of a place for a year."""

    id = identity()
    reference = words(unique=True)
    year = Integer()
    place_id = required("marketplace.places.tables.Place")
    title_zh = words()
    title_en = words()
    promise_zh = words()
    unit = words()
    target = Integer()
    status = words()
    proposed_by = required("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    decided_by = optional("app.accounts.tables.Account")
    decided_at = Timestamptz(null=True, default=None)
    closed_by = optional("app.accounts.tables.Account")
    closed_at = Timestamptz(null=True, default=None)
    reached = Integer(null=True, default=None)
    result_zh = words()


class FlagshipProduct(Table, tablename="flagship_product", db=DB):
    """A product whose accepted units count for a project."""

    id = identity()
    project_id = required(FlagshipProject)
    product_id = required("marketplace.products.tables.Product")
