"""Hosts, the consents of people, and each act in somebody's name."""

from piccolo.columns import UUID, Date, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from marketplace.organizations.tables import Organization
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.people.tables import Person

_ACCOUNT = LazyTableReference("Account", app_name="app")


class Host(Table, tablename="host", db=DB):
    """An organization that a coordinator named a host, until it ends."""

    id = identity()
    organization_id = required(Organization)
    appointed_by = required(_ACCOUNT)
    appointed_at = Timestamptz(default=None)
    ended_by = optional(_ACCOUNT)
    ended_at = Timestamptz(null=True, default=None)


class HostConsent(Table, tablename="host_consent", db=DB):
    """A person lets an organization act for them; the words are kept as they were read."""

    id = identity()
    public_id = UUID(unique=True)
    person_id = required(Person)
    organization_id = required(Organization)
    origin = words()
    agreed_to = words()
    given_on = Date(default=None)
    recorded_by = required(_ACCOUNT)
    recorded_at = Timestamptz(default=None)
    revoked_by = optional(_ACCOUNT)
    revoked_at = Timestamptz(null=True, default=None)


class HostAct(Table, tablename="host_act", db=DB):
    """One act in somebody's name, and by whom."""

    id = identity()
    host_consent_id = required(HostConsent)
    kind = words()
    sign_up_id = optional(SignUp)
    acted_by = required(_ACCOUNT)
    acted_at = Timestamptz(default=None)
