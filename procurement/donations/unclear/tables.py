"""What was decided about money that belongs to no gift."""

from piccolo.columns import UUID, Boolean, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class UnclearDecision(Table, tablename="unclear_decision", db=DB):
    """What it is, why, and who said so; two people where money moves."""

    id = identity()
    public_id = UUID(unique=True)
    outcome = words()
    fund_id = optional("procurement.donations.funds.tables.DonationFund")
    gift_id = optional("procurement.donations.gifts.tables.Gift")
    document = words()
    reason = words()
    status = words()
    proposed_by = required("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    decided_by = optional("app.accounts.tables.Account")
    decided_at = Timestamptz(null=True, default=None)


class UnclearDecisionEntry(Table, tablename="unclear_decision_entry", db=DB):
    """An entry that a decision is about; an entry is in one decision that stands."""

    id = identity()
    decision_id = required(UnclearDecision)
    entry_id = required("procurement.donations.gifts.tables.GatewayEntry")
    standing = Boolean(default=True)
