"""Who comes each week, when not, and what became of it on each shift."""

from piccolo.columns import UUID, Date, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.assignments.patterns.tables import ShiftPattern
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.assignments.tables import Assignment
from volunteers.people.tables import Person

_ACCOUNT = LazyTableReference("Account", app_name="app")


class Standing(Table, tablename="standing", db=DB):
    """One person on one weekday for a pattern's position, by its number, for a term."""

    id = identity()
    public_id = UUID(unique=True)
    pattern_id = required(ShiftPattern)
    number = Integer()
    weekday = Integer()
    person_id = required(Person)
    valid_from = Date(default=None)
    valid_until = Date(default=None)
    status = words()
    proposed_by = optional(_ACCOUNT)
    created_at = Timestamptz(default=None)
    agreed_by = optional(_ACCOUNT)
    agreed_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class StandingPause(Table, tablename="standing_pause", db=DB):
    """Days on which the person does not come."""

    id = identity()
    public_id = UUID(unique=True)
    standing_id = required(Standing)
    first_day = Date(default=None)
    last_day = Date(default=None)


class StandingShift(Table, tablename="standing_shift", db=DB):
    """One shift: the seat, or the codes of the reasons for which there was none; never changed."""

    id = identity()
    standing_id = required(Standing)
    assignment_id = required(Assignment)
    sign_up_id = optional(SignUp)
    reasons = words()
    decided_at = Timestamptz(default=None)
