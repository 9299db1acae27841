"""Sealed quotations: what is asked, who is invited, who keeps the key, what was handed in, opened and compared."""

from piccolo.columns import UUID, Array, BigInt, Boolean, Bytea, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB

ACCOUNT = "app.accounts.tables.Account"


class QuotationRequest(Table, tablename="quotation_request", db=DB):
    """What a purchase by quotations asks for, beside the purchase itself."""

    id = identity()
    purchase_id = required("procurement.purchases.tables.Purchase")
    category = words()
    unit = words()
    ceiling_fen = BigInt()
    starts_on = Date()
    ends_on = Date()


class QuotationRequirement(Table, tablename="quotation_requirement", db=DB):
    """One line that a supplier undertakes to meet."""

    id = identity()
    request_id = required(QuotationRequest)
    position = Integer()
    text_zh = words()


class KeeperKey(Table, tablename="keeper_key", db=DB):
    """A keeper's public key, and the private one under the keeper's passphrase."""

    id = identity()
    account_id = required(ACCOUNT)
    public_key = Bytea(unique=True)
    salt = Bytea()
    private_sealed = Bytea(null=True, default=None)
    created_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None)


class QuotationRound(Table, tablename="quotation_round", db=DB):
    """One invitation of suppliers with its deadline."""

    id = identity()
    public_id = UUID(unique=True)
    purchase_id = required("procurement.purchases.tables.Purchase")
    number = Integer()
    deadline = Timestamptz()
    needed = Integer()
    invited_by = required(ACCOUNT)
    invited_at = Timestamptz()


class QuotationInvitation(Table, tablename="quotation_invitation", db=DB):
    """A supplier that is asked."""

    id = identity()
    public_id = UUID(unique=True)
    round_id = required(QuotationRound)
    organization_id = required("marketplace.organizations.tables.Organization")


class QuotationKeeper(Table, tablename="quotation_keeper", db=DB):
    """An officer who holds one share of every key of a round."""

    id = identity()
    round_id = required(QuotationRound)
    position = Integer()
    account_id = required(ACCOUNT)
    keeper_key_id = required(KeeperKey)


class SealedQuotation(Table, tablename="sealed_quotation", db=DB):
    """What a supplier handed in, unreadable; without ciphertext it was taken back."""

    id = identity()
    public_id = UUID(unique=True)
    invitation_id = required(QuotationInvitation)
    round_id = required(QuotationRound)
    ciphertext = Bytea(null=True, default=None)
    ciphertext_sha256 = Bytea(null=True, default=None)
    submitted_by = required(ACCOUNT)
    received_at = Timestamptz()


class SealedShare(Table, tablename="sealed_share", db=DB):
    """One keeper's share of a quotation's key."""

    id = identity()
    quotation_id = required(SealedQuotation)
    keeper_id = required(QuotationKeeper)
    round_id = required(QuotationRound)
    sealed = Bytea()


class QuotationUnlock(Table, tablename="quotation_unlock", db=DB):
    """A keeper's step of the opening."""

    id = identity()
    keeper_id = required(QuotationKeeper)
    round_id = required(QuotationRound)
    unlocked_at = Timestamptz()


class OpenedShare(Table, tablename="opened_share", db=DB):
    """A share that a keeper brought after the deadline."""

    id = identity()
    unlock_id = required(QuotationUnlock)
    quotation_id = required(SealedQuotation)
    round_id = required(QuotationRound)
    share = Bytea()


class QuotationOpening(Table, tablename="quotation_opening", db=DB):
    """The opening of a round."""

    id = identity()
    round_id = required(QuotationRound)
    opened_at = Timestamptz()


class OpenedQuotation(Table, tablename="opened_quotation", db=DB):
    """What a quotation said, or that it could not be read."""

    id = identity()
    public_id = UUID(unique=True)
    opening_id = required(QuotationOpening)
    round_id = required(QuotationRound)
    quotation_id = required(SealedQuotation)
    organization_id = required("marketplace.organizations.tables.Organization")
    readable = Boolean()
    unit_price_fen = BigInt(null=True, default=None)
    product_id = BigInt(null=True, default=None)
    product_version = Integer(null=True, default=None)
    words_zh = words()
    met = Array(base_column=Integer())
    legal_representative = words()
    controlled_by = words()
    invitation_id = required(QuotationInvitation)


class QuotationExclusion(Table, tablename="quotation_exclusion", db=DB):
    """Why a quotation does not count."""

    id = identity()
    opened_quotation_id = required(OpenedQuotation)
    ground = words()
    reason_zh = words()
    excluded_by = optional(ACCOUNT)
    excluded_at = Timestamptz()


class QuotationComparison(Table, tablename="quotation_comparison", db=DB):
    """The comparison sheet with its minutes, and whom it proposes."""

    id = identity()
    opening_id = required(QuotationOpening)
    proposed_id = required(OpenedQuotation)
    reasons_zh = words()
    body_zh = words()
    text_sha256 = Bytea()
    made_by = required(ACCOUNT)
    made_at = Timestamptz()
