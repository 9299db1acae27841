"""Questions on their way to an answer."""

from piccolo.columns import UUID, Date, Integer, LazyTableReference, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class DispatchQuestion(Table, tablename="dispatch_question", db=DB):
    """What somebody asked of a city, or with other weights; ``scenario_id`` is its answer."""

    id = identity()
    public_id = UUID(unique=True)
    rule_id = required("volunteers.coverage.tables.CoverageRule")
    place_id = required("marketplace.places.tables.Place")
    at_place_id = required("marketplace.places.tables.Place")
    week_start = Date()
    people = Integer()
    credential = words()
    weekday = Integer(null=True, default=None)
    radius_km = Integer()
    weight = Text(null=True, default=None)
    weight_percent = Integer(default=100)
    asked_by = required(LazyTableReference("Account", app_name="app"))
    asked_at = Timestamptz()
    fence = Integer(default=0)
    step = words()
    alive_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)
    error = words()
    scenario_id = optional("volunteers.dispatch.scenarios.tables.DispatchScenario")
