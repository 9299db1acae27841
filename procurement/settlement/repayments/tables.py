"""Money that was given back in cash."""

from piccolo.columns import UUID, BigInt, Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB

ACCOUNT = "app.accounts.tables.Account"


class DeductionRepayment(Table, tablename="deduction_repayment", db=DB):
    """What a bank statement says was given back for a deduction, and who confirmed it."""

    id = identity()
    public_id = UUID(unique=True)
    claim_id = required("procurement.claims.tables.Claim")
    amount_fen = BigInt()
    received_on = Date()
    document = words()
    status = words()
    recorded_by = required(ACCOUNT)
    recorded_at = Timestamptz()
    decided_by = optional(ACCOUNT)
    decided_at = Timestamptz(null=True, default=None)
    reason = words()
