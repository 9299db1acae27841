"""The results of tenders as they were put to their chain of approval."""

from piccolo.columns import JSONB, BigInt, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required
from app.core.database import DB


class TenderAward(Table, tablename="tender_award", db=DB):
    """One result with its supplier, product and price; another result is another round; append-only."""

    id = identity()
    purchase_id = required("procurement.purchases.tables.Purchase")
    round = Integer()
    happened_at = Timestamptz()
    detail = JSONB()
    organization_id = required("marketplace.organizations.tables.Organization")
    product_id = BigInt()
    product_version = Integer()
    unit_price_fen = BigInt()
    recorded_by = required("app.accounts.tables.Account")
    recorded_at = Timestamptz()
