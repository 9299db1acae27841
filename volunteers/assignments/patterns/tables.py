"""What a station repeats every week."""

from piccolo.columns import UUID, Array, Boolean, Date, Integer, LazyTableReference, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from marketplace.places.tables import Place, Station


def _codes() -> Array:
    return Array(base_column=Text(), default=list)


class ShiftPattern(Table, tablename="shift_pattern", db=DB):
    """A shift that comes back on some weekdays, with all that each of its shifts says."""

    id = identity()
    public_id = UUID(unique=True)
    station_id = required(Station)
    place_id = required(Place)
    kind = words()
    title_zh = words()
    title_en = words()
    weekdays = Array(base_column=Integer(), default=list)
    from_minute = Integer()
    minutes = Integer()
    holidays = words()
    exchanged_days = Boolean(default=False)
    skipped_days = Array(base_column=Date(), default=list)
    valid_from = Date(default=None)
    valid_until = Date(null=True, default=None)
    weeks_ahead = Integer()
    compensation = words()
    insured = Boolean()
    continuity = Boolean(default=False)
    sign_up_mode = words()
    regulars_hours = Integer(null=True, default=None)
    contact_name = words()
    contact_phone = words()
    meeting_point_zh = words()
    meeting_point_en = words()
    questions_zh = words()
    questions_en = words()
    limits_zh = words()
    limits_en = words()
    briefing_zh = words()
    briefing_en = words()
    status = words(default="active")
    version = Integer(default=1)
    created_by = required(LazyTableReference("Account", app_name="app"))
    created_at = Timestamptz(default=None)


class ShiftPatternPosition(Table, tablename="shift_pattern_position", db=DB):
    """A kind of seat on each shift of a pattern."""

    id = identity()
    pattern_id = required(ShiftPattern)
    number = Integer()
    role_zh = words()
    role_en = words()
    credentials_any = _codes()
    skills_all = _codes()
    languages_all = _codes()
    gender = Text(null=True, default=None)
    minimum = Integer()
    capacity = Integer()
    trainings_all = _codes()
