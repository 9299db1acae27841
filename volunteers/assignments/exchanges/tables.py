"""Who asked whom to go in their place, and what came of it."""

from piccolo.columns import UUID, Boolean, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.people.tables import Person


class SeatExchange(Table, tablename="seat_exchange", db=DB):
    """One offer: a seat given away, or for another one; ``given`` and ``taken`` are the sign-ups it made."""

    id = identity()
    public_id = UUID(unique=True)
    kind = words()
    from_sign_up_id = required(SignUp)
    to_sign_up_id = optional(SignUp)
    to_person_id = optional(Person)
    by_link = Boolean()
    note = words()
    status = words()
    offered_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    answered_at = Timestamptz(null=True, default=None)
    given_sign_up_id = optional(SignUp)
    taken_sign_up_id = optional(SignUp)
