"""Judging the decided steps of a purchase again, each with the figures of one day.

A step brings the judgement that its service asked for when it was taken, bound to the facts that were recorded then.
The figures are looked up only as a judgement asks for them, so that what is listed is exactly what judged.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.core import clock
from app.core.calendar import Calendar
from app.core.text import N_, Message
from procurement.blocks import Block, Figure, Source, house

RULEBOOK = house(N_("规则库"))


class DecidedStep(StrEnum):
    """The steps that every method may have; a tender's own steps keep their names beside them."""

    REQUEST = "request"
    RESERVE = "reserve"
    INVITE = "invite_quotations"
    OPEN = "open_quotations"
    COMPARE = "compare_quotations"
    APPROVE = "approve"
    OFFER = "offer_contract"
    PAYMENT_TERMS = "payment_terms"
    SIGN = "sign_contract"
    PUBLISH = "publish_contract"
    FILE = "file_contract"
    AMEND = "amend_contract"
    END_EARLY = "end_contract_early"
    ACCEPT = "accept"


class LawOfDay(dict[str, Figure]):
    """The figures of one day, taken as a judgement asks for them; what it holds afterwards is what judged."""

    def __init__(self, look_up: Callable[[str], Figure | None]) -> None:
        """Keep how a figure is looked up."""
        super().__init__()
        self._look_up = look_up

    def __missing__(self, key: str) -> Figure:
        """Look a figure up that must be there."""
        found = self.known(key)
        if found is None:
            raise NoRuleOfDay(key)
        return found

    def known(self, key: str) -> Figure | None:
        """Return a figure that may be missing, for what holds only where somebody set it."""
        found = self._look_up(key)
        if found is not None:
            self[key] = found
        return found


class NoRuleOfDay(KeyError):
    """The rulebook has no such figure for the day."""


Judge = Callable[[LawOfDay, Calendar], Iterable[Block]]


@dataclass(frozen=True, slots=True)
class PastStep:
    """One decided step: what it was, when, about which of several things, and how it is judged."""

    kind: StrEnum
    at: datetime
    judge: Judge
    subject: str = ""  # the number of a contract, supplement or order, where there may be several
    articles: tuple[Source, ...] = ()  # what judges it without a figure
    law_of: date | None = None  # the day whose law holds, where it is not the step's own
    taken: bool = True  # a duty that nobody did yet is told only where it is overdue

    @property
    def day(self) -> date:
        """Return the day whose law holds for the step."""
        return self.law_of or clock.local(self.at).date()


@dataclass(frozen=True, slots=True)
class Weighed:
    """A figure that judged a step, as it stood then and as it stands on the other day."""

    key: str
    then: Figure | None
    now: Figure | None

    @property
    def differs(self) -> bool:
        """Tell whether the other day has another value, or takes it from elsewhere."""
        if self.then is None or self.now is None:
            return self.then is not self.now
        sources = [(figure.value, figure.unit, figure.source.document, figure.source.article)
                   for figure in (self.then, self.now)]  # fmt: skip
        return sources[0] != sources[1]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the law of the step's day has against it, and what the law of the other day would have."""

    step: PastStep
    weighed: tuple[Weighed, ...]
    then: tuple[Block, ...]
    now: tuple[Block, ...]

    @property
    def still_right(self) -> bool:
        """Tell whether the step stands by the law of its own day."""
        return not self.then

    @property
    def quiet(self) -> bool:
        """Tell whether there is nothing to say: right on both days, by the same figures."""
        return not (self.then or self.now or any(one.differs for one in self.weighed))


Lookup = Callable[[str, date], Figure | None]


def reexamined(steps: Sequence[PastStep], look_up: Lookup, days: Calendar, another_day: date) -> list[Verdict]:
    """Judge every step again in the order in which they were taken."""
    verdicts = [_verdict(step, look_up, days, another_day) for step in sorted(steps, key=lambda step: step.at)]
    return [verdict for verdict in verdicts if verdict.step.taken or verdict.then]


def _verdict(step: PastStep, look_up: Lookup, days: Calendar, another_day: date) -> Verdict:
    then_law = LawOfDay(lambda key: look_up(key, step.day))
    now_law = LawOfDay(lambda key: look_up(key, another_day))
    then, now = _judged(step, then_law, days), _judged(step, now_law, days)
    weighed = tuple(
        Weighed(key, look_up(key, step.day), look_up(key, another_day)) for key in dict.fromkeys([*then_law, *now_law])
    )
    return Verdict(step, weighed, then, now)


def _judged(step: PastStep, law: LawOfDay, days: Calendar) -> tuple[Block, ...]:
    try:
        return tuple(step.judge(law, days))
    except NoRuleOfDay as missing:
        key = str(missing.args[0])
        return (
            Block(
                "rule_missing",
                RULEBOOK,
                Message(N_("规则库中没有当日适用的“%(key)s”，无法判断。"), {"key": key}),
                Message(N_("请规则管理人员补录。")),
                key,
            ),
        )
