"""People who share an account and were found to be two."""

from piccolo.columns import Timestamptz
from piccolo.table import Table

from app.core.columns import identity, required, words
from app.core.database import DB

PERSON = "volunteers.people.tables.Person"


class PayeeClearance(Table, tablename="payee_clearance", db=DB):
    """Who looked and why they are two."""

    id = identity()
    person_id = required(PERSON)
    other_person_id = required(PERSON)
    ground_zh = words()
    cleared_by = required("app.accounts.tables.Account")
    cleared_at = Timestamptz()
