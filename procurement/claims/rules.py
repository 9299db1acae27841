"""How a claim moves, and what of a piece of work is priced.

司发通〔2019〕27号: subsidies pay for work that was done. 财行〔2007〕179号: public officials are not paid.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.text import N_, Message

HALF_DAY_MINUTES = 270
"""Up to four and a half hours between arriving and leaving is half a day, more is a day."""


class ClaimStatus(StrEnum):
    """Where a claim stands; the claimant sees it by these names."""

    ACCRUED = "accrued"
    HELD = "held"
    RETURNED = "returned"
    APPROVED = "approved"
    BATCHED = "batched"
    PAID = "paid"
    RETURNED_BY_BANK = "returned_by_bank"
    REJECTED = "rejected"
    REVERSED = "reversed"


class ClaimEvent(StrEnum):
    """What happens to a claim."""

    APPROVE = "approve"
    RETURN = "return"
    RESUBMIT = "resubmit"
    COMPLETE = "complete"
    REJECT = "reject"
    REOPEN = "reopen"
    BATCH = "batch"
    UNBATCH = "unbatch"
    PAY = "pay"
    BANK_RETURN = "bank_return"
    REVERSE = "reverse"
    TAKE_BACK = "take_back"
    REPAY = "repay"


S, E = ClaimStatus, ClaimEvent
TRANSITIONS: dict[tuple[ClaimStatus, ClaimEvent], ClaimStatus] = {
    (S.ACCRUED, E.APPROVE): S.APPROVED,
    (S.ACCRUED, E.RETURN): S.RETURNED,
    (S.ACCRUED, E.REJECT): S.REJECTED,
    (S.HELD, E.COMPLETE): S.ACCRUED,
    (S.HELD, E.REJECT): S.REJECTED,
    (S.RETURNED, E.RESUBMIT): S.ACCRUED,
    (S.RETURNED, E.REJECT): S.REJECTED,
    (S.REJECTED, E.REOPEN): S.ACCRUED,
    (S.APPROVED, E.BATCH): S.BATCHED,
    (S.APPROVED, E.REVERSE): S.REVERSED,
    (S.APPROVED, E.TAKE_BACK): S.REJECTED,
    (S.APPROVED, E.REPAY): S.PAID,
    (S.BATCHED, E.UNBATCH): S.APPROVED,
    (S.BATCHED, E.PAY): S.PAID,
    (S.PAID, E.BANK_RETURN): S.RETURNED_BY_BANK,
    (S.PAID, E.REVERSE): S.REVERSED,
    (S.RETURNED_BY_BANK, E.BATCH): S.BATCHED,
    (S.RETURNED_BY_BANK, E.REVERSE): S.REVERSED,
    (S.RETURNED_BY_BANK, E.TAKE_BACK): S.REJECTED,
    (S.RETURNED_BY_BANK, E.REPAY): S.PAID,
}

PROGRAMME_BY_KIND = {"mediation": "mediation_case"}
"""Assignment kinds paid from a programme of their own; all others are on-site service."""


@dataclass(frozen=True, slots=True)
class Attended:
    """A confirmed attendance of subsidised work, as the pricing sees it."""

    sign_up_id: int
    person_id: int
    public_official: bool
    kind: str
    minutes: int
    day: date
    place_id: int
    district_id: int


@dataclass(frozen=True, slots=True)
class Priced:
    """What of a piece of work the tariff prices: its item and one count by unit name."""

    item: str
    unit: str
    count: int


def priced_as(kind: str, minutes: int) -> Priced:
    """Return the tariff item and unit of an attended assignment.

    A lecture is paid as a lecture however long it took; sitting at a station is paid as duty, by the half day
    or the day; everything else on site is paid as the service desk, by the half day.
    """
    if kind == "lecture":
        return Priced("lecture", "lecture", 1)
    if kind == "duty":
        return Priced("duty", "half_day" if minutes <= HALF_DAY_MINUTES else "day", 1)
    return Priced("desk", "half_day", 1 if minutes <= HALF_DAY_MINUTES else 2)


def programme_of(kind: str) -> str:
    """Return the code of the programme that pays for this kind of assignment."""
    return PROGRAMME_BY_KIND.get(kind, "on_site")


def hold_reason(public_official: bool) -> Message | None:
    """Return why a claim waits instead of being ready for approval."""
    if public_official:
        return Message(N_("公职人员不领取补贴（财行〔2007〕179号）。如身份有误，请站点更正后重新核对。"))
    return None
