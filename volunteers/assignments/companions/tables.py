"""Who gathers with whom, and for which seats."""

from piccolo.columns import UUID, Bytea, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.assignments.tables import Assignment, Position
from volunteers.people.tables import Person


class CompanionGroup(Table, tablename="companion_group", db=DB):
    """A group that wants ``size`` seats of one position; its link is kept as a hash only."""

    id = identity()
    public_id = UUID(unique=True)
    position_id = required(Position)
    assignment_id = required(Assignment)
    made_by = required(Person)
    size = Integer()
    token_sha256 = Bytea(unique=True)
    status = words()
    made_at = Timestamptz(default=None)
    until = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class Companion(Table, tablename="companion", db=DB):
    """One who agreed; with the seat they got, or when they left."""

    id = identity()
    group_id = required(CompanionGroup)
    person_id = required(Person)
    agreed_at = Timestamptz(default=None)
    left_at = Timestamptz(null=True, default=None)
    sign_up_id = optional(SignUp)
