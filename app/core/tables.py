"""Tables of the core: the audit chain, announced facts, runs of jobs, exceptions to the working week.

``xid8`` columns stay out of the classes, for Piccolo has no such type: sealing and verifying use SQL.
"""

from piccolo.columns import JSONB, BigInt, Boolean, Bytea, Date, Integer, Timestamptz
from piccolo.columns.reference import LazyTableReference
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class AuditEvent(Table, tablename="audit_event", db=DB):
    """Who did what to which thing; an actor of NULL is the program itself."""

    id = identity()
    occurred_at = Timestamptz()
    actor_id = optional(LazyTableReference("Account", module_path="app.accounts.tables"))
    actor_kind = words()
    action = words()
    object_type = words()
    object_id = BigInt()
    detail = JSONB(default={})
    request_id = words()
    content_sha256 = Bytea()


class AuditBatch(Table, tablename="audit_batch", db=DB):
    """One link of the chain."""

    id = identity()
    number = BigInt(unique=True)
    sealed_at = Timestamptz()
    event_count = Integer()
    merkle_root = Bytea()
    previous_sha256 = Bytea()
    batch_sha256 = Bytea(unique=True)


class AuditSeal(Table, tablename="audit_seal", db=DB):
    """Which event stands where in which batch."""

    event_id = BigInt(primary_key=True)
    batch_id = required(AuditBatch)
    position = Integer()


class Fact(Table, tablename="fact", db=DB):
    """Something a lower layer announced and an upper layer's job reads."""

    id = identity()
    topic = words()
    subject_id = BigInt()
    occurred_at = Timestamptz()


class JobRun(Table, tablename="job_run", db=DB):
    """One attempt at a slot of a job."""

    id = identity()
    job = words()
    slot = Timestamptz()
    attempt = Integer(default=1)
    status = words()
    worker = words()
    started_at = Timestamptz()
    finished_at = Timestamptz(null=True, default=None)
    result = JSONB(default={})
    error = words()


class WorkingDayException(Table, tablename="working_day_exception", db=DB):
    """A public holiday, or a make-up working day."""

    day = Date(primary_key=True)
    working = Boolean()
    name_zh = words()
    source = words()
