"""A flagship project's way: proposed, adopted by another person, completed with its result, or dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.text import N_, Message
from marketplace.products.content import Unit

YEARS_AHEAD = 1


class FlagshipStatus(StrEnum):
    """Where a project stands."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    COMPLETED = "completed"
    DROPPED = "dropped"


class FlagshipEvent(StrEnum):
    """What moves a project."""

    ADOPT = "adopt"
    COMPLETE = "complete"
    DROP = "drop"


S, E = FlagshipStatus, FlagshipEvent
TRANSITIONS: dict[tuple[FlagshipStatus, FlagshipEvent], FlagshipStatus] = {
    (S.PROPOSED, E.ADOPT): S.ADOPTED,
    (S.PROPOSED, E.DROP): S.DROPPED,
    (S.ADOPTED, E.COMPLETE): S.COMPLETED,
    (S.ADOPTED, E.DROP): S.DROPPED,
}
STATUS_NAMES: Mapping[FlagshipStatus, str] = {
    S.PROPOSED: N_("拟定"),
    S.ADOPTED: N_("实施中"),
    S.COMPLETED: N_("已完成"),
    S.DROPPED: N_("未实施"),
}
EVENT_NAMES: Mapping[FlagshipEvent, str] = {E.ADOPT: N_("确定"), E.COMPLETE: N_("结项"), E.DROP: N_("终止")}


@dataclass(frozen=True, slots=True)
class Promise:
    """What the public may expect by the end of a year, and by which products."""

    year: int
    place_code: str
    title_zh: str
    promise_zh: str
    unit: Unit
    target: int
    products: tuple[str, ...]  # references
    title_en: str = ""


def promise_faults(promise: Promise, this_year: int) -> dict[str, Message]:
    """Say what is wrong with a promise, by field."""
    faults = {}
    if not promise.title_zh.strip():
        faults["title_zh"] = Message(N_("请写项目名称。"))
    if not promise.promise_zh.strip():
        faults["promise_zh"] = Message(N_("请写明年底前群众能得到什么。"))
    if not this_year <= promise.year <= this_year + YEARS_AHEAD:
        faults["year"] = Message(N_("只能拟定今年或明年的项目。"))
    if promise.target < 1:
        faults["target"] = Message(N_("目标数量至少为 1。"))
    if not promise.products:
        faults["products"] = Message(N_("请至少选一项已上架的服务，进度按它们的验收数量计算。"))
    return faults
