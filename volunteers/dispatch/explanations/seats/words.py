"""What would fill a seat, in words: numbers and conditions, never who."""

from app.core.text import N_, Message
from app.web.filters import local_time
from volunteers.dispatch.engine.fillings import FillingKind
from volunteers.dispatch.explanations.seats.queries import Step

_SAID = {
    FillingKind.PERSON: N_("再有 %(amount)s 个够条件的人，住得近、那时有空"),
    FillingKind.REACH: N_("有 1 人肯多走 %(amount)s 公里"),
    FillingKind.FREE_TIME: N_("有 1 人那时再多空出 %(amount)s 分钟"),
    FillingKind.WEEK_LIMIT: N_("有 1 人这周肯多做 %(amount)s 分钟"),
    FillingKind.DAY_LIMIT: N_("有 1 人当天肯多做 %(amount)s 分钟"),
    FillingKind.SHIFT_LIMIT: N_("有 1 人这周肯多去 %(amount)s 次"),
}


def said(step: Step) -> Message:
    """Return a step as a sentence without its end."""
    if step.starts is not None:
        return Message(N_("改到 %(starts)s 开始"), {"starts": local_time(step.starts)})
    amount = step.amount // 1000 if step.kind is FillingKind.REACH else step.amount
    return Message(_SAID[step.kind], {"amount": amount})
