"""Challenges of tenders. What is written here follows the recorded steps by triggers."""

from piccolo.columns import Boolean, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB


class Challenge(Table, tablename="challenge", db=DB):
    """Where a challenge stands, and whether it holds its purchase, and until when."""

    id = identity()
    purchase_id = required("procurement.purchases.tables.Purchase")
    number = Integer()
    status = words()
    could_change_result = Boolean()
    raised_at = Timestamptz()
    holds = Boolean()
    holds_until = Date(null=True, default=None)
