"""Questions about a week and their answers."""

from piccolo.columns import JSONB, UUID, Array, Boolean, Bytea, Date, Integer, LazyTableReference, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB

_ACCOUNT = LazyTableReference("Account", app_name="app")


class DispatchScenario(Table, tablename="dispatch_scenario", db=DB):
    """What would be if there were more people, or they went further; published at most once."""

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
    instance_sha256 = Bytea()
    before_vector = Array(base_column=Integer())
    after_vector = Array(base_column=Integer())
    places = Integer()
    red_city = Integer()
    red_before = Integer()
    red_alone = Integer()
    red_after = Integer()
    exact = Boolean()
    answer = JSONB()
    cost = JSONB()
    milliseconds = Integer()
    made_by = required(_ACCOUNT)
    made_at = Timestamptz()
    run_id = optional("volunteers.dispatch.tables.DispatchRun")
    called = Integer(null=True, default=None)
    published_by = optional(_ACCOUNT)
    published_at = Timestamptz(null=True, default=None)
