"""Why an order is not taken, and until when a provider says so.

令110 §19: who refuses an order without good cause may be removed from the framework. The clock is a house rule, a dated
row of the rulebook (``order.answer``); silence counts as a refusal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.core import clock
from app.core.text import N_, Message

REMIND_BEFORE = timedelta(hours=24)
SILENCE_REASON = N_("服务机构没有在期限内答复，名额已退回。")


class Refusal(StrEnum):
    """The short list of reasons."""

    NO_PEOPLE = "no_people"
    OTHER_DATE = "other_date"
    DISTANCE = "distance"
    NOT_OURS = "not_ours"
    OTHER = "other"
    SILENCE = "silence"


REFUSAL_NAMES: Mapping[Refusal, str] = {
    Refusal.NO_PEOPLE: N_("派不出人"),
    Refusal.OTHER_DATE: N_("这个时间来不了"),
    Refusal.DISTANCE: N_("路太远"),
    Refusal.NOT_OURS: N_("不是我们的服务内容"),
    Refusal.OTHER: N_("其他原因"),
    Refusal.SILENCE: N_("到期没有答复"),
}
CHOICES: Mapping[Refusal, str] = {one: name for one, name in REFUSAL_NAMES.items() if one is not Refusal.SILENCE}


def refusal_of(chosen: Refusal | None, words: str) -> tuple[Refusal, str] | None:
    """Return the reason and its words as they are kept, or nothing where a reason is missing.

    A reason from the list needs no words; any other needs them.
    """
    if chosen is Refusal.SILENCE:
        return None
    if words.strip():
        return chosen or Refusal.OTHER, words.strip()
    if chosen is None or chosen is Refusal.OTHER:
        return None
    return chosen, REFUSAL_NAMES[chosen]


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """A provider's word on one order; who declines says why."""

    order_id: int
    take: bool
    reason: str = ""
    refusal: Refusal | None = None

    @property
    def refused(self) -> tuple[Refusal, str] | None:
        """Return why it is not taken, if that was said."""
        return refusal_of(self.refusal, self.reason)

    @property
    def kept(self) -> tuple[str, str]:
        """Return the words and the code that are kept: nothing for an order that is taken."""
        code, words = (None if self.take else self.refused) or ("", "")
        return words, code


def answer_by(last_day: date, wished_start: datetime) -> datetime:
    """Return until when an order is answered: the end of the last day, and in any case before it begins."""
    return min(clock.at_local(last_day, time(23, 59)), wished_start)


def refusal_fault() -> dict[str, Message]:
    """Say what is missing."""
    return {"reason": Message(N_("请选一个理由，或写明不能接单的理由，点单的村会看到。"))}
