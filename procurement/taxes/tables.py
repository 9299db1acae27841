"""How payments to people were taxed, and what was paid over; both append-only."""

from piccolo.columns import BigInt, Boolean, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB


class TaxWithholding(Table, tablename="tax_withholding", db=DB):
    """One kind of income in a payment, and the tax on it."""

    id = identity()
    payment_id = required("procurement.settlement.tables.SettlementPayment")
    kind = words()
    place_id = required("marketplace.places.tables.Place")
    person_id = required("volunteers.people.tables.Person")
    month = Date()
    income_fen = BigInt()
    before_fen = BigInt(default=0)
    before_tax_fen = BigInt(default=0)
    deduction_fen = BigInt(default=0)
    taxable_fen = BigInt(default=0)
    rate_percent = Integer(default=0)
    quick_fen = BigInt(default=0)
    tax_fen = BigInt()
    unverified = Boolean()
    made_at = Timestamptz()


class TaxRemittance(Table, tablename="tax_remittance", db=DB):
    """A month's withheld tax, paid over to the tax office."""

    id = identity()
    place_id = required("marketplace.places.tables.Place")
    month = Date()
    amount_fen = BigInt()
    document = words()
    paid_on = Date()
    recorded_by = required("app.accounts.tables.Account")
    recorded_at = Timestamptz()
