"""Searches that somebody keeps."""

from piccolo.columns import UUID, Bytea, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required
from app.core.database import DB


class SavedSearch(Table, tablename="saved_search", db=DB):
    """One search of one person; its name and what it asks for are sealed with the person's key."""

    id = identity()
    public_id = UUID(unique=True)
    account_id = required(LazyTableReference("Account", app_name="app"))
    slot = Integer()
    sealed = Bytea()
    told_until = Timestamptz()
    created_at = Timestamptz()
