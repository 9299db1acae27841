"""Editions and their entries."""

from piccolo.columns import BigInt, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class CatalogueEdition(Table, tablename="catalogue_edition", db=DB):
    """The catalogue of one year."""

    id = identity()
    year = Integer(unique=True)
    status = words()
    drawn_up_by = required("app.accounts.tables.Account")
    drawn_up_at = Timestamptz()
    published_by = optional("app.accounts.tables.Account")
    published_at = Timestamptz(null=True, default=None)


class CatalogueEntry(Table, tablename="catalogue_entry", db=DB):
    """One product in an edition, with the figures that its proposal was made by."""

    id = identity()
    edition_id = required(CatalogueEdition)
    product_id = BigInt()
    product_version = Integer()
    proposal = words()
    decision = words()
    reason = words()
    units = Integer()
    ratings = Integer()
    rating_sum = Integer()
