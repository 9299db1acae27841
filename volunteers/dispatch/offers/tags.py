"""How offers look: colour, icon and word."""

from app.web.components import Tag
from volunteers.dispatch.offers.rules import STATUS_NAMES, OfferStatus

_TONES = {
    OfferStatus.OFFERED: "wait",
    OfferStatus.ACCEPTED: "done",
    OfferStatus.DECLINED: "need",
    OfferStatus.EXPIRED: "need",
    OfferStatus.ENDED: "off",
}
OFFER_TAGS = {status: Tag(tone, STATUS_NAMES[status]) for status, tone in _TONES.items()}
