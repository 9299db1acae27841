"""How somebody on a plan stands."""

from app.web.components import Tag
from volunteers.assignments.tags import SIGN_UP_TAGS
from volunteers.dispatch.people.queries import SeatView
from volunteers.dispatch.tags import KEPT_TAG, OUTCOME_TAGS


def standing(seat: SeatView) -> Tag:
    """Return what became of it: kept, only proposed, or how the person has answered since."""
    if seat.kept:
        return KEPT_TAG
    return SIGN_UP_TAGS[seat.sign_up] if seat.sign_up else OUTCOME_TAGS[seat.outcome]
