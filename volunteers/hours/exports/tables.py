"""What was handed to the national platform; append-only."""

from piccolo.columns import UUID, Boolean, Date, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from volunteers.attendance.tables import Attendance


class HoursExport(Table, tablename="hours_export", db=DB):
    """One file: its period, how it was written, by whom."""

    id = identity()
    public_id = UUID(unique=True)
    from_day = Date(default=None)
    until_day = Date(default=None)
    encoding = words()
    full_numbers = Boolean(default=False)
    made_by = required(LazyTableReference("Account", app_name="app"))
    made_at = Timestamptz(default=None)


class HoursExportRow(Table, tablename="hours_export_row", db=DB):
    """One record, or a correction of one that was handed in before."""

    id = identity()
    export_id = required(HoursExport)
    attendance_id = required(Attendance)
    number = Integer()
    minutes = Integer()
    minutes_before = Integer()
