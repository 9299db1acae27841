"""Looks at the payment service's own books; append-only."""

from piccolo.columns import JSONB, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity
from app.core.database import DB


class GatewayReconciliation(Table, tablename="gateway_reconciliation", db=DB):
    """One look: what it found, and both balances by currency."""

    id = identity()
    looked_from = Timestamptz()
    looked_until = Timestamptz()
    entries = Integer()
    missed = Integer()
    unclear = Integer()
    balances = JSONB()
    ran_at = Timestamptz()
