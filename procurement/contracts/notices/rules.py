"""Two duties after the signatures, each with its clock: the contract is published, and its copy is filed.

条例 §50: published within two working days; 采购法 §47: the copy filed within seven.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.text import N_, Message
from procurement.blocks import Block, Figure


class NoticeKind(StrEnum):
    """What has to be done with a signed contract."""

    PUBLISHED = "published"
    FILED = "filed"


KIND_NAMES: Mapping[NoticeKind, str] = {
    NoticeKind.PUBLISHED: N_("公告合同"),
    NoticeKind.FILED: N_("副本备案"),
}


@dataclass(frozen=True, slots=True)
class Done:
    """When a duty was done, and the evidence."""

    done_on: date
    url: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty with its last day; ``done`` is None while nobody has recorded it."""

    kind: NoticeKind
    figure: Figure
    last_day: date
    done: Done | None

    def overdue(self, today: date) -> bool:
        """Tell whether it was done too late, or is late now."""
        return (self.done.done_on if self.done else today) > self.last_day


def duty_blocks(duty: Duty, today: date) -> list[Block]:
    """Say of a duty that its last day passed without it."""
    if not duty.overdue(today):
        return []
    reason = (
        N_("“%(duty)s”晚于%(day)s，超过了规定的期限。")
        if duty.done
        else N_("“%(duty)s”应在%(day)s以前完成，还没有登记。")
    )
    return [
        Block(
            f"contract_{duty.kind.value}_late",
            duty.figure.source,
            Message(reason, {"duty": Message(KIND_NAMES[duty.kind]), "day": duty.last_day.isoformat()}),
            Message(N_("请补登并说明原因；以后在期限内办理。")),
            duty.figure.until(duty.last_day),
        )
    ]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an officer records about a duty."""

    kind: NoticeKind
    done_on: date
    url: str = ""
    number: str = ""


def record_faults(recorded: Recorded, signed_on: date, today: date) -> dict[str, Message]:
    """Say which part of a record is missing or impossible, by field."""
    return dict(_faults(recorded, signed_on, today))


def _faults(recorded: Recorded, signed_on: date, today: date) -> Iterable[tuple[str, Message]]:
    if not signed_on <= recorded.done_on <= today:
        yield "done_on", Message(N_("日期应当在合同签订之后、今天之前。"))
    if recorded.kind is NoticeKind.PUBLISHED and not recorded.url.strip().startswith(("https://", "http://")):
        yield "url", Message(N_("请填写公告的网址，以 https:// 开头。"))
    if recorded.kind is NoticeKind.FILED and not recorded.number.strip():
        yield "number", Message(N_("请填写备案回执的编号。"))
