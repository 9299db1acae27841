"""What the demonstration's payment service keeps; empty in production."""

from piccolo.columns import JSONB, Bytea, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, words
from app.core.database import DB


class DemoGatewayObject(Table, tablename="demo_gateway_object", db=DB):
    """An object as a payment service keeps it."""

    id = identity()
    gateway_id = words(unique=True)
    kind = words()
    body = JSONB()
    made_at = Timestamptz()


class DemoGatewayKey(Table, tablename="demo_gateway_key", db=DB):
    """A key that the demonstration has seen, and what it made for it."""

    id = identity()
    key = words(unique=True)
    request_sha256 = Bytea()
    gateway_id = words()
