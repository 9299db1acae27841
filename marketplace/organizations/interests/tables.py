"""Declared ties."""

from piccolo.columns import UUID, Date, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from marketplace.organizations.tables import Organization


class DeclaredInterest(Table, tablename="declared_interest", db=DB):
    """A tie of an officer to an organization; an end may be added once, nothing else changes."""

    id = identity()
    public_id = UUID(unique=True)
    account_id = required(LazyTableReference("Account", app_name="app"))
    organization_id = required(Organization)
    kind = words()
    since = Date()
    until = Date(null=True, default=None)
    declared_at = Timestamptz()
