"""What would be lost, and what somebody else brings, in plain words."""

from collections.abc import Mapping

from app.core.text import N_, Message
from volunteers.dispatch.engine.counterplan import Burden, Exchange

LEVEL_LOSSES = (
    N_("绿色通道的居民会少 %(count)s 个班"),
    N_("缺律师的地方会少 %(count)s 个班"),
    N_("一共会少开 %(count)s 个班"),
    N_("一共会多空 %(count)s 个席位"),
    N_("会多改动 %(count)s 个已定的安排"),
)
"""What gets worse on each level of the vector but the last."""
BROUGHT = {
    "fairness": N_("最近去得比你少，这次轮到别人"),
    "km": N_("住得比你近"),
    "continuity": N_("常去那里，和那里的人熟"),
    "preference": N_("更喜欢这类任务"),
}
OWN = {
    "fairness": N_("你最近去得少，这次轮到你"),
    "km": N_("你住得更近"),
    "continuity": N_("你常去那里，和那里的人熟"),
    "preference": N_("你更喜欢这类任务"),
}


def dearest(dearer: Burden, words: Mapping[str, str] = BROUGHT) -> list[str]:
    """Return what another brings (or the reader), what weighs most first: the parts of the burden that would grow."""
    grown = {name: getattr(dearer, name) for name in words}
    return [words[name] for name in sorted(grown, key=lambda name: -grown[name]) if grown[name] > 0]


def worse(exchange: Exchange) -> Message | None:
    """Return what the plan would lose; nothing if it is only the burden, or nothing at all."""
    if exchange.level is None or exchange.level >= len(LEVEL_LOSSES):
        return None
    count = exchange.after[exchange.level] - exchange.before[exchange.level]
    return Message(LEVEL_LOSSES[exchange.level], {"count": count})
