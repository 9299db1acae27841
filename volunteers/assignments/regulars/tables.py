"""Whom stations marked as their regulars."""

from piccolo.columns import Array, LazyTableReference, SmallInt, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required
from app.core.database import DB
from marketplace.places.tables import Station
from volunteers.people.tables import Person

_ACCOUNT = LazyTableReference("Account", app_name="app")


class StationRegular(Table, tablename="station_regular", db=DB):
    """A mark, the weekdays it is for (none: any), and when it was taken away again."""

    id = identity()
    station_id = required(Station)
    person_id = required(Person)
    marked_by = required(_ACCOUNT)
    marked_at = Timestamptz(default=None)
    unmarked_by = optional(_ACCOUNT)
    unmarked_at = Timestamptz(null=True, default=None)
    weekdays = Array(base_column=SmallInt(), default=list)
