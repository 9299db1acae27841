"""What a move by hand is, and what each hard rule says in plain words when a move breaks it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message
from volunteers.dispatch.engine.eligibility import Refusal


class MoveKind(StrEnum):
    """Somebody is put on a seat, taken off one, two change seats, or a move is taken back."""

    PUT = "put"
    TAKE = "take"
    SWAP = "swap"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Seat:
    """A person on a position, by their ids in the database."""

    position_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Move:
    """Seats given and taken at once."""

    kind: MoveKind
    puts: tuple[Seat, ...]
    takes: tuple[Seat, ...]

    def taken_back(self) -> "Move":
        """Return the move that undoes it."""
        return Move(MoveKind.UNDO, self.takes, self.puts)


REFUSAL_SENTENCES: Mapping[Refusal, str] = {
    Refusal.AVAILABILITY: N_("%(name)s 那时没空。"),
    Refusal.CREDENTIAL: N_("%(name)s 没有这个岗位要求的有效证件。"),
    Refusal.SKILL: N_("%(name)s 缺少要求的专长或培训。"),
    Refusal.LANGUAGE: N_("%(name)s 不会要求的语言。"),
    Refusal.GENDER: N_("%(name)s 不合岗位的性别要求。"),
    Refusal.CONFLICT_OF_INTEREST: N_("%(name)s 与当事人有关系，应当回避。"),
    Refusal.DISTANCE: N_("%(name)s 住得太远，超出本人愿意去的距离。"),
    Refusal.CANCELLED: N_("%(name)s 已说那时来不了。"),
    Refusal.ELSEWHERE: N_("%(name)s 还有“%(title)s”，时间重叠，或来不及赶路、休息。"),
    Refusal.DAY_LIMIT: N_("%(name)s 当天的时长会超过本人上限。"),
    Refusal.WEEK_LIMIT: N_("%(name)s 本周的时长会超过本人上限。"),
    Refusal.SHIFT_LIMIT: N_("%(name)s 本周的次数会超过本人上限。"),
    Refusal.SEATS_TAKEN: N_("“%(title)s”这个岗位已经满了。"),
    Refusal.SHIFT_NOT_HELD: N_("“%(title)s”人不够，开不成，去的人会白跑。请一次排够，或全部拿掉。"),
}
"""The hard rules of the dispatch format, by what they say about a person or a shift."""
SIGNED_UP = N_("%(name)s 是自己报的名，计划不能替本人撤下。")
UNKNOWN = N_("这个人或岗位不在这一周的数据里。请重新排这一周再改。")


class MoveRefused(DomainError):
    """A move breaks hard rules; ``reasons`` says each in words, ``fields`` by its code."""

    code, status, message = "move_breaks_a_rule", 409, N_("不能这样改，因为违反了排班的硬规则。")

    def __init__(self, reasons: Mapping[str, Message]) -> None:
        """Keep what every broken rule says."""
        super().__init__(dict(reasons))
        self.reasons: Sequence[Message] = tuple(reasons.values())


class PlanIsOut(DomainError):
    """Only a plan that is not published is changed by hand."""

    code, status, message = "plan_is_out", 409, N_("这个计划不能再改：已经发布，或被别的计划替代。请在任务页逐个调整。")


class ReasonForMoveMissing(DomainError):
    """Whoever looks at the plan later wants to know why."""

    code, status, message = "reason_for_move_missing", 422, N_("请写一句为什么这样改，后面看的人要知道。")


class NobodyChosen(DomainError):
    """A move without a person moves nothing."""

    code, status, message = "nobody_chosen", 422, N_("请先选人。")


class NothingToUndo(DomainError):
    """Nothing was changed by hand, or all of it was taken back."""

    code, status, message = "nothing_to_undo", 409, N_("没有可以撤销的改动。")
