"""A past purchase judged again: each step by the law of its own day, and by the law of another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.core.calendar import Calendar
from procurement.blocks import Block
from procurement.purchases.tenders.facts import Step, TenderFile
from procurement.purchases.tenders.rules import Figures, day_of, judge


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the law of the step's day has against it, and what the law of the other day would have."""

    step: Step
    then: tuple[Block, ...]
    now: tuple[Block, ...]

    @property
    def still_right(self) -> bool:
        """Tell whether the step stands by the law of its own day."""
        return not self.then


def reexamined(
    file: TenderFile, figures_on: Mapping[date, Figures], days: Calendar, another_day: date
) -> list[Verdict]:
    """Judge every step again, each against the steps before it only."""
    verdicts, before = [], TenderFile()
    for step in file.steps:
        then = judge(step, before, figures_on[day_of(step)], days)
        now = judge(step, before, figures_on[another_day], days)
        verdicts.append(Verdict(step, tuple(then), tuple(now)))
        before = before.with_step(step)
    return verdicts
