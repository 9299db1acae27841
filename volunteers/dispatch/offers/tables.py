"""Whom a plan asks, and what for."""

from piccolo.columns import UUID, Bytea, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from volunteers.assignments.sign_ups.tables import SignUp
from volunteers.dispatch.tables import DispatchRun
from volunteers.dispatch.vacancies.tables import DispatchVacancy
from volunteers.people.tables import Person


class DispatchInvitation(Table, tablename="dispatch_invitation", db=DB):
    """One message to one person with everything they are asked at once; of the link only the hash is kept."""

    id = identity()
    public_id = UUID(unique=True)
    run_id = required(DispatchRun)
    person_id = required(Person)
    cause = words()
    vacancy_id = optional(DispatchVacancy)
    token_sha256 = Bytea(unique=True)
    sent_at = Timestamptz()
    answer_by = Timestamptz()


class DispatchOffer(Table, tablename="dispatch_offer", db=DB):
    """One seat that is held for its person until they answer; the database keeps ``status`` beside the seat's."""

    id = identity()
    public_id = UUID(unique=True)
    invitation_id = required(DispatchInvitation)
    sign_up_id = required(SignUp)
    status = words()
    reason = words()
    answered_at = Timestamptz(null=True, default=None)
