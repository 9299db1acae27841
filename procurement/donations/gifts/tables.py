"""Who gives, what, month by month; what the payment service booked; the keys of what was asked of it."""

from piccolo.columns import UUID, BigInt, Bytea, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class Donor(Table, tablename="donor", db=DB):
    """Who gives: name and address are sealed with a key of their own, and both may be missing."""

    id = identity()
    subject_key_id = required("app.accounts.tables.SubjectKey")
    name_sealed = Bytea(null=True, default=None)
    email_sealed = Bytea(null=True, default=None)
    locale = words()
    stated_at = Timestamptz()


class GiftPlan(Table, tablename="gift_plan", db=DB):
    """A monthly gift; its status only moves forward."""

    id = identity()
    fund_id = required("procurement.donations.funds.tables.DonationFund")
    donor_id = required(Donor)
    amount_minor = BigInt()
    currency = words()
    status = words()
    gateway_id = words(null=True, unique=True, default=None)
    started_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)


class Gift(Table, tablename="gift", db=DB):
    """One gift; its status only moves forward."""

    id = identity()
    public_id = UUID(unique=True)
    reference = words(unique=True)
    fund_id = required("procurement.donations.funds.tables.DonationFund")
    donor_id = required(Donor)
    plan_id = optional(GiftPlan)
    amount_minor = BigInt()
    currency = words()
    status = words()
    checkout_id = words(null=True, unique=True, default=None)
    payment_id = words(null=True, unique=True, default=None)
    started_at = Timestamptz()
    given_at = Timestamptz(null=True, default=None)


class GatewayEntry(Table, tablename="gateway_entry", db=DB):
    """One entry of the payment service's balance; append-only."""

    id = identity()
    gateway_id = words(unique=True)
    kind = words()
    fund_id = optional("procurement.donations.funds.tables.DonationFund")
    gift_id = optional(Gift)
    payment_id = words(null=True, default=None)
    amount_minor = BigInt()
    fee_minor = BigInt()
    net_minor = BigInt()
    currency = words()
    original_minor = BigInt()
    original_currency = words()
    made_at = Timestamptz()
    found_by = words()
    recorded_at = Timestamptz()


class GatewayAttempt(Table, tablename="gateway_attempt", db=DB):
    """The key of one request that moves money, written before it is sent; append-only."""

    id = identity()
    key = words(unique=True)
    purpose = words()
    subject_id = BigInt()
    request_sha256 = Bytea()
    made_at = Timestamptz()
