"""Disputes about claims."""

from piccolo.columns import Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB

ACCOUNT = "app.accounts.tables.Account"


class ClaimDispute(Table, tablename="claim_dispute", db=DB):
    """An objection with its answer."""

    id = identity()
    claim_id = required("procurement.claims.tables.Claim")
    raised_by = required(ACCOUNT)
    raised_at = Timestamptz()
    text_zh = words()
    judge_id = optional(ACCOUNT)
    due_on = Date()
    status = words()
    answered_by = optional(ACCOUNT)
    answered_at = Timestamptz(null=True, default=None)
    answer_zh = words()
