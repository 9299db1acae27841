"""Layouts of banks' files as they were set."""

from piccolo.columns import JSONB, UUID, Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required
from app.core.database import DB


class BankLayout(Table, tablename="bank_layout", db=DB):
    """How a bank wants its files, in force from a day on for a place and everything below it; append-only."""

    id = identity()
    public_id = UUID(unique=True)
    place_id = required("marketplace.places.tables.Place")
    body = JSONB()
    effective_from = Date()
    set_by = required("app.accounts.tables.Account")
    set_at = Timestamptz()
