"""When a provider may nudge, and from when on a supervisor hears of it as well."""

from dataclasses import dataclass
from datetime import date

from app.core.calendar import ONE_DAY, Calendar, deadline, is_working_day, rolled_forward
from app.core.text import N_, Message
from procurement.blocks import Block, Figure, house
from procurement.payments.holding.rules import OFFICES, Wait

NUDGING = house(N_("催办"))


@dataclass(frozen=True, slots=True)
class Last:
    """The latest nudge about a thing, and what was answered."""

    day: date
    answer: str = ""


def nudge_day(calendar: Calendar, today: date) -> date:
    """Return the working day on which a nudge of today counts: what is sent on a free day counts on the next."""
    return rolled_forward(calendar, today)


def allowed_from(calendar: Calendar, since: date, wait: Figure) -> date:
    """Return the first day on which something that waits since a day may be nudged."""
    return deadline(calendar, since, wait.value, wait.unit)


def nudge_blocks(held: Wait, allowed: date | None, last: Last | None, today: date, counts_on: date) -> list[Block]:
    """Name what keeps a provider from nudging now."""
    if held.step not in OFFICES or allowed is None:
        return [
            Block(
                "nobody_to_nudge",
                NUDGING,
                Message(N_("现在没有等别人办的事。")),
                Message(N_("轮到你或还没有开始的，不用催办。")),
                Message(N_("没有人要催")),
            )
        ]
    if today < allowed:
        return [
            Block(
                "nudge_too_early",
                NUDGING,
                Message(N_("等待时间还不够，%(day)s起可以催办。"), {"day": allowed.isoformat()}),
                Message(N_("请先等等，对方可能正在办理。")),
                allowed.isoformat(),
            )
        ]
    if last and last.day == counts_on:
        return [
            Block(
                "nudged_today",
                NUDGING,
                Message(N_("今天已经催办过，每件事每个工作日一次。")),
                Message(N_("请下一个工作日再催办。")),
                last.day.isoformat(),
            )
        ]
    return []


def latest_escalated(calendar: Calendar, today: date, after: Figure) -> date:
    """Return the latest day whose nudges have escalated by today."""
    day, left = today, after.value
    while left:
        left -= is_working_day(calendar, day)
        day -= ONE_DAY
    while not is_working_day(calendar, day):
        day -= ONE_DAY
    return day
