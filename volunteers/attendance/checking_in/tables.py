"""Who was seen coming and going; append-only."""

from piccolo.columns import BigInt, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp


class CheckIn(Table, tablename="check_in", db=DB):
    """A sign-up's person came or went, and who saw it."""

    id = identity()
    sign_up_id = required(SignUp)
    moment = words()
    step = BigInt(null=True, default=None)
    at = Timestamptz(default=None)
    recorded_by = required(LazyTableReference("Account", app_name="app"))
