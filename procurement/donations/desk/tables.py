"""Numbers of statutory receipts; append-only."""

from piccolo.columns import Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB


class StatutoryReceipt(Table, tablename="statutory_receipt", db=DB):
    """The number of a receipt that was issued outside this program."""

    id = identity()
    gift_id = required("procurement.donations.gifts.tables.Gift")
    number = words(unique=True)
    issued_on = Date()
    recorded_by = required("app.accounts.tables.Account")
    recorded_at = Timestamptz()
