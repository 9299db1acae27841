"""Weekly plans: the run, its input and its log, its proposals, its gaps."""

from piccolo.columns import JSONB, UUID, Array, BigInt, Boolean, Bytea, Date, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class DispatchRun(Table, tablename="dispatch_run", db=DB):
    """One plan of one week for everything below a place."""

    id = identity()
    public_id = UUID(unique=True)
    place_id = required("marketplace.places.tables.Place")
    week_start = Date()
    kind = words(default="by_hand")
    parent_id = optional(LazyTableReference("DispatchRun", app_name="volunteers"))
    previous_id = optional(LazyTableReference("DispatchRun", app_name="volunteers"))
    parameters = JSONB()
    status = words()
    fence = Integer(default=0)
    time_limit_s = Integer()
    instance_sha256 = Bytea(null=True, default=None)
    vector = Array(base_column=Integer(), null=True, default=None)
    greedy_vector = Array(base_column=Integer(), null=True, default=None)
    bounds = JSONB()
    solver_status = words()
    solver_ms = Integer(null=True, default=None)
    error = words()
    created_by = optional("app.accounts.tables.Account")
    created_at = Timestamptz()
    approved_by = optional("app.accounts.tables.Account")
    approved_at = Timestamptz(null=True, default=None)
    published_by = optional("app.accounts.tables.Account")
    started_at = Timestamptz(null=True, default=None)
    alive_at = Timestamptz(null=True, default=None)
    solved_at = Timestamptz(null=True, default=None)
    published_at = Timestamptz(null=True, default=None)


class DispatchInput(Table, tablename="dispatch_input", db=DB):
    """What a run was solved from, once for each hash, until some weeks after its week."""

    sha256 = Bytea(primary_key=True)
    content = Bytea()
    week_start = Date()
    people = Array(base_column=BigInt())
    stored_at = Timestamptz()


class DispatchProgress(Table, tablename="dispatch_progress", db=DB):
    """A better plan, as the search found it."""

    id = identity()
    run_id = required(DispatchRun)
    attempt = Integer()
    number = Integer()
    stage = words()
    vector = Array(base_column=Integer())
    bounds = Array(base_column=Integer())
    milliseconds = Integer()


class DispatchProposal(Table, tablename="dispatch_proposal", db=DB):
    """Somebody proposed for a position."""

    id = identity()
    run_id = required(DispatchRun)
    position_id = required("volunteers.assignments.tables.Position")
    person_id = required("volunteers.people.tables.Person")
    pinned = Boolean()
    outcome = words(default="proposed")
    move_id = optional(LazyTableReference("DispatchMove", app_name="volunteers"))


class DispatchGap(Table, tablename="dispatch_gap", db=DB):
    """A position with empty seats, and what keeps people away."""

    id = identity()
    run_id = required(DispatchRun)
    position_id = required("volunteers.assignments.tables.Position")
    empty_seats = Integer()
    held = Boolean()
    reason = words()
    refusals = JSONB()
