"""How assignments and sign-ups look: colour, icon and word."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.core import clock
from app.core.text import N_, Message
from app.web.components import Tag
from app.web.filters import local_time
from volunteers.assignments.rules import (
    COMPENSATION_NAMES,
    KIND_NAMES,
    SIGN_UP_MODE_NAMES,
    STATUS_NAMES,
    AssignmentStatus,
    Compensation,
    Kind,
)
from volunteers.assignments.sign_ups.rules import ENDED_NAMES, HINT_NAMES, SignUpStatus
from volunteers.assignments.sign_ups.rules import STATUS_NAMES as SIGN_UP_NAMES
from volunteers.people.credentials.rules import KIND_NAMES as CREDENTIAL_NAMES
from volunteers.people.rules import LANGUAGE_NAMES, SKILL_NAMES

_KIND_ICONS: Mapping[Kind, str] = {
    Kind.DUTY: "building",
    Kind.LECTURE: "megaphone",
    Kind.MEDIATION: "people",
    Kind.VILLAGE: "house",
    Kind.DELIVERY: "box-seam",
    Kind.HOME_VISIT: "door-open",
}
_STATUS_TONES: Mapping[AssignmentStatus, str] = {
    AssignmentStatus.DRAFT: "off",
    AssignmentStatus.OPEN: "info",
    AssignmentStatus.CLOSED: "wait",
    AssignmentStatus.CANCELLED: "off",
}
_SIGN_UP_TONES: Mapping[SignUpStatus, str] = {
    SignUpStatus.OFFERED: "need",
    SignUpStatus.CONFIRMED: "done",
    SignUpStatus.CHECKED_IN: "done",
    SignUpStatus.COMPLETED: "done",
    SignUpStatus.ABSENT: "need",
    SignUpStatus.WITHDRAWN: "off",
    SignUpStatus.RELEASED: "off",
}

KIND_TAGS = {kind: Tag("info", KIND_NAMES[kind], icon) for kind, icon in _KIND_ICONS.items()}
STATUS_TAGS = {status: Tag(tone, STATUS_NAMES[status]) for status, tone in _STATUS_TONES.items()}
SIGN_UP_TAGS = {status: Tag(tone, SIGN_UP_NAMES[status]) for status, tone in _SIGN_UP_TONES.items()}
COMPENSATION_TAGS = {
    Compensation.UNPAID: Tag("off", COMPENSATION_NAMES[Compensation.UNPAID], "heart"),
    Compensation.EXPENSES: Tag("off", COMPENSATION_NAMES[Compensation.EXPENSES], "train-front"),
    Compensation.SUBSIDY: Tag("off", COMPENSATION_NAMES[Compensation.SUBSIDY], "cash-coin"),
}
INSURED_TAG = Tag("off", N_("有保险"), "shield-check")
UNINSURED_TAG = Tag("wait", N_("无保险"), "shield-slash")
GREEN_TAG = Tag("need", N_("绿色通道"), "lightning-charge")


def head_start(until: datetime | None) -> Tag | None:
    """Say that seats are for the station's regulars at first, while it holds."""
    if until is None or until <= clock.now():
        return None
    text = Message(N_("先请常来的人，%(until)s 起对所有人开放"), {"until": local_time(until)})
    return Tag("wait", text, "people")


WORDS: dict[str, Any] = {
    "kind_options": KIND_NAMES,
    "kind_tags": KIND_TAGS,
    "status_tags": STATUS_TAGS,
    "sign_up_tags": SIGN_UP_TAGS,
    "compensation_tags": COMPENSATION_TAGS,
    "compensation_names": COMPENSATION_NAMES,
    "mode_names": SIGN_UP_MODE_NAMES,
    "insured_tag": INSURED_TAG,
    "uninsured_tag": UNINSURED_TAG,
    "green_tag": GREEN_TAG,
    "credential_names": CREDENTIAL_NAMES,
    "skill_names": SKILL_NAMES,
    "language_names": LANGUAGE_NAMES,
    "hint_names": HINT_NAMES,
    "ended_names": ENDED_NAMES,
}
"""What every template about assignments needs to name things."""
