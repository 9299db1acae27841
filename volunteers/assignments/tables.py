"""What there is to do, and the places on it."""

from piccolo.columns import Array, Boolean, Date, Integer, LazyTableReference, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from marketplace.places.tables import Place, Station
from volunteers.assignments.patterns.tables import ShiftPattern


def _codes() -> Array:
    return Array(base_column=Text(), default=list)


class Assignment(Table, tablename="assignment", db=DB):
    """One shift at one place and time; its station answers for it."""

    id = identity()
    reference = words(unique=True)
    kind = words()
    title_zh = words()
    title_en = words()
    place_id = required(Place)
    station_id = required(Station)
    east_m = Integer()
    north_m = Integer()
    starts = Timestamptz(default=None)
    ends = Timestamptz(default=None)
    status = words()
    compensation = words()
    insured = Boolean()
    green = Boolean(default=False)
    continuity = Boolean(default=False)
    parties = _codes()
    briefing_zh = words()
    briefing_en = words()
    cancelled_reason = words()
    sign_up_mode = words(default="instant")
    contact_name = words()
    contact_phone = words()
    meeting_point_zh = words()
    meeting_point_en = words()
    questions_zh = words()
    questions_en = words()
    limits_zh = words()
    limits_en = words()
    pattern_id = optional(ShiftPattern)
    pattern_day = Date(null=True, default=None)
    created_by = required(LazyTableReference("Account", app_name="app"))
    created_at = Timestamptz(default=None)
    revision = Integer(default=0)
    changed_at = Timestamptz(default=None)
    thanks_code = words(unique=True)
    regulars_until = Timestamptz(null=True, default=None)


class Position(Table, tablename="position", db=DB):
    """A kind of seat on an assignment; ``booked`` is counted by the database and never written by us."""

    id = identity()
    assignment_id = required(Assignment)
    number = Integer()
    role_zh = words()
    role_en = words()
    credentials_any = _codes()
    skills_all = _codes()
    languages_all = _codes()
    gender = Text(null=True, default=None)
    minimum = Integer()
    capacity = Integer()
    booked = Integer(default=0)
    trainings_all = _codes()


class TravelRule(Table, tablename="travel_rule", db=DB):
    """Speed, set-up time and nightly rest between two assignments, from a date on."""

    id = identity()
    speed_m_per_min = Integer()
    setup_min = Integer()
    min_rest_min = Integer()
    effective_from = Timestamptz(unique=True, default=None)
