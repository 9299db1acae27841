"""A run of several cities in parts."""

from piccolo.columns import JSONB, Bytea, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from volunteers.dispatch.tables import DispatchRun


class DispatchDivision(Table, tablename="dispatch_division", db=DB):
    """What was decided on the whole of a run's week, once for each input."""

    id = identity()
    run_id = required(DispatchRun)
    instance_sha256 = Bytea()
    content = Bytea()
    divided_at = Timestamptz()


class DispatchPart(Table, tablename="dispatch_part", db=DB):
    """A city's week to be planned, and its plan."""

    id = identity()
    division_id = required(DispatchDivision)
    number = Integer()
    name = words()
    instance_sha256 = Bytea()
    start = JSONB()
    time_limit_s = Integer()
    fence = Integer(default=0)
    alive_at = Timestamptz(null=True, default=None)
    planned = JSONB(null=True, default=None)
    planned_at = Timestamptz(null=True, default=None)
