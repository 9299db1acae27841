"""Call-outs, who was asked, and the rule in force."""

from piccolo.columns import UUID, Bytea, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.assignments.tables import Position
from volunteers.people.tables import Person


class CallOutRule(Table, tablename="call_out_rule", db=DB):
    """When a withdrawal is late, how many are asked at once and for how long, from a date on."""

    id = identity()
    late_hours = Integer()
    asked_at_once = Integer()
    answer_minutes = Integer()
    head_start_minutes = Integer()
    link_minutes = Integer()
    effective_from = Timestamptz(unique=True, default=None)


class CallOut(Table, tablename="call_out", db=DB):
    """The search for people to take a position; ``missing`` is counted by the database as they accept."""

    id = identity()
    public_id = UUID(unique=True)
    position_id = required(Position)
    status = words()
    cause = words()
    missing = Integer()
    wave = Integer(default=0)
    next_wave_at = Timestamptz(null=True, default=None)
    opened_at = Timestamptz(default=None)
    opened_by = optional(LazyTableReference("Account", app_name="app"))
    ended_at = Timestamptz(null=True, default=None)


class CallOutAsk(Table, tablename="call_out_ask", db=DB):
    """One person asked, with the hash of the token in their link; ``line`` is their turn when they came too late."""

    id = identity()
    public_id = UUID(unique=True)
    call_out_id = required(CallOut)
    person_id = required(Person)
    token_sha256 = Bytea(unique=True)
    earlier_sha256 = Bytea(null=True, default=None, unique=True)
    status = words()
    wave = Integer()
    rank = Integer()
    distance_m = Integer()
    line = Integer(null=True, default=None)
    sign_up_id = optional(SignUp)
    sent_at = Timestamptz(default=None)
    answer_by = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    answered_at = Timestamptz(null=True, default=None)
