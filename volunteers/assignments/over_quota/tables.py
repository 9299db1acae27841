"""Decisions to add somebody beyond the quota."""

from piccolo.columns import LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp


class OverQuota(Table, tablename="over_quota", db=DB):
    """Why there was one person more than seats, and who decided it; never changed."""

    id = identity()
    sign_up_id = required(SignUp)
    reason = words()
    decided_by = required(LazyTableReference("Account", app_name="app"))
    decided_at = Timestamptz(default=None)
