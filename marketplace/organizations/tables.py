"""Social organizations, law firms and licensed institutions, with the papers they show."""

from piccolo.columns import UUID, Bytea, Date, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from marketplace.places.tables import Place

ACCOUNT = LazyTableReference("Account", app_name="app")
SUBJECT_KEY = LazyTableReference("SubjectKey", app_name="app")


class Organization(Table, tablename="organization", db=DB):
    """A provider, identified by its unified social credit code; its bank account is sealed."""

    id = identity()
    public_id = UUID(unique=True)
    uscc = words(unique=True)
    kind = words()
    name_zh = words()
    name_en = words()
    profile_zh = words()
    profile_en = words()
    place_id = required(Place)
    status = words()
    subject_key_id = required(SUBJECT_KEY)
    bank_name = words()
    bank_account_sealed = Bytea(null=True, default=None)
    applied_by = required(ACCOUNT)
    applied_at = Timestamptz()
    decided_by = optional(ACCOUNT)
    decided_at = Timestamptz(null=True, default=None)
    decision_reason = words()
    version = Integer(default=1)
    funding = words()


class Qualification(Table, tablename="qualification", db=DB):
    """A licence or a piece of evidence with its term; a renewed one is a new row."""

    id = identity()
    organization_id = required(Organization)
    kind = words()
    number = words()
    issuer_zh = words()
    valid_from = Date()
    valid_until = Date(null=True, default=None)
    added_by = required(ACCOUNT)
    added_at = Timestamptz()
    verified_by = optional(ACCOUNT)
    verified_at = Timestamptz(null=True, default=None)
    refused_reason = words()
