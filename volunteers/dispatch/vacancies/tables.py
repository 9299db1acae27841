"""Seats of a planned week that came free."""

from piccolo.columns import Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.assignments.tables import Position
from volunteers.dispatch.tables import DispatchRun


class DispatchVacancy(Table, tablename="dispatch_vacancy", db=DB):
    """A seat that came free under a plan in force, and what was done about it."""

    id = identity()
    sign_up_id = required(SignUp)
    position_id = required(Position)
    plan_id = required(DispatchRun)
    occurred_at = Timestamptz()
    outcome = Text(null=True, default=None)
    run_id = optional(DispatchRun)
    settled_at = Timestamptz(null=True, default=None)
