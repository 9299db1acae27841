"""Which reminders were sent."""

from piccolo.columns import Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required
from app.core.database import DB
from volunteers.people.tables import Credential


class CredentialReminder(Table, tablename="credential_reminder", db=DB):
    """One reminder about one credential, each kind once."""

    id = identity()
    credential_id = required(Credential)
    days_before = Integer()
    sent_at = Timestamptz(default=None)
