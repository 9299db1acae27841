"""Trainings and who completed them."""

from piccolo.columns import UUID, Date, Integer, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from marketplace.places.tables import Station
from volunteers.people.tables import Person

_ACCOUNT = LazyTableReference("Account", app_name="app")


class Training(Table, tablename="training", db=DB):
    """What people learn before they may do something; its station holds it and records who came."""

    id = identity()
    reference = words(unique=True)
    station_id = required(Station)
    title_zh = words()
    title_en = words()
    purpose_zh = words()
    purpose_en = words()
    where_zh = words()
    where_en = words()
    valid_months = Integer(null=True, default=None)
    status = words()
    created_by = required(_ACCOUNT)
    created_at = Timestamptz(default=None)


class TrainingCompletion(Table, tablename="training_completion", db=DB):
    """One person completed one training; ``valid_until`` is written by the database."""

    id = identity()
    public_id = UUID(unique=True)
    training_id = required(Training)
    person_id = required(Person)
    completed_on = Date(default=None)
    valid_until = Date(null=True, default=None)
    recorded_by = required(_ACCOUNT)
    recorded_at = Timestamptz(default=None)
    revoked_by = optional(_ACCOUNT)
    revoked_at = Timestamptz(null=True, default=None)
    revoked_reason = words()
