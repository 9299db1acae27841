"""Who counts as a station's regular; the database's is_regular says the same.

A head start is the station's own courtesy to those who keep it running; it never lasts beyond the shift's start.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message

OFTEN = 3
WITHIN = timedelta(days=180)
DAYS = 7


class OwnMark(DomainError):
    """Nobody marks themselves."""

    code, status, message = "own_mark", 409, N_("不能把自己标为常来的人，请另一位工作人员来标。")


class MarkedAlready(DomainError):
    """One mark is enough."""

    code, status, message = "marked_already", 409, N_("已经标过了。")


class NotMarked(DomainError):
    """There is no mark to take away; who came often stays a regular by that."""

    code, status, message = "not_marked", 409, N_("没有标记可以取消。来得多的人会自动算常来的人。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "station_regular_second_party": OwnMark,
    "station_regular_once": MarkedAlready,
}


def weekdays_of(stated: Iterable[int]) -> tuple[int, ...]:
    """Return the weekdays that are kept for somebody, each once, Monday (0) first; none means any day.

    Raises InvalidInput for a day that no week has.
    """
    days = tuple(sorted(set(stated)))
    if not set(days) <= set(range(DAYS)):
        raise InvalidInput({"weekdays": Message(N_("请从周一到周日里选。"))})
    return days


def is_regular(times: int, marked: bool) -> bool:
    """Tell whether somebody who came so often lately, or was marked, is a regular."""
    return marked or times >= OFTEN
