"""Contracts. What is ordered and accepted under them is counted by triggers, never written from here."""

from piccolo.columns import BigInt, Bytea, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class Contract(Table, tablename="contract", db=DB):
    """What two parties signed; units and days are added by its amendments alone."""

    id = identity()
    reference = words(unique=True)
    purchase_id = required("procurement.purchases.tables.Purchase")
    organization_id = required("marketplace.organizations.tables.Organization")
    product_id = required("marketplace.products.tables.Product")
    product_version = Integer()
    quantity = Integer()
    unit_price_fen = BigInt()
    ordered = Integer(default=0)
    accepted = Integer(default=0)
    starts_on = Date()
    ends_on = Date()
    body_zh = words()
    text_sha256 = Bytea()
    signed_by_buyer = required("app.accounts.tables.Account")
    offered_at = Timestamptz()
    signed_by_provider = optional("app.accounts.tables.Account")
    signed_at = Timestamptz(null=True, default=None)
    added = Integer(default=0)
    terminated_at = Timestamptz(null=True, default=None)
