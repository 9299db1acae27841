"""What stations said to people on their shifts; append-only."""

from piccolo.columns import UUID, Boolean, Date, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from volunteers.assignments.tables import Assignment


class ShiftMessage(Table, tablename="shift_message", db=DB):
    """One message; ``day`` and ``number`` are counted by the database and never written by us."""

    id = identity()
    public_id = UUID(unique=True)
    assignment_id = required(Assignment)
    body = words()
    to_waiting = Boolean()
    people = Integer()
    day = Date(default=None)
    number = Integer()
    sent_by = required(LazyTableReference("Account", app_name="app"))
    sent_at = Timestamptz(default=None)
