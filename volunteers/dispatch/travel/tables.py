"""Known travel times."""

from piccolo.columns import Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required
from app.core.database import DB


class TravelTime(Table, tablename="travel_time", db=DB):
    """Minutes from one place to another, in this direction."""

    id = identity()
    from_place_id = required("marketplace.places.tables.Place")
    to_place_id = required("marketplace.places.tables.Place")
    minutes = Integer()
    stated_by = required("app.accounts.tables.Account")
    stated_at = Timestamptz()
