"""Tables of accounts, their memberships, sessions, codes and tokens."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Bytea, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class SubjectKey(Table, tablename="subject_key", db=DB):
    """The key of one subject, sealed by a master key; destroyed when its subject is erased."""

    id = identity()
    master_key_id = words()
    sealed_key = Bytea(null=True, default=None)
    destroyed_at = Timestamptz(null=True, default=None)


class Account(Table, tablename="account", db=DB):
    """A person who can sign in."""

    id = identity()
    public_id = UUID(unique=True)
    display_name = words()
    email = words(null=True, default=None, unique=True)
    subject_key_id = required(SubjectKey)
    phone_sealed = Bytea(null=True, default=None)
    phone_digest = Bytea(null=True, default=None, unique=True)
    password_hash = words(null=True, default=None)
    totp_sealed = Bytea(null=True, default=None)
    totp_last_step = BigInt(default=0)
    locale = words(default="zh")
    status = words(default="active")
    privacy_notice = words(null=True, default=None)
    consented_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class Membership(Table, tablename="membership", db=DB):
    """A role of an account within a place or an organization, for a time."""

    id = identity()
    public_id = UUID(unique=True)
    account_id = required(Account)
    role = words()
    place_code = words(null=True, default=None)
    organization_id = BigInt(null=True, default=None)
    valid_from = Timestamptz()
    valid_until = Timestamptz(null=True, default=None)
    deputy_for = optional(Account)
    granted_by = optional(Account)


class WebSession(Table, tablename="web_session", db=DB):
    """A browser that is signed in; only the hash of its token is kept."""

    id = identity()
    token_sha256 = Bytea(unique=True)
    account_id = optional(Account)
    second_factor = Boolean(default=False)
    csrf_token = words()
    flash = JSONB(default="[]")
    created_at = Timestamptz()
    seen_at = Timestamptz()
    expires_at = Timestamptz()


class SignInCode(Table, tablename="sign_in_code", db=DB):
    """A six-digit code on its way to a phone or mailbox; kept as a keyed hash."""

    id = identity()
    phone_digest = Bytea()
    code_sha256 = Bytea()
    created_at = Timestamptz()
    expires_at = Timestamptz()
    attempts_left = Integer()
    used_at = Timestamptz(null=True, default=None)


class AttemptWindow(Table, tablename="attempt_window", db=DB):
    """How often something rate-limited was tried within one window."""

    id = identity()
    key_sha256 = Bytea()
    window_start = Timestamptz()
    attempts = Integer()


class ApiToken(Table, tablename="api_token", db=DB):
    """A personal token for programs; only its hash is kept."""

    id = identity()
    public_id = UUID(unique=True)
    account_id = required(Account)
    name = words()
    token_sha256 = Bytea(unique=True)
    second_factor = Boolean()
    created_at = Timestamptz()
    expires_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None)
    last_used_at = Timestamptz(null=True, default=None)
