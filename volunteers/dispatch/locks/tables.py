"""What the next plan of a week has to keep."""

from piccolo.columns import UUID, Date, LazyTableReference, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required
from app.core.database import DB
from volunteers.assignments.tables import Assignment, Position
from volunteers.dispatch.tables import DispatchRun
from volunteers.people.tables import Person


class DispatchLock(Table, tablename="dispatch_lock", db=DB):
    """A person or a shift of a plan that somebody looked at; removed, never deleted."""

    id = identity()
    public_id = UUID(unique=True)
    run_id = required(DispatchRun)
    week_start = Date()
    person_id = optional(Person)
    assignment_id = optional(Assignment)
    reason = Text()
    locked_by = required(LazyTableReference("Account", app_name="app"))
    locked_at = Timestamptz()
    removed_by = optional(LazyTableReference("Account", app_name="app"))
    removed_at = Timestamptz(null=True, default=None)


class DispatchLockSeat(Table, tablename="dispatch_lock_seat", db=DB):
    """Who stood where when it was locked."""

    id = identity()
    lock_id = required(DispatchLock)
    position_id = required(Position)
    person_id = required(Person)
