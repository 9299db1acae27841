"""What people on shifts reported, and the answers."""

from piccolo.columns import UUID, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp


class Trouble(Table, tablename="trouble", db=DB):
    """One report; told once, answered once."""

    id = identity()
    public_id = UUID(unique=True)
    sign_up_id = required(SignUp)
    kind = words()
    said = words()
    reported_at = Timestamptz(default=None)
    status = words(default="open")
    answer = words()
    answered_by = optional(LazyTableReference("Account", app_name="app"))
    answered_at = Timestamptz(null=True, default=None)
