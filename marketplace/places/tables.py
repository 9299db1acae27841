"""Places by their official codes, and the stations that answer for them."""

from piccolo.columns import JSONB, Boolean, DoublePrecision, Integer
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class Place(Table, tablename="place", db=DB):
    """City, district, town or village; a child's code begins with its parent's."""

    id = identity()
    code = words(unique=True)
    level = words()
    parent_id = optional("self")
    name_zh = words()
    name_en = words()
    rural = Boolean()
    short_of_lawyers = Boolean(default=False)
    longitude = DoublePrecision()
    latitude = DoublePrecision()
    approximate = Boolean()
    east_m = Integer()
    north_m = Integer()
    boundary = JSONB(null=True, default=None)


class Station(Table, tablename="station", db=DB):
    """Where residents find the service, and whose staff confirm who came."""

    id = identity()
    place_id = required(Place)
    kind = words()
    name_zh = words()
    name_en = words()
    phone = words()
    east_m = Integer()
    north_m = Integer()
    open = Boolean(default=True)
