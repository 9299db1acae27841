"""A village and who comes to it."""

from piccolo.columns import UUID, Date, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from marketplace.places.tables import Place
from volunteers.people.tables import Person

_ACCOUNT = LazyTableReference("Account", app_name="app")


class Pairing(Table, tablename="pairing", db=DB):
    """One term of one person or organization at one village; agreed or ended, never rewritten."""

    id = identity()
    public_id = UUID(unique=True)
    place_id = required(Place)
    kind = words()
    person_id = optional(Person)
    organization_id = optional(LazyTableReference("Organization", app_name="marketplace"))
    from_day = Date(default=None)
    until_day = Date(default=None)
    status = words()
    proposed_by = required(_ACCOUNT)
    proposed_at = Timestamptz(default=None)
    agreed_how = words()
    agreed_by = optional(_ACCOUNT)
    agreed_at = Timestamptz(null=True, default=None)
    ending = words()
    reason = words()
    ended_by = optional(_ACCOUNT)
    ended_at = Timestamptz(null=True, default=None)
