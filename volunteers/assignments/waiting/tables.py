"""Who waits for which seat, and why somebody was moved or passed over."""

from piccolo.columns import UUID, Boolean, Integer, LazyTableReference, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.assignments.tables import Position
from volunteers.people.tables import Person


class WaitingEntry(Table, tablename="waiting_entry", db=DB):
    """One person's place in the line of a position; ``live`` is generated from the status."""

    id = identity()
    public_id = UUID(unique=True)
    position_id = required(Position)
    person_id = required(Person)
    line = Integer()
    status = words()
    live = Boolean()
    sign_up_id = optional(SignUp)
    joined_at = Timestamptz(default=None)


class WaitingEvent(Table, tablename="waiting_event", db=DB):
    """An exception from the order of arrival, with its reason; never changed."""

    id = identity()
    waiting_entry_id = required(WaitingEntry)
    kind = words()
    from_place = Integer()
    to_place = Integer(null=True, default=None)
    reason = Text()
    decided_by = optional(LazyTableReference("Account", app_name="app"))
    decided_at = Timestamptz(default=None)
