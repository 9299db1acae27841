"""Ratings, the words to them, and what the station decided about the words."""

from piccolo.columns import UUID, Bytea, LazyTableReference, SmallInt, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from volunteers.assignments.tables import Assignment


class ShiftRating(Table, tablename="shift_rating", db=DB):
    """One browser's stars for one shift; append-only, and nobody's name in it."""

    id = identity()
    assignment_id = required(Assignment)
    stars = SmallInt()
    browser_sha256 = Bytea()
    rated_at = Timestamptz(default=None)


class ShiftThanks(Table, tablename="shift_thanks", db=DB):
    """The words to a rating; the status is written by the database alone."""

    id = identity()
    public_id = UUID(unique=True)
    rating_id = required(ShiftRating)
    words = Text()
    status = Text(default="shown")
    said_at = Timestamptz(default=None)


class ThanksModeration(Table, tablename="thanks_moderation", db=DB):
    """Words hidden or shown again, by whom and why; append-only."""

    id = identity()
    thanks_id = required(ShiftThanks)
    event = words()
    reason = words()
    decided_by = required(LazyTableReference("Account", app_name="app"))
    decided_at = Timestamptz(default=None)
