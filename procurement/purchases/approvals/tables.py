"""Tables of this feature. What two people set is replaced by a later row; a step that was taken is never rewritten."""

from piccolo.columns import UUID, BigInt, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class ApprovalLimit(Table, tablename="approval_limit", db=DB):
    """Up to which amount the first and the second level of a place decide, from a day on."""

    id = identity()
    public_id = UUID(unique=True)
    place_id = required("marketplace.places.tables.Place")
    effective_from = Date(default=None)
    section_up_to_fen = BigInt()
    division_up_to_fen = BigInt()
    document = words()
    status = words()
    proposed_by = required("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    decided_by = optional("app.accounts.tables.Account")
    decided_at = Timestamptz(null=True, default=None)
    reason = words()


class ApproverLevel(Table, tablename="approver_level", db=DB):
    """Who holds which level at a place, from which day to which."""

    id = identity()
    public_id = UUID(unique=True)
    account_id = required("app.accounts.tables.Account")
    place_id = required("marketplace.places.tables.Place")
    level = words()
    starts_on = Date(default=None)
    ends_on = Date(null=True, default=None)
    status = words()
    proposed_by = required("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    decided_by = optional("app.accounts.tables.Account")
    decided_at = Timestamptz(null=True, default=None)
    reason = words()


class ApprovalDeputy(Table, tablename="approval_deputy", db=DB):
    """Who stands in for whom, from which day to which."""

    id = identity()
    public_id = UUID(unique=True)
    account_id = required("app.accounts.tables.Account")
    deputy_id = required("app.accounts.tables.Account")
    starts_on = Date(default=None)
    ends_on = Date(default=None)
    status = words()
    proposed_by = required("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    decided_by = optional("app.accounts.tables.Account")
    decided_at = Timestamptz(null=True, default=None)
    reason = words()


class PurchaseApproval(Table, tablename="purchase_approval", db=DB):
    """One step of a purchase's chain: who took it, in whose stead, and with which word; append-only."""

    id = identity()
    purchase_id = required("procurement.purchases.tables.Purchase")
    step = Integer()
    level = words()
    verdict = words()
    decided_by = required("app.accounts.tables.Account")
    in_stead_of = optional("app.accounts.tables.Account")
    decided_at = Timestamptz()
    reason = words()
    minutes = words()
    round = Integer(default=1)
