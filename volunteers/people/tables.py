"""People who can go: who they are, what they may do, when they are free."""

from piccolo.columns import (
    UUID,
    Array,
    Boolean,
    Bytea,
    Date,
    Integer,
    LazyTableReference,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from marketplace.places.tables import Place

_ACCOUNT = LazyTableReference("Account", app_name="app")


def _codes() -> Array:
    return Array(base_column=Text(), default=list)


class Person(Table, tablename="person", db=DB):
    """A volunteer, lawyer or mediator; numbers that identify them are sealed with a key of their own."""

    id = identity()
    public_id = UUID(unique=True)
    account_id = required(_ACCOUNT)
    name = words()
    gender = words()
    corps = _codes()
    organization_id = optional(LazyTableReference("Organization", app_name="marketplace"))
    subject_key_id = required(LazyTableReference("SubjectKey", app_name="app"))
    id_card_sealed = Bytea(null=True, default=None)
    id_card_digest = Bytea(null=True, default=None, unique=True)
    bank_name = words()
    bank_account_sealed = Bytea(null=True, default=None)
    bank_account_digest = Bytea(null=True, default=None)
    public_official = Boolean(default=False)
    home_place_id = required(Place)
    home_east_m = Integer()
    home_north_m = Integer()
    languages = _codes()
    skills = _codes()
    preferred_kinds = _codes()
    max_minutes_day = Integer(default=480)
    max_minutes_week = Integer(default=960)
    max_shifts_week = Integer(default=4)
    max_travel_m = Integer(default=30000)
    status = words()
    privacy_notice = words()
    consented_at = Timestamptz(default=None)
    joined_at = Timestamptz(default=None)


class Credential(Table, tablename="credential", db=DB):
    """A licence or appointment, claimed by the person and verified or refused by an officer."""

    id = identity()
    public_id = UUID(unique=True)
    person_id = required(Person)
    kind = words()
    number = words()
    issuer_zh = words()
    valid_from = Date(default=None)
    valid_until = Date(null=True, default=None)
    claimed_at = Timestamptz(default=None)
    verified_by = optional(_ACCOUNT)
    verified_at = Timestamptz(null=True, default=None)
    verified_ground = words()
    verified_note = words()
    renews_id = optional(LazyTableReference("Credential", app_name="volunteers"))
    refused_by = optional(_ACCOUNT)
    refused_at = Timestamptz(null=True, default=None)
    refused_reason = words()


class Availability(Table, tablename="availability", db=DB):
    """A weekly window in which a person is free, in minutes of Hangzhou's day."""

    id = identity()
    person_id = required(Person)
    weekday = Integer()
    from_minute = Integer()
    to_minute = Integer()


class Recusal(Table, tablename="recusal", db=DB):
    """A party that the person must not serve."""

    id = identity()
    person_id = required(Person)
    party = words()
    declared_at = Timestamptz(default=None)


class FamiliarPlace(Table, tablename="familiar_place", db=DB):
    """A place where the person is known; a continuing duty prefers them."""

    id = identity()
    person_id = required(Person)
    place_id = required(Place)
