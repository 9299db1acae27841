"""What the rules cost a plan: the question, and the answers as they are worked out."""

from piccolo.columns import Array, Boolean, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.dispatch.tables import DispatchRun


class DispatchCosting(Table, tablename="dispatch_costing", db=DB):
    """Somebody asks what the rules cost a plan; once for each plan."""

    id = identity()
    run_id = required(DispatchRun)
    fence = Integer(default=0)
    error = words()
    asked_by = optional("app.accounts.tables.Account")
    asked_at = Timestamptz()
    alive_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)


class DispatchRuleCost(Table, tablename="dispatch_rule_cost", db=DB):
    """The plan beside the best one found when one rule is looser."""

    id = identity()
    costing_id = required(DispatchCosting)
    relaxation = words()
    amount = Integer()
    before = Array(base_column=Integer())
    after = Array(base_column=Integer())
    proven = Boolean()
    moved = Integer()
    milliseconds = Integer()
    worked_out_at = Timestamptz()
