"""What was found in attendance, by which rule, and what somebody decided."""

from piccolo.columns import JSONB, UUID, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from marketplace.places.tables import Station
from volunteers.people.tables import Person

_ACCOUNT = LazyTableReference("Account", app_name="app")


class FindingRule(Table, tablename="finding_rule", db=DB):
    """From which figures on something is worth a look, from a date on."""

    id = identity()
    window_days = Integer()
    overlap_minutes = Integer()
    day_minutes = Integer()
    person_minutes = Integer()
    person_percent = Integer()
    station_minutes = Integer()
    station_percent = Integer()
    pair_times = Integer()
    effective_from = Timestamptz(unique=True, default=None)


class Finding(Table, tablename="finding", db=DB):
    """One pattern, found once; ``evidence`` holds ids of sign-ups, and figures."""

    id = identity()
    public_id = UUID(unique=True)
    kind = words()
    subject = words()
    person_id = optional(Person)
    confirmer_id = optional(_ACCOUNT)
    station_id = required(Station)
    evidence = JSONB()
    first_seen = Timestamptz(default=None)
    status = words(default="open")
    reason = words()
    decided_by = optional(_ACCOUNT)
    decided_at = Timestamptz(null=True, default=None)
