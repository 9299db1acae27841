"""What was done on a shift; append-only, the last entry counts."""

from piccolo.columns import JSONB, Bytea, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp


class DutyLog(Table, tablename="duty_log", db=DB):
    """How many people came, by kind of matter; no kinds where the station wrote the number."""

    id = identity()
    sign_up_id = required(SignUp)
    number = Integer()
    people = Integer()
    counts = JSONB()
    note_sealed = Bytea(null=True, default=None)
    written_by = required(LazyTableReference("Account", app_name="app"))
    written_at = Timestamptz(default=None)
