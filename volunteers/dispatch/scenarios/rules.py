"""What may be changed in thought, and the day of somebody who would come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.core import clock
from app.core.errors import DomainError
from app.core.text import N_, Message

MOST_PEOPLE, MOST_KM = 20, 100
NEWCOMER = "new-"
"""What the name of somebody begins with who does not exist yet; their number follows."""
DAY_BEGINS, DAY_ENDS = 8 * 60, 18 * 60
HALVES = ((8 * 60 + 30, 12 * 60), (13 * 60, 17 * 60 + 30))
BETWEEN_VISITS = 30
"""Minutes left for the way from one village to its neighbour."""
USUAL_MINUTES = 150


UNCHANGED, TWICE = 100, 200
PERCENTS = (0, 50, 200, 300)
"""How much of its weight may count instead: nothing, half, double, three times."""


class Weight(StrEnum):
    """What burdens a plan, each with a weight of its own in the settings."""

    FAIRNESS = "fairness"
    PREFERENCE = "preference"
    KM = "km"
    CONTINUITY = "continuity"


class NothingIsRed(DomainError):
    """Where every place is seen to, there is nothing to ask."""

    code, status, message = "nothing_is_red", 409, N_("这个区县现在没有红色的地方，不用再加人。")


class NothingToPublish(DomainError):
    """Nobody would go anywhere by it."""

    code, status, message = "nothing_to_publish", 409, N_("按这个办法没有一个地方会有人去，没有可发布的。")


class WeightsAreSettings(DomainError):
    """Other weights are no plan of a week: they are stated for all weeks to come."""

    code, status, message = "weights_are_settings", 409, N_("轻重改了才会这样排：请到排班设置里改，下次排班就照新的。")


class ScenarioIsOver(DomainError):
    """The world has moved on too far from what was asked about."""

    code, status, message = "scenario_is_over", 409, N_("这些地方现在都不是红色了，不用再发布。")


@dataclass(frozen=True, slots=True)
class Levers:
    """What is changed: so many people more of a kind, on one weekday (0: Monday) or all week; longer ways; a weight."""

    people: int
    credential: str
    weekday: int | None
    radius_km: int
    weight: Weight | None = None
    percent: int = UNCHANGED

    @property
    def weighs(self) -> bool:
        """Tell whether something counts more or less than it does."""
        return self.weight is not None and self.percent != UNCHANGED


def faults(levers: Levers, counted: Sequence[str], week: date, today: date) -> dict[str, Message]:
    """Return what is wrong with a question, by field; ``counted`` are the credentials whose visit counts."""
    found: dict[str, Message] = {}
    if levers.weight is not None and levers.percent == UNCHANGED:
        found["percent"] = Message(N_("和现在一样重，等于没有改。"))
    elif not levers.people and not levers.radius_km and not levers.weighs:
        found["people"] = Message(N_("什么都没有改。请写加几个人，或每人多走几公里，或改一项的轻重。"))
    if levers.people and levers.credential not in counted:
        found["credential"] = Message(N_("这条承诺不算这种人，请换一种。"))
    if week + timedelta(days=6) <= today:
        found["week"] = Message(N_("这一周已经过去，请选后面的周。"))
    elif levers.weekday is not None and week + timedelta(days=levers.weekday) <= today:
        found["weekday"] = Message(N_("这一天已经过去，请选以后的一天。"))
    return found


def hours_of_the_day(minutes: int) -> list[int]:
    """Return when visits of a length begin that one person makes one after the other on a day."""
    begins = []
    for first, last in HALVES:
        at = first
        while at + minutes <= last:
            begins.append(at)
            at += minutes + BETWEEN_VISITS
    return begins or [9 * 60]


def route(start: tuple[int, int], points: Mapping[int, tuple[int, int]]) -> list[int]:
    """Return places in an order in which neighbours follow each other, from a point on."""
    left, at, ordered = dict(points), start, []
    while left:
        nearest = min(left, key=lambda one: (abs(left[one][0] - at[0]) + abs(left[one][1] - at[1]), one))
        at = left.pop(nearest)
        ordered.append(nearest)
    return ordered


def moved_times(ordered: Sequence[int], day: date, minutes: int) -> dict[int, tuple[datetime, datetime]]:
    """Return when each place is visited if those who follow each other are one person's day."""
    begins = hours_of_the_day(minutes)
    found = {}
    for number, place in enumerate(ordered):
        at = begins[number % len(begins)]
        starts = clock.at_local(day, time(at // 60, at % 60))
        found[place] = starts, starts + timedelta(minutes=minutes)
    return found


def spread_over(people: int, red: Mapping[str, int]) -> list[str]:
    """Return where each new person of a whole city is stationed: always where most red places are left for each.

    The method of D'Hondt: who comes next goes where red places divided by the people there with them are most.
    """
    sent = dict.fromkeys(red, 0)
    for _ in range(people if red else 0):
        sent[max(sorted(red), key=lambda code: red[code] / (sent[code] + 1))] += 1
    return [code for code, number in sorted(sent.items()) for _ in range(number)]
