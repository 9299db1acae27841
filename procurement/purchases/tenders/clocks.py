"""The longest periods of a tender: each step that had to follow within so many days, and whether it did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.core.calendar import Calendar, deadline
from app.core.text import N_
from procurement.blocks import Figure
from procurement.purchases.tenders import law
from procurement.purchases.tenders.facts import StepKind, TenderFile
from procurement.purchases.tenders.rules import Figures, day_of

FIGURES = (law.REPORT, law.CHOICE, law.RESULT, law.ANSWER)


@dataclass(frozen=True, slots=True)
class Clock:
    """One period: from when, until when at the latest, and when it was done."""

    name: str
    figure: Figure
    started_on: date
    last_day: date
    done_on: date | None

    def late(self, today: date) -> bool:
        """Tell whether it was done too late, or is late now."""
        return (self.done_on or today) > self.last_day


def clocks(file: TenderFile, figures: Figures, days: Calendar) -> list[Clock]:
    """Return the periods that have begun."""
    return [
        Clock(name, figures[key], start, deadline(days, start, figures[key].value, figures[key].unit), done)
        for name, key, start, done in _periods(file)
    ]


def _periods(file: TenderFile) -> Iterator[tuple[str, str, date, date | None]]:
    evaluated, award, result = file.of(StepKind.EVALUATE), file.of(StepKind.AWARD), file.of(StepKind.PUBLISH_RESULT)
    if evaluated:
        yield N_("送交评审报告"), law.REPORT, day_of(evaluated), award.facts.reported_on if award else None
    if award:
        yield N_("采购人确定供应商"), law.CHOICE, award.facts.reported_on, day_of(award)
        yield N_("公告结果"), law.RESULT, day_of(award), day_of(result) if result else None
    for number, step in enumerate(file.steps):
        if step.kind is StepKind.CHALLENGE:
            ends = (one for one in file.steps[number:] if one.kind is StepKind.SETTLE_CHALLENGE)
            settled = next(ends, None)
            yield N_("答复质疑"), law.ANSWER, day_of(step), day_of(settled) if settled else None
