"""Corrections of what was confirmed; append-only, the last one holds."""

from piccolo.columns import Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB


class AttendanceCorrection(Table, tablename="attendance_correction", db=DB):
    """What a record said, what it says now, who put it right and why."""

    id = identity()
    attendance_id = required(LazyTableReference("Attendance", module_path="volunteers.attendance.tables"))
    number = Integer()
    outcome_before = words()
    arrived_before = Timestamptz(null=True, default=None)
    left_before = Timestamptz(null=True, default=None)
    minutes_before = Integer()
    people_before = Integer()
    outcome = words()
    arrived_at = Timestamptz(null=True, default=None)
    left_at = Timestamptz(null=True, default=None)
    minutes = Integer()
    people_served = Integer()
    reason = words()
    corrected_by = required(LazyTableReference("Account", app_name="app"))
    corrected_at = Timestamptz(default=None)
