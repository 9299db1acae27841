"""Closed cases and what of their files has been handed in; generated titles stay out of the classes."""

from piccolo.columns import BigInt, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB

ACCOUNT = "app.accounts.tables.Account"


class ClosedCase(Table, tablename="closed_case", db=DB):
    """A case or a stage of one that an agency closed."""

    id = identity()
    reference = words(unique=True)
    kind = words()
    agency_zh = words()
    matter = words()
    referred_matter = words()
    item = words()
    stage = words()
    class_ = words(db_column_name="class")
    outcome = words()
    person_id = required("volunteers.people.tables.Person")
    place_id = required("marketplace.places.tables.Place")
    accepted_on = Date()
    closed_on = Date()
    early_percent = Integer(null=True, default=None)
    early_reason_zh = words()
    channel = words()
    recorded_by = required(ACCOUNT)
    recorded_at = Timestamptz()
    grade = words()
    graded_by = optional(ACCOUNT)
    graded_at = Timestamptz(null=True, default=None)
    graded_fen = BigInt(null=True, default=None)
    withdrawn_by = optional(ACCOUNT)
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_reason_zh = words()


class CaseDocument(Table, tablename="case_document", db=DB):
    """One paper of a case's file."""

    id = identity()
    closed_case_id = required(ClosedCase)
    name_zh = words()
    handed_in_by = required(ACCOUNT)
    handed_in_at = Timestamptz()
