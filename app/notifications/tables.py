"""Tables of messages and of what the demonstration gateway received."""

from piccolo.columns import JSONB, UUID, Bytea, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, words
from app.core.database import DB


class Notification(Table, tablename="notification", db=DB):
    """One message to one person over one channel."""

    id = identity()
    public_id = UUID(unique=True)
    account_id = optional(LazyTableReference("Account", app_name="app"))
    channel = words()
    recipient_sealed = Bytea(null=True, default=None)
    subject_key_id = optional(LazyTableReference("SubjectKey", app_name="app"))
    msgid = words()
    detail = JSONB(default="{}")
    secret_sealed = Bytea(null=True, default=None)
    link = words()
    once_key = words(null=True, default=None, unique=True)
    status = words(default="queued")
    attempts = Integer(default=0)
    next_attempt_at = Timestamptz()
    created_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)
    read_at = Timestamptz(null=True, default=None)
    error = words()


class DemoDelivery(Table, tablename="demo_delivery", db=DB):
    """What the demonstration gateway would have sent."""

    id = identity()
    notification_id = optional(Notification)
    channel = words()
    recipient = words()
    body = words()
    delivered_at = Timestamptz()
