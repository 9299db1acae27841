"""Batches, their payments, and the claims each payment is made of."""

from piccolo.columns import BigInt, Boolean, Bytea, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class SettlementBatch(Table, tablename="settlement_batch", db=DB):
    """Approved claims of one district and period, paid together."""

    id = identity()
    reference = words(unique=True)
    place_id = required("marketplace.places.tables.Place")
    period_from = Date()
    period_to = Date()
    idempotency_key = words(unique=True)
    input_sha256 = Bytea()
    status = words()
    total_fen = BigInt()
    payment_count = Integer()
    claim_count = Integer()
    computed_by = required("app.accounts.tables.Account")
    computed_at = Timestamptz()
    approved_by = optional("app.accounts.tables.Account")
    approved_at = Timestamptz(null=True, default=None)
    paid_by = optional("app.accounts.tables.Account")
    paid_at = Timestamptz(null=True, default=None)
    writes = Integer(default=0)
    cap_fen = BigInt(null=True, default=None)


class SettlementPayment(Table, tablename="settlement_payment", db=DB):
    """One merged payment to one payee."""

    id = identity()
    batch_id = required(SettlementBatch)
    person_id = optional("volunteers.people.tables.Person")
    organization_id = optional("marketplace.organizations.tables.Organization")
    amount_fen = BigInt()
    status = words()
    bank_name = words()
    account_sealed = Bytea(null=True, default=None)
    name_sealed = Bytea(null=True, default=None)


class SettlementItem(Table, tablename="settlement_item", db=DB):
    """A claim within a payment; a claim has one live item at most."""

    id = identity()
    batch_id = required(SettlementBatch)
    payment_id = required(SettlementPayment)
    claim_id = required("procurement.claims.tables.Claim")
    amount_fen = BigInt()
    live = Boolean(default=True)


class SettlementLeftOut(Table, tablename="settlement_left_out", db=DB):
    """An approved claim that a run left out, why, and at which place of the line it waits."""

    id = identity()
    batch_id = required(SettlementBatch)
    claim_id = required("procurement.claims.tables.Claim")
    reason = words()
    line_number = Integer()
    amount_fen = BigInt()


class SettlementPlan(Table, tablename="settlement_plan", db=DB):
    """A district's run as the scheduler planned it."""

    id = identity()
    place_id = required("marketplace.places.tables.Place")
    month = Date()
    period_from = Date()
    period_to = Date()
    idempotency_key = words(unique=True)
    planned_at = Timestamptz()


class BankFileRecord(Table, tablename="bank_file", db=DB):
    """What was handed to the bank: count, total and hash, not the file."""

    id = identity()
    batch_id = required(SettlementBatch)
    format = words()
    content_sha256 = Bytea()
    line_count = Integer()
    total_fen = BigInt()
    made_at = Timestamptz()
    layout_id = optional("procurement.settlement.layouts.tables.BankLayout")


class BankReturn(Table, tablename="bank_return", db=DB):
    """A payment that the bank sent back: why, when, by which voucher, recorded by whom."""

    id = identity()
    payment_id = required(SettlementPayment)
    reason_zh = words()
    document = words()
    returned_on = Date()
    recorded_by = required("app.accounts.tables.Account")
    recorded_at = Timestamptz()


class BankConfirmation(Table, tablename="bank_confirmation", db=DB):
    """The bank's word that a payment arrived; append-only."""

    id = identity()
    payment_id = required(SettlementPayment)
    document = words()
    confirmed_on = Date()
    recorded_by = required("app.accounts.tables.Account")
    recorded_at = Timestamptz()
