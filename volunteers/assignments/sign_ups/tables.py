"""Who signed up for which seat."""

from piccolo.columns import UUID, Boolean, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.assignments.tables import Assignment, Position
from volunteers.people.tables import Person


class SignUp(Table, tablename="sign_up", db=DB):
    """One person on one seat; ``live`` is generated from the status, the times are the assignment's."""

    id = identity()
    public_id = UUID(unique=True)
    position_id = required(Position)
    assignment_id = required(Assignment)
    person_id = required(Person)
    starts = Timestamptz(default=None)
    ends = Timestamptz(default=None)
    status = words()
    live = Boolean()
    over_quota = Boolean(default=False)
    origin = words()
    created_by = optional(LazyTableReference("Account", app_name="app"))
    created_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_reason = words()
    revision = Integer(default=0)
    changed_at = Timestamptz(default=None)
    offer_expires_at = Timestamptz(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None)
