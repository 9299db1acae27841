"""The life of an affiliation; ``person.organization_id`` is the confirmed one.

A person belongs to one organization at a time: rosters and claims ask for it. Nobody becomes a member without
having asked, but by a register that the organization answered for; who belongs may go at any time.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.core.errors import DomainError, SamePersonRefused
from app.core.text import N_


class AffiliationStatus(StrEnum):
    """Asked and confirmed are live, the rest is history."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LEFT = "left"
    DISMISSED = "dismissed"


class AffiliationEvent(StrEnum):
    """The organization confirms, refuses and dismisses; the person withdraws and leaves."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LEAVE = "leave"
    DISMISS = "dismiss"


TRANSITIONS: dict[tuple[AffiliationStatus, AffiliationEvent], AffiliationStatus] = {
    (AffiliationStatus.ASKED, AffiliationEvent.CONFIRM): AffiliationStatus.CONFIRMED,
    (AffiliationStatus.ASKED, AffiliationEvent.REFUSE): AffiliationStatus.REFUSED,
    (AffiliationStatus.ASKED, AffiliationEvent.WITHDRAW): AffiliationStatus.WITHDRAWN,
    (AffiliationStatus.CONFIRMED, AffiliationEvent.LEAVE): AffiliationStatus.LEFT,
    (AffiliationStatus.CONFIRMED, AffiliationEvent.DISMISS): AffiliationStatus.DISMISSED,
}
STATUS_NAMES: Mapping[AffiliationStatus, str] = {
    AffiliationStatus.ASKED: N_("等机构确认"),
    AffiliationStatus.CONFIRMED: N_("成员"),
    AffiliationStatus.REFUSED: N_("未通过"),
    AffiliationStatus.WITHDRAWN: N_("已撤回"),
    AffiliationStatus.LEFT: N_("已离开"),
    AffiliationStatus.DISMISSED: N_("已移出"),
}
NEEDS_REASON = frozenset({AffiliationEvent.REFUSE, AffiliationEvent.DISMISS})
BY_THE_ORGANIZATION = frozenset({AffiliationEvent.CONFIRM, AffiliationEvent.REFUSE, AffiliationEvent.DISMISS})


class AlreadyAffiliated(DomainError):
    """One organization at a time."""

    code, status = "already_affiliated", 409
    message = N_("你已是一家机构的成员，或正在等确认。要换一家，请先离开或撤回。")


class OrganizationNotVerified(DomainError):
    """Only an organization in good standing takes members here."""

    code, status, message = "organization_not_verified", 409, N_("这家机构还没有通过核验，暂时不能加入。")


class ReasonForAnswer(DomainError):
    """Who is refused or let go is told why."""

    code, status, message = "reason_for_answer", 422, N_("请写明原因，本人会收到。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "affiliation_one_at_a_time": AlreadyAffiliated,
    "affiliation_second_party": SamePersonRefused,
}


def events_of_the_person(status: AffiliationStatus) -> list[AffiliationEvent]:
    """Return what the person may do about it."""
    return [event for (start, event) in TRANSITIONS if start is status and event not in BY_THE_ORGANIZATION]
