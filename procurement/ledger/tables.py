"""The ledger's tables: entries are append-only, balances their sums, months close one after the other."""

from piccolo.columns import BigInt, Boolean, Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class LedgerPeriod(Table, tablename="ledger_period", db=DB):
    """A month that accepts postings until it is closed."""

    id = identity()
    starts_on = Date()
    ends_on = Date()
    closed_at = Timestamptz(null=True, default=None)
    closed_by = optional("app.accounts.tables.Account")


class LedgerAccount(Table, tablename="ledger_account", db=DB):
    """An account of a budget line, a payee, a batch or a treasury."""

    id = identity()
    code = words(unique=True)
    kind = words()
    budget_line_id = BigInt(null=True, default=None)
    person_id = BigInt(null=True, default=None)
    organization_id = BigInt(null=True, default=None)
    place_id = BigInt(null=True, default=None)
    currency = words()
    batch_id = optional("procurement.settlement.tables.SettlementBatch")
    donated = Boolean()
    donation_fund_id = BigInt(null=True, default=None)


class LedgerTransaction(Table, tablename="ledger_transaction", db=DB):
    """A balanced set of postings."""

    id = identity()
    booked_on = Date()
    period_id = required(LedgerPeriod)
    kind = words()
    idempotency_key = words(unique=True)
    reverses = optional("self")
    source_type = words()
    source_id = BigInt()
    place_id = optional("marketplace.places.tables.Place")
    actor_id = optional("app.accounts.tables.Account")
    created_at = Timestamptz()


class LedgerPosting(Table, tablename="ledger_posting", db=DB):
    """An amount in fen on an account, debit positive."""

    id = identity()
    transaction_id = required(LedgerTransaction)
    account_id = required(LedgerAccount)
    amount_fen = BigInt()
    currency = words()
    donated = Boolean()
    period_id = BigInt()
    place_id = BigInt(null=True, default=None)


class LedgerFresh(Table, tablename="ledger_fresh", db=DB):
    """What was posted and is not yet folded into ledger_balance, summed for each statement that posted."""

    id = identity()
    account_id = BigInt()
    place_id = BigInt(null=True, default=None)
    period_id = BigInt()
    debit_fen = BigInt()
    credit_fen = BigInt()
