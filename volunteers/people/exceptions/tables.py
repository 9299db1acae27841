"""Dated exceptions to the weekly windows."""

from piccolo.columns import UUID, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from marketplace.places.tables import Place
from volunteers.people.tables import Person


class AvailabilityException(Table, tablename="availability_exception", db=DB):
    """A stretch of time in which the person is away, or free beside their weekly windows."""

    id = identity()
    public_id = UUID(unique=True)
    person_id = required(Person)
    kind = words()
    starts = Timestamptz(default=None)
    ends = Timestamptz(default=None)
    said_at = Timestamptz(default=None)


class ServedPlace(Table, tablename="served_place", db=DB):
    """A town or district that the person serves, near or far."""

    id = identity()
    person_id = required(Person)
    place_id = required(Place)
