"""Parts of weekdays in which a village can have a service."""

from piccolo.columns import Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB


class VillageHour(Table, tablename="village_hour", db=DB):
    """One part of one weekday; a village without rows is open to all."""

    id = identity()
    place_id = required("marketplace.places.tables.Place")
    weekday = Integer()
    part = words()
    stated_by = required("app.accounts.tables.Account")
    stated_at = Timestamptz()
