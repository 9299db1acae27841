"""What people call the states of volunteering's things."""

from app.core.state import name_states
from app.web.components import labels
from volunteers.assignments import tags as assignments
from volunteers.assignments.call_outs import tags as call_outs
from volunteers.assignments.companions import rules as companions
from volunteers.assignments.exchanges import rules as exchanges
from volunteers.assignments.patterns import rules as patterns
from volunteers.assignments.requests import rules as requests
from volunteers.assignments.stand_by import rules as stand_by
from volunteers.assignments.standing import rules as standing
from volunteers.assignments.waiting import rules as waiting
from volunteers.attendance.findings import rules as findings
from volunteers.attendance.no_shows import rules as no_shows
from volunteers.attendance.troubles import rules as troubles
from volunteers.certificates import rules as certificates
from volunteers.dispatch.offers import rules as offers
from volunteers.dispatch.tags import RUN_TAGS
from volunteers.pairings import rules as pairings
from volunteers.people import rules as people
from volunteers.people.affiliations import rules as affiliations
from volunteers.people.credentials import rules as credentials
from volunteers.people.trainings import rules as trainings
from volunteers.thanks import rules as thanks


def give_words() -> None:
    """Tell the frame; called once at the start."""
    name_states(
        labels(assignments.STATUS_TAGS),
        labels(assignments.SIGN_UP_TAGS),
        labels(call_outs.CALL_TAGS),
        labels(call_outs.ASK_TAGS),
        requests.STATUS_NAMES,
        exchanges.STATUS_NAMES,
        companions.STATUS_NAMES,
        stand_by.STATUS_NAMES,
        standing.STATUS_NAMES,
        certificates.STATUS_NAMES,
        waiting.STATUS_NAMES,
        no_shows.STATUS_NAMES,
        findings.STATUS_NAMES,
        troubles.STATUS_NAMES,
        labels(RUN_TAGS),
        offers.STATUS_NAMES,
        patterns.STATUS_NAMES,
        credentials.STATUS_NAMES,
        trainings.STATUS_NAMES,
        affiliations.STATUS_NAMES,
        people.STATUS_NAMES,
        thanks.STATUS_NAMES,
        pairings.STATUS_NAMES,
    )
