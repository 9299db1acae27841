"""Money given back, and money that a payer's bank takes back."""

from piccolo.columns import UUID, BigInt, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class GiftRefund(Table, tablename="gift_refund", db=DB):
    """A refund: asked for and decided by two people, or made at the payment service itself."""

    id = identity()
    public_id = UUID(unique=True)
    gift_id = required("procurement.donations.gifts.tables.Gift")
    amount_minor = BigInt()
    reason = words()
    status = words()
    gateway_id = words(null=True, unique=True, default=None)
    proposed_by = optional("app.accounts.tables.Account")
    proposed_at = Timestamptz()
    decided_by = optional("app.accounts.tables.Account")
    decided_at = Timestamptz(null=True, default=None)


class GiftDispute(Table, tablename="gift_dispute", db=DB):
    """A payment that its payer's bank takes back."""

    id = identity()
    gift_id = required("procurement.donations.gifts.tables.Gift")
    gateway_id = words(unique=True)
    amount_minor = BigInt()
    reason = words()
    status = words()
    opened_at = Timestamptz()
    closed_at = Timestamptz(null=True, default=None)
