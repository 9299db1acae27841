"""Approvals that were taken back."""

from piccolo.columns import Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB

ACCOUNT = "app.accounts.tables.Account"


class ApprovalWithdrawal(Table, tablename="approval_withdrawal", db=DB):
    """Whose approval of which claim was taken back, by whom and why."""

    id = identity()
    claim_id = required("procurement.claims.tables.Claim")
    approved_by = required(ACCOUNT)
    ground = words()
    reason_zh = words()
    withdrawn_by = required(ACCOUNT)
    withdrawn_at = Timestamptz()
