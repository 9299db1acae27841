"""Dated tariff sets, immutable once published; only an end is set, once, when a successor is published."""

from piccolo.columns import JSONB, Bytea, Date, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class TariffSet(Table, tablename="tariff_set", db=DB):
    """A tariff of one region and family, as the engine reads it."""

    id = identity()
    family = words()
    region = words()
    document = words()
    label_zh = words()
    label_en = words()
    effective_from = Date()
    effective_to = Date(null=True, default=None)
    status = words()
    body = JSONB()
    body_sha256 = Bytea()
    created_by = required("app.accounts.tables.Account")
    published_by = optional("app.accounts.tables.Account")
    published_at = Timestamptz(null=True, default=None)
