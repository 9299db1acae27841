"""How pairings look: colour, icon and word."""

from typing import Any

from app.core.text import N_
from app.web.components import Tag
from volunteers.pairings.rules import ENDING_NAMES, KIND_NAMES, STATUS_NAMES, PairingKind, PairingStatus
from volunteers.people.rules import LANGUAGE_NAMES

STATUS_TAGS = {
    PairingStatus.PROPOSED: Tag("wait", STATUS_NAMES[PairingStatus.PROPOSED]),
    PairingStatus.ACTIVE: Tag("done", STATUS_NAMES[PairingStatus.ACTIVE], "link-45deg"),
    PairingStatus.ENDED: Tag("off", STATUS_NAMES[PairingStatus.ENDED]),
}
KIND_TAGS = {
    PairingKind.ADVISER: Tag("info", KIND_NAMES[PairingKind.ADVISER], "briefcase"),
    PairingKind.MEDIATION: Tag("info", KIND_NAMES[PairingKind.MEDIATION], "people"),
    PairingKind.EDUCATION: Tag("info", KIND_NAMES[PairingKind.EDUCATION], "megaphone"),
}
RENEWAL_TAG = Tag("need", N_("快到期"), "calendar-x")

WORDS: dict[str, Any] = {
    "kind_names": KIND_NAMES,
    "pairing_tags": STATUS_TAGS,
    "kind_tags": KIND_TAGS,
    "renewal_tag": RENEWAL_TAG,
    "ending_names": ENDING_NAMES,
    "language_names": LANGUAGE_NAMES,
}
