"""How calls look: colour, icon and word."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from volunteers.assignments.call_outs.rules import AskStatus, CallOutStatus

ASK_TAGS: Mapping[AskStatus, Tag] = {
    AskStatus.SENT: Tag("wait", N_("已发短信"), "send"),
    AskStatus.SEEN: Tag("wait", N_("已看到"), "eye"),
    AskStatus.ACCEPTED: Tag("done", N_("来")),
    AskStatus.DECLINED: Tag("off", N_("来不了")),
    AskStatus.TOO_LATE: Tag("info", N_("候补"), "list-ol"),
    AskStatus.EXPIRED: Tag("off", N_("没有答复")),
}
CALL_TAGS: Mapping[CallOutStatus, Tag] = {
    CallOutStatus.OPEN: Tag("need", N_("正在叫人"), "telephone-outbound"),
    CallOutStatus.COVERED: Tag("done", N_("有人顶上")),
    CallOutStatus.EXHAUSTED: Tag("need", N_("没人能来")),
    CallOutStatus.CANCELLED: Tag("off", N_("不再叫人")),
}
TONE_TAGS: Mapping[str, Tag] = {
    "need": Tag("need", N_("缺人")),
    "wait": Tag("wait", N_("等人到")),
    "done": Tag("done", N_("有人")),
}
