"""Who is on stand-by for a shift, or for a station each week."""

from piccolo.columns import UUID, SmallInt, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from marketplace.places.tables import Station
from volunteers.assignments.tables import Position
from volunteers.people.tables import Person


class StandBy(Table, tablename="stand_by", db=DB):
    """One offer to step in; for a position, or for a part of each week at a station."""

    id = identity()
    public_id = UUID(unique=True)
    person_id = required(Person)
    position_id = optional(Position)
    station_id = optional(Station)
    weekday = SmallInt(null=True, default=None)
    from_minute = SmallInt(null=True, default=None)
    to_minute = SmallInt(null=True, default=None)
    status = words()
    created_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
