"""Who came, and the hours they earned; both append-only."""

from piccolo.columns import Bytea, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.people.tables import Person


class Attendance(Table, tablename="attendance", db=DB):
    """What a second party confirmed about one sign-up."""

    id = identity()
    sign_up_id = required(SignUp)
    outcome = words()
    arrived_at = Timestamptz(null=True, default=None)
    left_at = Timestamptz(null=True, default=None)
    minutes = Integer()
    people_served = Integer(default=0)
    confirmed_by = required(LazyTableReference("Account", app_name="app"))
    confirmed_at = Timestamptz(default=None)


class HoursEntry(Table, tablename="hours_entry", db=DB):
    """One link in the chain of a person's hours; number and hashes are the database's own work."""

    id = identity()
    attendance_id = required(Attendance)
    person_id = required(Person)
    kind = words()
    minutes = Integer()
    reason = words()
    recorded_by = required(LazyTableReference("Account", app_name="app"))
    credited_at = Timestamptz(default=None)
    number = Integer()
    previous_sha256 = Bytea()
    entry_sha256 = Bytea()
