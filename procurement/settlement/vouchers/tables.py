"""Vouchers of the treasury; append-only."""

from piccolo.columns import BigInt, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class TreasuryVoucher(Table, tablename="treasury_voucher", db=DB):
    """One voucher for what a batch takes from a budget line, and which one it replaces."""

    id = identity()
    batch_id = required("procurement.settlement.tables.SettlementBatch")
    budget_line_id = required("procurement.budgets.tables.BudgetLine")
    number = words(unique=True)
    amount_fen = BigInt()
    replaces = optional("self")
    recorded_by = required("app.accounts.tables.Account")
    recorded_at = Timestamptz()
