"""Samples drawn before many claims are approved."""

from piccolo.columns import UUID, Bytea, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB


class ApprovalSample(Table, tablename="approval_sample", db=DB):
    """A selection with the seed that its sample was drawn by."""

    id = identity()
    public_id = UUID(unique=True)
    drawn_by = required("app.accounts.tables.Account")
    drawn_at = Timestamptz()
    seed = Bytea()
    selection_sha256 = Bytea()
    claim_count = Integer()
    address = words()


class SampledClaim(Table, tablename="sampled_claim", db=DB):
    """A claim that was drawn, and when it was looked at."""

    id = identity()
    sample_id = required(ApprovalSample)
    claim_id = required("procurement.claims.tables.Claim")
    looked_at = Timestamptz(null=True, default=None)


class ApprovalTally(Table, tablename="approval_tally", db=DB):
    """How much somebody approved on a day since a whole sample was looked at; kept by the database."""

    id = identity()
    approved_by = required("app.accounts.tables.Account")
    day = Date()
    unseen = Integer()
