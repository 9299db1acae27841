"""How the operator's page says things: states of runs, ages, schedules."""

import re
from datetime import timedelta

from app.core.text import N_, Message
from app.operations.queries import JobLine
from app.web.components import Tag

RUN_TAGS = {
    "running": Tag("wait", N_("运行中")),
    "succeeded": Tag("done", N_("成功")),
    "failed": Tag("need", N_("失败")),
    "lost": Tag("wait", N_("中断，已交回")),
}
NEVER_RAN = Tag("off", N_("尚未运行"))
DAILY = re.compile(r"(\d+) (\d+) \* \* \*")
HEALTHY, UNHEALTHY = Tag("done", N_("运行正常")), Tag("need", N_("需要处理"))


def age(span: timedelta) -> Message:
    """Return a span of time in its natural unit."""
    seconds = int(span.total_seconds())
    for size, msgid in ((86400, N_("%(n)s 天")), (3600, N_("%(n)s 小时")), (60, N_("%(n)s 分钟"))):
        if seconds >= 2 * size:
            return Message(msgid, {"n": seconds // size})
    return Message(N_("%(n)s 秒"), {"n": seconds})


def schedule(line: JobLine) -> Message | str:
    """Return when a job runs: an interval, a time of every day, or its cron line as it stands."""
    if line.schedule is None:
        return Message(N_("按需"))
    if isinstance(line.schedule, int):
        minutes, seconds = divmod(line.schedule, 60)
        return (
            Message(N_("每 %(n)s 秒"), {"n": line.schedule})
            if seconds
            else Message(N_("每 %(n)s 分钟"), {"n": minutes})
        )
    daily = DAILY.fullmatch(line.schedule)
    if daily is None:
        return line.schedule
    return Message(N_("每天 %(time)s"), {"time": f"{int(daily[2]):02}:{int(daily[1]):02}"})
