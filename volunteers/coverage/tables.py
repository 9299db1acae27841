"""What places are promised, the shifts made for it, and when a place is best visited."""

from piccolo.columns import UUID, Array, Boolean, Date, Integer, LazyTableReference, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from marketplace.places.tables import Place
from volunteers.assignments.tables import Assignment

_ACCOUNT = LazyTableReference("Account", app_name="app")


class CoverageRule(Table, tablename="coverage_rule", db=DB):
    """A promise to each village or town below a place, from a day on; ended, never rewritten."""

    id = identity()
    public_id = UUID(unique=True)
    place_id = required(Place)
    level = words()
    credentials_any = Array(base_column=Text(), default=list)
    kind = Text(null=True, default=None)
    every = words()
    days = Integer(null=True, default=None)
    minutes = Integer()
    alert_days = Integer()
    lead_days = Integer()
    compensation = words()
    insured = Boolean()
    valid_from = Date(default=None)
    valid_until = Date(null=True, default=None)
    document = words()
    reason = words()
    stated_by = required(_ACCOUNT)
    stated_at = Timestamptz(default=None)


class CoverageEnding(Table, tablename="coverage_ending", db=DB):
    """The last day of a rule, who said so and why."""

    id = identity()
    rule_id = required(CoverageRule)
    last_day = Date(default=None)
    reason = words()
    ended_by = required(_ACCOUNT)
    ended_at = Timestamptz(default=None)


class CoverageDemand(Table, tablename="coverage_demand", db=DB):
    """The shift that was made for a place and a period of a rule."""

    id = identity()
    rule_id = required(CoverageRule)
    place_id = required(Place)
    period_start = Date(default=None)
    attempt = Integer()
    assignment_id = required(Assignment)
    made_at = Timestamptz(default=None)


class VisitDay(Table, tablename="visit_day", db=DB):
    """When a place is best visited, its market day perhaps; the last word holds."""

    id = identity()
    place_id = required(Place)
    weekday = Integer()
    from_minute = Integer()
    minutes = Integer()
    market = Boolean()
    said_by = required(_ACCOUNT)
    said_at = Timestamptz(default=None)
