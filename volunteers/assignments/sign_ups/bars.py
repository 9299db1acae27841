"""What follows, for a while, from not coming to what one signed up for; the no-shows themselves are attendance's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core import clock
from app.core.text import N_, Message


class Consequence(StrEnum):
    """Seats by request only, or none at all."""

    REQUEST = "request"
    PAUSE = "pause"


_WORDS: Mapping[Consequence, str] = {
    Consequence.REQUEST: N_(
        "%(within)s 天内你有 %(missed)s 次报了名没有到场。到 %(until)s 为止，每个任务都要先申请，由站点选人。"
    ),
    Consequence.PAUSE: N_(
        "%(within)s 天内你有 %(missed)s 次报了名没有到场。到 %(until)s 为止不能报名。确有原因，请在“未到场记录”里说明。"
    ),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """What keeps a person from signing up freely, since so many no-shows and until when."""

    consequence: Consequence
    missed: int
    within_days: int
    until: datetime

    def words(self) -> Message:
        """Say it to the person it concerns."""
        until = clock.local(self.until).strftime("%Y-%m-%d %H:%M")
        return Message(_WORDS[self.consequence], {"within": self.within_days, "missed": self.missed, "until": until})
