"""Certificates and their numbers."""

from piccolo.columns import UUID, Bytea, Date, Integer, LazyTableReference, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.attendance.tables import HoursEntry
from volunteers.people.tables import Person


class CertificateNumber(Table, tablename="certificate_number", db=DB):
    """The last number given in a year."""

    year = Integer(primary_key=True)
    last = Integer()


class Certificate(Table, tablename="certificate", db=DB):
    """What was certified; never rewritten."""

    id = identity()
    public_id = UUID(unique=True)
    year = Integer()
    number = Integer()
    code = Text(unique=True)
    person_id = required(Person)
    from_day = Date(default=None)
    until_day = Date(default=None)
    minutes = Integer()
    attendances = Integer()
    last_entry_id = required(HoursEntry)
    content_sealed = Bytea()
    issued_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)
    revoked_by = optional(LazyTableReference("Account", app_name="app"))
    revoked_reason = words()
