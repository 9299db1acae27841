"""Proofs and service logs; both append-only."""

from piccolo.columns import UUID, Bytea, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class ServiceLog(Table, tablename="service_log", db=DB):
    """What was done in one delivery; the newest entry of an order counts."""

    id = identity()
    village_order_id = required("procurement.deliveries.tables.VillageOrder")
    topic_zh = words()
    people = Integer()
    asked_zh = words()
    follow_up_zh = words()
    written_by = required("app.accounts.tables.Account")
    written_at = Timestamptz()


class Proof(Table, tablename="proof", db=DB):
    """One file that proves a delivery; its bytes are an attachment of this row."""

    id = identity()
    public_id = UUID(unique=True)
    village_order_id = required("procurement.deliveries.tables.VillageOrder")
    kind = words()
    sha256 = Bytea()
    subject_key_id = optional(LazyTableReference("SubjectKey", app_name="app"))
    taken_at = Timestamptz()
    taken_where = words()
    handed_in_by = required("app.accounts.tables.Account")
    handed_in_at = Timestamptz()
