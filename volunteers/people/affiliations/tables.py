"""Who belongs, belonged or asked to belong to which organization."""

from piccolo.columns import UUID, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from marketplace.organizations.tables import Organization
from volunteers.people.tables import Person


class Affiliation(Table, tablename="affiliation", db=DB):
    """One asking, and what became of it; the confirmed one is the person's organization."""

    id = identity()
    public_id = UUID(unique=True)
    person_id = required(Person)
    organization_id = required(Organization)
    origin = words()
    status = words()
    note = words()
    reason = words()
    asked_at = Timestamptz(default=None)
    answered_at = Timestamptz(null=True, default=None)
    answered_by = optional(LazyTableReference("Account", app_name="app"))
    ended_at = Timestamptz(null=True, default=None)
