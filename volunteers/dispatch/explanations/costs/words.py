"""Looser rules and what they bring, in plain words."""

from collections.abc import Mapping

from app.core.text import N_, Message
from volunteers.dispatch.engine.relaxing import Relaxation
from volunteers.dispatch.explanations.costs.rules import Certainty, Gain

_RULES: Mapping[Relaxation, str] = {
    Relaxation.REACH: N_("每人多走 %(amount)s 公里"),
    Relaxation.FREE_TIME: N_("每段空闲前后各多 %(amount)s 分钟"),
    Relaxation.WEEK_LIMIT: N_("每人每周多做 %(amount)s 分钟"),
    Relaxation.DAY_LIMIT: N_("每人每天多做 %(amount)s 分钟"),
    Relaxation.SHIFT_LIMIT: N_("每人每周多去 %(amount)s 次"),
    Relaxation.REST: N_("两天之间少歇 %(amount)s 分钟"),
    Relaxation.ABSENCE: N_("退过名额的人也再派"),
    Relaxation.PREFERENCE: N_("不看各人喜好"),
}
SHORT_NAMES: Mapping[Relaxation, str] = {
    Relaxation.REACH: N_("路程"),
    Relaxation.FREE_TIME: N_("空闲时间"),
    Relaxation.WEEK_LIMIT: N_("每周时长"),
    Relaxation.DAY_LIMIT: N_("每天时长"),
    Relaxation.SHIFT_LIMIT: N_("每周次数"),
    Relaxation.REST: N_("两天之间的休息"),
    Relaxation.ABSENCE: N_("退过名额"),
    Relaxation.PREFERENCE: N_("喜好"),
}
"""For pictures, where there is little room."""
CERTAINTY_NAMES: Mapping[Certainty, str] = {
    Certainty.EXACT: N_("准数"),
    Certainty.AT_LEAST: N_("至少"),
    Certainty.ESTIMATE: N_("估计"),
}
CERTAINTY_HINTS: Mapping[Certainty, str] = {
    Certainty.EXACT: N_("放宽前后都算到了已证明的最好。"),
    Certainty.AT_LEAST: N_("放宽后还没算到底，可能更好。"),
    Certainty.ESTIMATE: N_("这一周太大，没有算到底，只作参考。"),
}


def rule(gain: Gain) -> Message:
    """Return what is looser."""
    amount = gain.amount // 1000 if gain.relaxation is Relaxation.REACH else gain.amount
    return Message(_RULES[gain.relaxation], {"amount": amount})


def brought(gain: Gain) -> list[Message]:
    """Return what it brings, the most important first; nothing if nothing."""
    counts = (
        (gain.green, N_("绿色通道多开成 %(count)s 班")),
        (gain.shortage, N_("缺律师的地方多开成 %(count)s 班")),
        (gain.shifts, N_("一共多开成 %(count)s 班")),
        (gain.seats, N_("少空 %(count)s 个席位")),
    )
    said = [Message(words, {"count": count}) for count, words in counts if count > 0]
    if gain.seats < 0:
        said.append(Message(N_("但多空 %(count)s 个席位"), {"count": -gain.seats}))
    if gain.burden_percent > 0:
        said.append(Message(N_("路程、轮流和熟悉合起来轻 %(percent)s%%"), {"percent": f"{gain.burden_percent:.1f}"}))
    return said
