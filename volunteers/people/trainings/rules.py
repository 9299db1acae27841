"""What a training is, what a completion is worth, and what moves a training from state to state.

Who organises voluntary service trains the volunteers where the work needs it (志愿服务条例 art. 16 †); what was
completed belongs into the record (民政部令第67号, 志愿服务记录与证明出具办法（试行）).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.errors import DomainError, SamePersonRefused
from app.core.text import N_, Message

MOST_MONTHS = 120
MOST_AT_ONCE = 200


class TrainingStatus(StrEnum):
    """Whether one can still take it; what was completed counts either way."""

    OFFERED = "offered"
    ENDED = "ended"


class TrainingEvent(StrEnum):
    """What the station decides."""

    END = "end"
    REOPEN = "reopen"


TRANSITIONS: dict[tuple[TrainingStatus, TrainingEvent], TrainingStatus] = {
    (TrainingStatus.OFFERED, TrainingEvent.END): TrainingStatus.ENDED,
    (TrainingStatus.ENDED, TrainingEvent.REOPEN): TrainingStatus.OFFERED,
}
STATUS_NAMES: Mapping[TrainingStatus, str] = {
    TrainingStatus.OFFERED: N_("可以参加"),
    TrainingStatus.ENDED: N_("不再举办"),
}


class TrainingUnknown(DomainError):
    """A seat asks for a training that nobody defined."""

    code, status, message = "training_unknown", 422, N_("岗位要求里有不存在的培训，请重新选择。")


class NotYetHeld(DomainError):
    """Nobody has completed what lies ahead."""

    code, status, message = "training_not_yet_held", 422, N_("培训日期不能晚于今天。")


class ReasonForRevoking(DomainError):
    """Who loses a training is told why."""

    code, status, message = "reason_for_revoking_training", 422, N_("请写明撤销的原因，本人会收到。")


class OutOfReach(DomainError):
    """Stations record for people at home near them, or who signed up with them."""

    code, status = "people_out_of_reach", 409
    message = N_("名单里有人不在你的范围内。请刷新名单后再勾选。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "training_second_party": SamePersonRefused,
    "training_completion_is_over": NotYetHeld,
    "position_trainings_exist": TrainingUnknown,
}


@dataclass(frozen=True, slots=True)
class TrainingDraft:
    """A training before it exists."""

    station_id: int
    title_zh: str
    where_zh: str
    title_en: str = ""
    purpose_zh: str = ""
    purpose_en: str = ""
    where_en: str = ""
    valid_months: int | None = None


@dataclass(frozen=True, slots=True)
class NeededTraining:
    """A training as a seat asks for it."""

    reference: str
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class HeldTraining:
    """A completion as far as eligibility asks about it."""

    reference: str
    completed_on: date
    valid_until: date | None

    def covers(self, first: date, last: date) -> bool:
        """Tell whether it counts on all the days from first to last."""
        return self.completed_on <= first and (self.valid_until is None or last <= self.valid_until)


def missing(
    needed: Iterable[NeededTraining], held: Iterable[HeldTraining], first: date, last: date
) -> list[NeededTraining]:
    """Return what is asked for and does not count on all the days, in the seat's order."""
    there = {one.reference for one in held if one.covers(first, last)}
    return [one for one in needed if one.reference not in there]


def faults(draft: TrainingDraft) -> dict[str, Message]:
    """Return what keeps a training from being stored, by field."""
    found: dict[str, Message] = {}
    if not draft.title_zh.strip():
        found["title_zh"] = Message(N_("请填写培训名称。"))
    if not draft.where_zh.strip():
        found["where_zh"] = Message(N_("请写明什么时候、在哪里、怎么参加。"))
    if draft.valid_months is not None and not 1 <= draft.valid_months <= MOST_MONTHS:
        found["valid_months"] = Message(N_("有效期在 1 到 120 个月之间；长期有效就不填。"))
    return found
