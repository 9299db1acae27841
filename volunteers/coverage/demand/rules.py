"""The shift that is made for a place: when, with which seat, and how it is called."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from app.core.calendar import Calendar
from app.core.text import N_
from volunteers.assignments.rules import AssignmentDraft, Compensation, Kind, PositionDraft
from volunteers.coverage.days.rules import VisitDay, at, day_for, window
from volunteers.coverage.rules import Level
from volunteers.people.credentials.rules import KIND_NAMES, CredentialKind

USUAL_KINDS: Mapping[Level, Kind] = {Level.VILLAGE: Kind.VILLAGE, Level.TOWN: Kind.DUTY}
TITLES: Mapping[Level, tuple[str, str]] = {
    Level.VILLAGE: (N_("%(place)s：法律顾问日"), "Adviser's day at %(place)s"),
    Level.TOWN: (N_("%(place)s：驻点值班"), "Duty at %(place)s"),
}
MOST_ATTEMPTS = 4


class Promise(Protocol):
    """What of a rule a shift is made from."""

    @property
    def level(self) -> Level: ...
    @property
    def kind(self) -> Kind | None: ...
    @property
    def credentials_any(self) -> tuple[CredentialKind, ...]: ...
    @property
    def minutes(self) -> int: ...
    @property
    def compensation(self) -> Compensation: ...
    @property
    def insured(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Lack:
    """A place for which nothing is planned in the period that is owed next, and the station that answers for it."""

    place_id: int
    code: str
    name_zh: str
    name_en: str
    station_id: int
    period_start: date
    due: date
    attempt: int

    @property
    def town(self) -> str:
        """Return the code of its town."""
        return self.code[:9]


def drafts(
    rule: Promise,
    lacks: Sequence[Lack],
    days: Mapping[int, VisitDay],
    load: dict[tuple[str, date], int],
    calendar: Calendar,
    today: date,
) -> Iterator[AssignmentDraft]:
    """Yield a shift for each place in turn; each one counts as load of its town for those after it."""
    for lack in lacks:
        choice = window(today, lack.period_start, lack.due)
        usual = days.get(lack.place_id)
        day = day_for(choice, usual, {one: load.get((lack.town, one), 0) for one in choice}, calendar)
        load[lack.town, day] = load.get((lack.town, day), 0) + 1
        yield draft(rule, lack, *at(day, usual, rule.minutes))


def draft(rule: Promise, lack: Lack, starts: datetime, ends: datetime) -> AssignmentDraft:
    """Return the shift of one place at some time."""
    zh, en = TITLES[rule.level]
    return AssignmentDraft(
        kind=rule.kind or USUAL_KINDS[rule.level],
        title_zh=zh % {"place": lack.name_zh},
        title_en=en % {"place": lack.name_en or lack.name_zh},
        place_id=lack.place_id,
        station_id=lack.station_id,
        starts=starts,
        ends=ends,
        compensation=rule.compensation,
        insured=rule.insured,
        positions=(seat(rule.credentials_any),),
        continuity=rule.level is Level.VILLAGE,
    )


def seat(credentials: Sequence[CredentialKind]) -> PositionDraft:
    """Return the one seat that the promise asks for."""
    first = credentials[0]
    english = first.value.replace("_", " ")
    return PositionDraft(KIND_NAMES[first], 1, 1, english, tuple(kind.value for kind in credentials))
