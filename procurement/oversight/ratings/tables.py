"""The figures beside a purchase's performance evaluation; append-only."""

from piccolo.columns import Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required
from app.core.database import DB


class PurchaseEvaluation(Table, tablename="purchase_evaluation", db=DB):
    """What an evaluation was made from, as it stood on that day."""

    id = identity()
    purchase_id = required("procurement.purchases.tables.Purchase")
    ordered = Integer()
    accepted = Integer()
    refused = Integer()
    put_right = Integer()
    declined = Integer()
    missed = Integer()
    late = Integer()
    people = Integer()
    opinions = Integer()
    stars = Integer()
    score = Integer()
    evaluated_by = required("app.accounts.tables.Account")
    evaluated_at = Timestamptz()
