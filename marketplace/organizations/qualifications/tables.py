"""Which reminders about papers were sent."""

from piccolo.columns import Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required
from app.core.database import DB
from marketplace.organizations.tables import Qualification


class QualificationReminder(Table, tablename="qualification_reminder", db=DB):
    """One reminder about one paper, each kind once."""

    id = identity()
    qualification_id = required(Qualification)
    days_before = Integer()
    sent_at = Timestamptz()
