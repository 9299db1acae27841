"""The private addresses of calendars."""

from piccolo.columns import UUID, Bytea, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required
from app.core.database import DB
from marketplace.places.tables import Station


class CalendarFeed(Table, tablename="calendar_feed", db=DB):
    """Who reads which calendar by which address; only the address's hash is kept."""

    id = identity()
    public_id = UUID(unique=True)
    account_id = required(LazyTableReference("Account", app_name="app"))
    station_id = optional(Station)
    token_sha256 = Bytea(unique=True)
    created_at = Timestamptz(default=None)
    last_used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
