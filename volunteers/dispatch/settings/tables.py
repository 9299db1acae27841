"""Dated settings of planning."""

from piccolo.columns import UUID, Integer, LazyTableReference, Timestamptz
from piccolo.columns import Text as TextColumn
from piccolo.table import Table

from app.core.columns import identity, optional, words
from app.core.database import DB


class DispatchSetting(Table, tablename="dispatch_setting", db=DB):
    """How weeks of a place are planned from an instant on; what is NULL holds as for the place above."""

    id = identity()
    public_id = UUID(unique=True)
    place_id = optional("marketplace.places.tables.Place")
    planned_level = TextColumn(null=True, default=None)
    fairness = Integer(null=True, default=None)
    preference = Integer(null=True, default=None)
    km = Integer(null=True, default=None)
    continuity = Integer(null=True, default=None)
    time_limit_s = Integer(null=True, default=None)
    answer_hours = Integer(null=True, default=None)
    weeks_ahead = Integer(null=True, default=None)
    acceptance_floor = Integer(null=True, default=None)
    asking = TextColumn(null=True, default=None)
    reason = words()
    stated_by = optional(LazyTableReference("Account", app_name="app"))
    stated_at = Timestamptz()
    effective_from = Timestamptz()
