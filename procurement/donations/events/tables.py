"""The inbox of the payment service's events."""

from piccolo.columns import Bytea, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, words
from app.core.database import DB


class GatewayEvent(Table, tablename="gateway_event", db=DB):
    """One event by its id: what to read again, and whether that was done; the body is not kept."""

    id = identity()
    event_id = words(unique=True)
    kind = words()
    subject_kind = words()
    subject_id = words()
    body_sha256 = Bytea()
    status = words()
    attempts = Integer()
    error = words()
    received_at = Timestamptz()
    handled_at = Timestamptz(null=True, default=None)
