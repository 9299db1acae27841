"""What is said to the people who are called, to the station and to the coordinator."""

from datetime import datetime, timedelta
from functools import reduce

from app.core import clock
from app.core.database import Row
from app.core.text import N_, Message
from volunteers.people.rules import LANGUAGE_NAMES

ASKED = N_("%(when)s %(place)s，缺 1 名%(role)s，%(distance)s 公里，%(terms)s，%(minutes)s 分钟内答复：%(link)s")
ASKED_INBOX = N_("%(when)s %(place)s，缺 1 名%(role)s，%(distance)s 公里，%(terms)s。能来吗？")
SEATED = N_("%(when)s %(place)s的“%(title)s”由你顶上了，谢谢！")
FOUND = N_("%(when)s %(place)s的%(role)s有人顶上了。")
NOBODY = N_("%(when)s %(place)s缺 1 名%(role)s，能问的人都问过了，没有人能来。请协调。")


def when(starts: datetime, now: datetime) -> Message:
    """Say when the shift starts, as one says it the day before or on the day."""
    local, today = clock.local(starts), clock.local(now).date()
    wall = f"{local.hour}:{local.minute:02}"
    if local.date() == today:
        return Message(N_("今天 %(time)s"), {"time": wall})
    if local.date() == today + timedelta(days=1):
        return Message(N_("明天 %(time)s"), {"time": wall})
    return Message(N_("%(month)s 月 %(day)s 日 %(time)s"), {"month": local.month, "day": local.day, "time": wall})


def kilometres(metres: int) -> str:
    """Return a distance as it is told: 2.1."""
    return f"{metres / 1000:.1f}"


def terms(shift: Row, amount: str) -> Message:
    """Say in one breath what is asked and what is given: languages, pay, insurance."""
    said = [
        Message(N_("需%(language)s"), {"language": Message(LANGUAGE_NAMES.get(code, code))})
        for code in shift["languages_all"]
        if code != "putonghua"
    ]
    said.append(_pay(shift["compensation"], amount))
    said.append(Message(N_("已投保") if shift["insured"] else N_("未投保")))
    return reduce(lambda done, more: Message(N_("%(done)s，%(more)s"), {"done": done, "more": more}), said)


def _pay(compensation: str, amount: str) -> Message:
    if compensation == "unpaid":
        return Message(N_("志愿服务，记时长"))
    if compensation == "expenses":
        return Message(N_("误餐交通补助"))
    return Message(N_("补贴 %(amount)s"), {"amount": amount}) if amount else Message(N_("有补贴"))


def named(shift: Row, name: str, locale: str) -> str:
    """Return a name of the shift in a recipient's language; English falls back to Chinese."""
    return str((shift[f"{name}_en"] if locale == "en" else "") or shift[f"{name}_zh"])
