"""A full-time mediator's base: by the month, by calendar days in the first and the last."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.errors import DomainError
from app.core.text import N_, Message

PROGRAMME, ITEM = "mediation_case", "mediator_month"


class PostOverlaps(DomainError):
    """Somebody would be full-time at two places."""

    code, status, message = "post_overlaps", 409, N_("这个人在这段时间已经有专职岗位。")


class PostEnded(DomainError):
    """The end of a post is said once."""

    code, status, message = "post_ended", 409, N_("这个岗位已经写明终止日期。")


@dataclass(frozen=True, slots=True)
class PostDraft:
    """A post as its document of appointment says."""

    person_id: int
    place_id: int
    agency_zh: str
    document: str
    monthly_fen: int
    from_day: date
    until_day: date | None = None


@dataclass(frozen=True, slots=True)
class PostMonth:
    """One month of a post: how many of its days are served, and what they bring."""

    month: date
    days: int
    of_days: int
    fen: int


def faults(draft: PostDraft) -> dict[str, Message]:
    """Return what is wrong with a post, by field."""
    found: dict[str, Message] = {}
    if not draft.agency_zh.strip():
        found["agency_zh"] = Message(N_("请填写调解委员会。"))
    if not draft.document.strip():
        found["document"] = Message(N_("请填写聘用文件的文号。"))
    if draft.monthly_fen <= 0:
        found["monthly_fen"] = Message(N_("每月金额要大于 0。"))
    if draft.until_day is not None and draft.until_day < draft.from_day:
        found["until_day"] = Message(N_("终止日期不能早于开始日期。"))
    return found


def months(monthly_fen: int, from_day: date, until_day: date | None, today: date) -> Iterator[PostMonth]:
    """Yield each month of a post that is over, rounded half up to the fen."""
    month = from_day.replace(day=1)
    while True:
        of_days = monthrange(month.year, month.month)[1]
        last = month.replace(day=of_days)
        if last >= today or (until_day is not None and until_day < month):
            return
        first_served = max(month, from_day)
        last_served = last if until_day is None else min(last, until_day)
        days = (last_served - first_served).days + 1
        yield PostMonth(month, days, of_days, (2 * monthly_fen * days + of_days) // (2 * of_days))
        month = last + timedelta(days=1)
