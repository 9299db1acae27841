"""The written rule about no-shows, and the life of an excuse.

Volunteers keep what they promised, or say in time that they cannot (志愿服务条例 art. 22 †). What follows from not
doing so is the office's own rule: dated, with figures that everybody reads before they sign up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import DomainError, InvalidInput, SamePersonRefused
from app.core.text import N_, Message

LONGEST = 300


class ExcuseStatus(StrEnum):
    """Stated until somebody of the station answers, or the person takes it back."""

    STATED = "stated"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ExcuseEvent(StrEnum):
    """What happens to it."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


TRANSITIONS: dict[tuple[ExcuseStatus, ExcuseEvent], ExcuseStatus] = {
    (ExcuseStatus.STATED, ExcuseEvent.ACCEPT): ExcuseStatus.ACCEPTED,
    (ExcuseStatus.STATED, ExcuseEvent.REFUSE): ExcuseStatus.REFUSED,
    (ExcuseStatus.STATED, ExcuseEvent.WITHDRAW): ExcuseStatus.WITHDRAWN,
}
STATUS_NAMES: Mapping[ExcuseStatus, str] = {
    ExcuseStatus.STATED: N_("已说明，等答复"),
    ExcuseStatus.ACCEPTED: N_("说明已采纳"),
    ExcuseStatus.REFUSED: N_("说明未采纳"),
    ExcuseStatus.WITHDRAWN: N_("已撤回说明"),
}


class Verdict(StrEnum):
    """What the station answers."""

    ACCEPT = "accept"
    REFUSE = "refuse"


VERDICT_NAMES: Mapping[Verdict, str] = {Verdict.ACCEPT: N_("采纳，这次不算"), Verdict.REFUSE: N_("不采纳")}


class TooLateToExcuse(DomainError):
    """The time in which one may object is over, or there is nothing to object to."""

    code, status = "too_late_to_excuse", 409
    message = N_("说明的期限已过，或者这次记录已不作数。记录有错，请联系站点更正。")


class ExcusedAlready(DomainError):
    """One excuse for a no-show."""

    code, status, message = "excused_already", 409, N_("你已经说明过了。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "no_show_excuse_in_time": TooLateToExcuse,
    "no_show_excuse_once": ExcusedAlready,
    "no_show_excuse_second_party": SamePersonRefused,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """So many no-shows within so many days, and what follows for how long; None: nothing follows."""

    within_days: int
    request_after: int | None
    pause_after: int | None
    lasts_days: int
    excuse_days: int
    effective_from: datetime

    def sentences(self) -> list[Message]:
        """Return the rule as people read it before they sign up."""
        figures = {"within": self.within_days, "lasts": self.lasts_days, "excuse": self.excuse_days}
        said = [
            Message(
                N_("来不了，请在开始前退出，不算未到场。报了名没有来、也没有退出，站点会记一次未到场，并马上告诉你。")
            )
        ]
        if self.request_after is not None:
            text = N_("%(within)s 天内满 %(times)s 次：之后 %(lasts)s 天，每个任务都要先申请，由站点选人。")
            said.append(Message(text, {**figures, "times": self.request_after}))
        if self.pause_after is not None:
            text = N_("%(within)s 天内满 %(times)s 次：之后 %(lasts)s 天不能报名。")
            said.append(Message(text, {**figures, "times": self.pause_after}))
        said.append(Message(N_("记录后 %(excuse)s 天内可以说明原因，由站点或协调员答复；采纳的不算。"), figures))
        said.append(Message(N_("已经报上的任务不受影响。")))
        return said

    def excuse_until(self, recorded_at: datetime) -> datetime:
        """Return until when one may object."""
        return recorded_at + timedelta(days=self.excuse_days)


def checked(field: str, text: str) -> str:
    """Return what somebody wrote, or refuse nothing and too much."""
    said = text.replace("\r\n", "\n").strip()
    if not said or len(said) > LONGEST:
        raise InvalidInput({field: Message(N_("请写明原因，最多 300 字。"))})
    return said
