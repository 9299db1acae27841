"""The longest periods of a tender: each step that had to follow within so many days, and whether it did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.core.calendar import Calendar, deadline
from app.core.text import N_, Message
from procurement.blocks import Block, Figure
from procurement.purchases.tenders import law
from procurement.purchases.tenders.challenges.rules import dossiers
from procurement.purchases.tenders.facts import StepKind, TenderFile, day_of
from procurement.purchases.tenders.law import Figures

K = StepKind
FIGURES = (law.REPORT, law.CHOICE, law.RESULT, law.ANSWER, law.DECISION)


@dataclass(frozen=True, slots=True)
class Clock:
    """One period: from when, until when at the latest, and when it was done."""

    name: str
    figure: Figure
    started_on: date
    last_day: date
    done_on: date | None
    challenge: int = 0  # the number of the challenge that it is about

    def late(self, today: date) -> bool:
        """Tell whether it was done too late, or is late now."""
        return (self.done_on or today) > self.last_day


def clocks(file: TenderFile, figures: Figures, days: Calendar, ended_by: StepKind | None = None) -> list[Clock]:
    """Return the periods that have begun, or only those that a kind of step ends."""
    return [
        Clock(name, figures[key], start, deadline(days, start, figures[key].value, figures[key].unit), done, number)
        for name, key, start, done, end, number in (*_periods(file), *_of_challenges(file))
        if ended_by in (None, end)
    ]


def late_blocks(clock: Clock, today: date) -> list[Block]:
    """Say of a period that its last day passed before what had to follow."""
    if not clock.late(today):
        return []
    return [
        Block(
            "period_passed",
            clock.figure.source,
            Message(
                N_("“%(name)s”应在%(day)s以前完成。"), {"name": Message(clock.name), "day": clock.last_day.isoformat()}
            ),
            Message(N_("请说明原因；以后在期限内办理。")),
            clock.figure.until(clock.last_day),
        )
    ]


_Period = tuple[str, str, date, date | None, StepKind, int]


def _periods(file: TenderFile) -> Iterator[_Period]:
    evaluated, award, result = file.of(K.EVALUATE), file.of(K.AWARD), file.of(K.PUBLISH_RESULT)
    first = next((step for step in file.steps if step.kind is K.AWARD), None)
    if evaluated:
        reported = first.facts.reported_on if first else None
        yield N_("送交评审报告"), law.REPORT, day_of(evaluated), reported, K.AWARD, 0
    if first:
        yield N_("采购人确定供应商"), law.CHOICE, first.facts.reported_on, day_of(first), K.AWARD, 0
    if award:
        published = day_of(result) if result and result.at >= award.at else None
        yield N_("公告结果"), law.RESULT, day_of(award), published, K.PUBLISH_RESULT, 0


def _of_challenges(file: TenderFile) -> Iterator[_Period]:
    """The buyer's time to answer, ended by a complaint about its silence too, and finance's to decide."""
    for one in dossiers(file):
        answer, complaint, decision = one.of(K.SETTLE_CHALLENGE), one.of(K.COMPLAIN), one.of(K.DECIDE_COMPLAINT)
        answered = day_of(answer) if answer else None
        yield N_("答复质疑"), law.ANSWER, day_of(one.raised), answered, K.SETTLE_CHALLENGE, one.number
        if complaint:
            decided = day_of(decision) if decision else None
            yield N_("处理投诉"), law.DECISION, day_of(complaint), decided, K.DECIDE_COMPLAINT, one.number
