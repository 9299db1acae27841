"""The table of files that belong to things."""

from piccolo.columns import UUID, BigInt, Bytea, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, words
from app.core.database import DB


class Attachment(Table, tablename="attachment", db=DB):
    """A file by its content's hash, and the thing whose permission decides who reads it."""

    id = identity()
    public_id = UUID(unique=True)
    sha256 = Bytea()
    file_name = words()
    media_type = words()
    byte_count = BigInt()
    owner_type = words()
    owner_id = BigInt()
    uploaded_by = optional(LazyTableReference("Account", app_name="app"))
    uploaded_at = Timestamptz()
