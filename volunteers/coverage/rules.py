"""What a place is promised, when it is due, and how it stands: pure functions, which the database states as well.

Every village and community has its legal adviser, who comes regularly
(司法部关于进一步加强和规范村（居）法律顾问工作的意见, 司发通〔2018〕5号; no officer has verified the citation yet).
How often is the office's own promise: a dated row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.core import clock
from app.core.errors import DomainError
from app.core.text import N_

LONGEST_WORDS = 300


class Level(StrEnum):
    """To which places a rule promises something."""

    VILLAGE = "village"
    TOWN = "town"


class Every(StrEnum):
    """Into which periods a rule divides time; one visit is owed in each."""

    MONTH = "month"
    WEEK = "week"
    DAYS = "days"


class State(StrEnum):
    """How a place stands under a rule today, the best first."""

    SEEN = "seen"
    COMING = "coming"
    UNCONFIRMED = "unconfirmed"
    LATE = "late"
    ASKED = "asked"
    TIME = "time"
    DUE = "due"
    OVERDUE = "overdue"


class Colour(StrEnum):
    """The three colours of the map."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


COLOURS: Mapping[State, Colour] = {
    State.SEEN: Colour.GREEN,
    State.COMING: Colour.GREEN,
    State.UNCONFIRMED: Colour.AMBER,
    State.LATE: Colour.AMBER,
    State.ASKED: Colour.AMBER,
    State.TIME: Colour.AMBER,
    State.DUE: Colour.RED,
    State.OVERDUE: Colour.RED,
}
LEVEL_NAMES: Mapping[Level, str] = {Level.VILLAGE: N_("村社"), Level.TOWN: N_("乡镇街道")}
EVERY_NAMES: Mapping[Every, str] = {Every.MONTH: N_("每月"), Every.WEEK: N_("每周"), Every.DAYS: N_("每几天")}
DIGITS: Mapping[Level, int] = {Level.VILLAGE: 12, Level.TOWN: 9}
"""How long the codes of such places are."""


class RuleRefused(DomainError):
    """The rule is not in order; ``fields`` names what."""

    code, status, message = "coverage_rule_refused", 422, N_("有内容需要修改，请看标出的位置。")


class RuleInThePast(DomainError):
    """Nobody is promised anything for days that are over."""

    code, status, message = "coverage_rule_not_in_the_past", 422, N_("从今天或以后的日期开始。")


class RuleEndsBeforeItBegins(DomainError):
    """The last day comes after the first."""

    code, status, message = "coverage_rule_term", 422, N_("结束日期不能早于开始日期。")


class RuleWithoutPlaces(DomainError):
    """No town lies in a village."""

    code, status, message = "coverage_rule_has_places", 422, N_("这个地方下面没有乡镇街道。")


class EndedAlready(DomainError):
    """A rule ends once."""

    code, status, message = "coverage_ended_already", 409, N_("这条规则已经有结束日期了。")


class EndsInThePast(DomainError):
    """What was promised until today stays promised."""

    code, status, message = "coverage_ending_not_in_the_past", 422, N_("最早到昨天为止，请选以后的日期。")


class VisitPastMidnight(DomainError):
    """A visit ends on its day."""

    code, status, message = "visit_day_ends_that_day", 422, N_("结束时间要在当天。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "coverage_rule_not_in_the_past": RuleInThePast,
    "coverage_rule_term": RuleEndsBeforeItBegins,
    "coverage_rule_has_places": RuleWithoutPlaces,
    "coverage_ending_once": EndedAlready,
    "coverage_ending_not_in_the_past": EndsInThePast,
    "visit_day_ends_that_day": VisitPastMidnight,
}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often: the periods, counted from the rule's first day where they are so many days."""

    every: Every
    days: int | None
    anchor: date


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a place under a rule: days on the wall calendar of Hangzhou, None where there is none."""

    last_visit: date | None
    coming: date | None
    unconfirmed: date | None
    asked: date | None


def period_of(rhythm: Rhythm, day: date) -> tuple[date, date]:
    """Return the first and the last day of the period that a day lies in."""
    if rhythm.every is Every.MONTH:
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if rhythm.every is Every.WEEK:
        first = clock.week_start(day)
        return first, first + timedelta(days=6)
    length = rhythm.days or 1
    first = rhythm.anchor + timedelta(days=(day - rhythm.anchor).days // length * length)
    return first, first + timedelta(days=length - 1)


def due_by(rhythm: Rhythm, last_visit: date | None) -> date:
    """Return the last day for the next visit: the end of the period after the last visit's, or of the rule's first."""
    first = rhythm.anchor
    if last_visit is not None:
        first = max(first, period_of(rhythm, last_visit)[1] + timedelta(days=1))
    return period_of(rhythm, first)[1]


def state_of(rhythm: Rhythm, alert_days: int, facts: Facts, today: date) -> State:
    """Return how a place stands. Who is late has until the end of this period to be helped by somebody who comes.

    Somebody who comes soon after it is late, and no alarm: soon is as many days as the alarm comes before.
    """
    due, ends = due_by(rhythm, facts.last_visit), period_of(rhythm, today)[1]
    soon = ends + timedelta(days=alert_days)
    if due > ends:
        return State.SEEN
    if facts.coming is not None and facts.coming <= ends:
        return State.COMING
    if facts.unconfirmed is not None and facts.unconfirmed >= period_of(rhythm, due)[0]:
        return State.UNCONFIRMED
    if facts.coming is not None and facts.coming <= soon:
        return State.LATE
    if facts.asked is not None and facts.asked <= soon:
        return State.ASKED
    if (due - today).days > alert_days:
        return State.TIME
    return State.OVERDUE if due < today else State.DUE
