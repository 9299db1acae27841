"""Expenses with their receipts; both append-only."""

from piccolo.columns import BigInt, Bytea, Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class Expense(Table, tablename="expense", db=DB):
    """What somebody spent."""

    id = identity()
    reference = words(unique=True)
    person_id = required("volunteers.people.tables.Person")
    place_id = required("marketplace.places.tables.Place")
    kind = words()
    spent_on = Date()
    amount_fen = BigInt()
    reason_zh = words()
    sign_up_id = optional("volunteers.assignments.tables.SignUp")
    handed_in_at = Timestamptz()


class ExpenseReceipt(Table, tablename="expense_receipt", db=DB):
    """One receipt, by the hash of its bytes: it is paid once."""

    id = identity()
    expense_id = required(Expense)
    sha256 = Bytea(unique=True)
