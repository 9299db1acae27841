"""Who asked for which seat, and what the station answered."""

from piccolo.columns import UUID, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.assignments.tables import Assignment, Position
from volunteers.people.tables import Person


class SeatRequest(Table, tablename="seat_request", db=DB):
    """One person's wish for a seat that the station gives."""

    id = identity()
    public_id = UUID(unique=True)
    position_id = required(Position)
    assignment_id = required(Assignment)
    person_id = required(Person)
    note = words()
    status = words()
    reason = words()
    sign_up_id = optional(SignUp)
    asked_at = Timestamptz(default=None)
    answered_at = Timestamptz(null=True, default=None)
    answered_by = optional(LazyTableReference("Account", app_name="app"))
