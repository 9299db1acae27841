"""No-shows, the rule that judges them, and what people say for themselves."""

from piccolo.columns import UUID, Boolean, Bytea, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.people.tables import Person

_ACCOUNT = LazyTableReference("Account", app_name="app")


class NoShowRule(Table, tablename="no_show_rule", db=DB):
    """How many no-shows within how many days have which consequence, from a date on."""

    id = identity()
    within_days = Integer()
    request_after = Integer(null=True, default=None)
    pause_after = Integer(null=True, default=None)
    lasts_days = Integer()
    excuse_days = Integer()
    effective_from = Timestamptz(unique=True, default=None)


class NoShow(Table, tablename="no_show", db=DB):
    """One of them; kept by the triggers of attendance and excuses, never written by us."""

    id = identity()
    public_id = UUID(unique=True)
    sign_up_id = required(SignUp)
    person_id = required(Person)
    starts = Timestamptz(default=None)
    recorded_at = Timestamptz(default=None)
    recorded_by = required(_ACCOUNT)
    corrected = Boolean(default=False)
    excused = Boolean(default=False)
    standing = Boolean()


class NoShowExcuse(Table, tablename="no_show_excuse", db=DB):
    """Why somebody did not come, sealed with their own key, and what the station answered."""

    id = identity()
    public_id = UUID(unique=True)
    no_show_id = required(NoShow)
    reason_sealed = Bytea()
    status = words()
    stated_at = Timestamptz(default=None)
    answer = words()
    answered_by = optional(_ACCOUNT)
    answered_at = Timestamptz(null=True, default=None)
