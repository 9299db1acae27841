"""When people are reminded, who does not want to be, and who was."""

from piccolo.columns import Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.people.tables import Person


class ReminderMoment(Table, tablename="reminder_moment", db=DB):
    """How long before a shift everybody on it hears."""

    id = identity()
    minutes_before = Integer(unique=True)


class ReminderRefusal(Table, tablename="reminder_refusal", db=DB):
    """A moment that a person switched off."""

    id = identity()
    person_id = required(Person)
    moment_id = required(ReminderMoment)
    refused_at = Timestamptz(default=None)


class Reminder(Table, tablename="reminder", db=DB):
    """That somebody was reminded of a shift at the time it was set for; append-only."""

    id = identity()
    sign_up_id = required(SignUp)
    moment_id = required(ReminderMoment)
    starts = Timestamptz(default=None)
    sent_at = Timestamptz(default=None)
