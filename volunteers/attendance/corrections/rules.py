"""What a correction says. Nothing is edited: the record states truthfully what was confirmed and what was put right
(志愿服务记录与证明出具办法（试行）, 民政部令第67号, art. 7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from volunteers.attendance.rules import Outcome, OwnAttendance, Presence, Stay, stay_of

LONGEST_REASON = 300


class NothingChanged(DomainError):
    """A correction changes something."""

    code, status, message = "nothing_changed", 409, N_("和现在的记录一样，不用更正。")


class NotConfirmedYet(DomainError):
    """What is not confirmed is not corrected."""

    code, status, message = "not_confirmed_yet", 409, N_("还没有确认到场，直接确认就行，不用更正。")


class CorrectedMeanwhile(DomainError):
    """Somebody else corrected the same record."""

    code, status, message = "corrected_meanwhile", 409, N_("这条记录刚被别人更正过。请刷新后再看。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "attendance_correction_second_party": OwnAttendance,
    "attendance_correction_changes": NothingChanged,
    "attendance_correction_number": CorrectedMeanwhile,
    "attendance_correction_continues": CorrectedMeanwhile,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record says: whether somebody came, from when to when, for how many people."""

    outcome: Outcome
    arrived_at: datetime | None
    left_at: datetime | None
    people_served: int

    @property
    def stay(self) -> Stay:
        """Return the time worked."""
        if self.arrived_at is None or self.left_at is None:
            return Stay()
        return Stay(self.arrived_at, self.left_at, int((self.left_at - self.arrived_at).total_seconds()) // 60)


def corrected(held: Standing, said: Presence, shift: tuple[datetime, datetime], reason: str, now: datetime) -> Standing:
    """Return what holds from now on, or refuse what says nothing new, no reason, or what cannot have been."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidInput({"reason": Message(N_("请写明原因，最多 300 字。"))})
    stay = stay_of(said, *shift, now)
    people = 0 if said.outcome is Outcome.ABSENT else (said.people_served or 0)
    wanted = Standing(said.outcome, stay.arrived_at, stay.left_at, people)
    if wanted == held:
        raise NothingChanged
    return wanted
