"""Posts of full-time mediators."""

from piccolo.columns import UUID, BigInt, Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB


class MediatorPost(Table, tablename="mediator_post", db=DB):
    """A full-time mediator's post; its months are claims."""

    id = identity()
    public_id = UUID(unique=True)
    person_id = required("volunteers.people.tables.Person")
    place_id = required("marketplace.places.tables.Place")
    agency_zh = words()
    document = words()
    monthly_fen = BigInt()
    from_day = Date()
    until_day = Date(null=True, default=None)
    recorded_by = required("app.accounts.tables.Account")
    recorded_at = Timestamptz()
