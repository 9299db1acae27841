"""The steps of tenders."""

from piccolo.columns import JSONB, Bytea, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class PurchaseStep(Table, tablename="purchase_step", db=DB):
    """One step as it happened on the platform, with its number, address and hash; append-only."""

    id = identity()
    purchase_id = required("procurement.purchases.tables.Purchase")
    kind = words()
    happened_at = Timestamptz()
    number = words()
    url = words()
    sha256 = Bytea(null=True, default=None)
    detail = JSONB()
    recorded_by = required("app.accounts.tables.Account")
    recorded_at = Timestamptz()
    challenge_id = optional("procurement.purchases.tenders.challenges.tables.Challenge")
