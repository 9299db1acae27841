"""What is proven of a plan, in words, and how the search went, as a picture."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.text import N_, Message
from app.web.components import Chart, Series
from volunteers.dispatch.record.queries import Step
from volunteers.dispatch.rules import RunKind

KIND_NAMES: Mapping[RunKind, str] = {
    RunKind.WEEKLY: N_("每周排班"),
    RunKind.NIGHTLY: N_("夜间重排"),
    RunKind.CANCELLATION: N_("有人退出后重排"),
    RunKind.BY_HAND: N_("手动"),
    RunKind.WHAT_IF: N_("如果……会怎样"),
}
LEVEL_NAMES = (
    N_("绿色通道缺人的班"),
    N_("缺律师的地方缺人的班"),
    N_("一共开不成的班"),
    N_("空位"),
    N_("改动的安排"),
    N_("负担"),
)
BURDEN = 5
PLOTTED = (3, 2, 0)
MOST_POINTS = 60
ENDINGS: Mapping[str, str] = {
    "optimal": N_("已证明：没有更好的计划。"),
    "work_limit": N_("该试的都试过了。同样的数据会算出同样的计划。"),
    "time_limit": N_("时间到了，存下的是当时最好的计划。多给些时间，也许更好。"),
    "stopped": N_("计算被中途停下，存下的是当时最好的计划。"),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One level of the plan, its value, and how much better it might be at most."""

    name: str
    value: int
    said: Message
    best: bool


def proofs(vector: Sequence[int], bounds: Sequence[int | None]) -> list[Proof]:
    """Say for each level how good it is; nothing of a run whose solver proved nothing at all."""
    padded = [*bounds, *(None,) * (len(vector) - len(bounds))]
    return [
        Proof(name, value, _said(level, value, bound), bound is not None and bound >= value)
        for level, (name, value, bound) in enumerate(zip(LEVEL_NAMES, vector, padded, strict=True))
    ]


def log_chart(steps: Sequence[Step]) -> Chart:
    """Draw what was still missing as the seconds went by."""
    shown = list(_thinned(steps))
    return Chart(
        "line",
        N_("计算过程：过了几秒，还缺多少"),
        [f"{step.milliseconds / 1000:.1f}" for step in shown],
        [Series(LEVEL_NAMES[level], [step.vector[level] for step in shown]) for level in PLOTTED],
    )


def _said(level: int, value: int, bound: int | None) -> Message:
    if bound is None:
        return Message(N_("还能不能更好，没有证明"))
    if bound >= value:
        return Message(N_("已证明最好"))
    if level == BURDEN:
        return Message(N_("最多还能轻 %(percent)s%%"), {"percent": f"{100 * (value - bound) / max(1, value):.1f}"})
    return Message(N_("最多还能少 %(count)s"), {"count": value - bound})


def _thinned(steps: Sequence[Step]) -> Iterable[Step]:
    """Return the first and last step and evenly many between, so that the table below the picture stays readable."""
    if len(steps) <= MOST_POINTS:
        return steps
    return [steps[round(place * (len(steps) - 1) / (MOST_POINTS - 1))] for place in range(MOST_POINTS)]
