"""How affiliations look."""

from app.web.components import Tag
from volunteers.people.affiliations.rules import STATUS_NAMES, AffiliationStatus

_TONES = {
    AffiliationStatus.ASKED: "wait",
    AffiliationStatus.CONFIRMED: "done",
    AffiliationStatus.REFUSED: "need",
    AffiliationStatus.WITHDRAWN: "off",
    AffiliationStatus.LEFT: "off",
    AffiliationStatus.DISMISSED: "off",
}
TAGS = {status: Tag(tone, STATUS_NAMES[status]) for status, tone in _TONES.items()}
