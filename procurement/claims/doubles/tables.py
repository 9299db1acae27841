"""Pairs of claims that may be one piece of work."""

from piccolo.columns import Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB

CLAIM, ACCOUNT = "procurement.claims.tables.Claim", "app.accounts.tables.Account"


class ClaimDouble(Table, tablename="claim_double", db=DB):
    """A pair, why it was found, and what was decided."""

    id = identity()
    claim_id = required(CLAIM)
    other_claim_id = required(CLAIM)
    ground = words()
    found_at = Timestamptz()
    decision = words()
    refused_claim_id = optional(CLAIM)
    decided_by = optional(ACCOUNT)
    decided_at = Timestamptz(null=True, default=None)
    reason_zh = words()
