"""Why not me: every rule that keeps a person from a seat, on plain values; hints for what only gives pause.

The numbers in brackets are the hard rules of the dispatch format, so that what a person may choose and what the
solver may propose are the same. The database holds rules 2, 4, 6 and 8 as well, and that of trainings.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.core import clock
from app.core.text import N_, Message
from volunteers.assignments.rules import Kind
from volunteers.assignments.sign_ups.bars import Bar, Consequence
from volunteers.assignments.sign_ups.rules import (
    OWN_CHOICE,
    AlreadySignedUp,
    AskFirst,
    ElsewhereAtThatTime,
    Hint,
    NoTimeForTravel,
    NotOpenForSignUp,
    Origin,
    Reason,
    RecusedFromParty,
    ShiftIsFull,
    listed,
    listed_titles,
)
from volunteers.people.credentials.rules import KIND_NAMES as CREDENTIAL_NAMES
from volunteers.people.credentials.rules import CredentialKind, HeldCredential
from volunteers.people.exceptions.rules import Stretch, is_away, is_extra
from volunteers.people.rules import LANGUAGE_NAMES, SKILL_NAMES, Limits, Window, is_free
from volunteers.people.served.rules import serves
from volunteers.people.trainings.rules import HeldTraining, NeededTraining, missing


@dataclass(frozen=True, slots=True)
class TravelRule:
    """How fast people get about and how long they rest between two days."""

    speed_m_per_min: int
    setup_min: int
    min_rest_min: int


KnownWays = Mapping[tuple[int, int], int]
"""Minutes from one place's id to another's, where somebody knows better than the estimate."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """A stretch of time at a point, on an assignment."""

    assignment_id: int
    starts: datetime
    ends: datetime
    east_m: int
    north_m: int
    place_id: int = 0

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return int((self.ends - self.starts).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Seat:
    """A position with what its assignment adds to it."""

    position_id: int
    kind: Kind
    status: str
    at: Engagement
    parties: frozenset[str]
    credentials_any: tuple[str, ...]
    skills_all: tuple[str, ...]
    languages_all: tuple[str, ...]
    gender: str | None
    free: int
    travel: TravelRule
    by_request: bool = False
    place_code: str = ""
    trainings: tuple[NeededTraining, ...] = ()
    station_id: int = 0
    regulars_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person as eligibility sees them; ``engagements`` are the live ones around the week, ``bar`` holds now."""

    person_id: int
    active: bool
    gender: str
    languages: frozenset[str]
    skills: frozenset[str]
    preferred_kinds: frozenset[str]
    limits: Limits
    home: tuple[int, int]
    credentials: tuple[HeldCredential, ...]
    recused_from: frozenset[str]
    windows: tuple[Window, ...]
    engagements: tuple[Engagement, ...]
    exceptions: tuple[Stretch, ...] = ()
    serves: tuple[str, ...] = ()
    trainings: tuple[HeldTraining, ...] = ()
    bar: Bar | None = None
    regular_at: frozenset[int] = frozenset()
    known_ways: KnownWays = field(default_factory=dict)

    def engaged(self, at: Engagement) -> "Candidate":
        """Return the person with one engagement more."""
        return replace(self, engagements=(*self.engagements, at))


Reasons = dict[Reason, Message]
HEAD_START_BINDS = OWN_CHOICE | {Origin.DISPATCH}
"""Whom a station chooses or hands in on a list, it lets in itself."""


def reasons_against(seat: Seat, person: Candidate, now: datetime, origin: Origin = Origin.SELF) -> Reasons:
    """Return every reason against the person on the seat; empty means that they may have it."""
    found = _about_the_assignment(seat, now, origin) | _about_the_person(seat, person)
    found |= _about_no_shows(seat, person, origin) | _about_their_time(seat, person)
    if seat.free <= 0 and Reason.ALREADY_SIGNED_UP not in found:
        found[Reason.SEATS_TAKEN] = Message(ShiftIsFull.message)
    if seat.by_request and origin in OWN_CHOICE and Reason.ALREADY_SIGNED_UP not in found:
        found[Reason.ASK_FIRST] = Message(AskFirst.message)
    if origin in HEAD_START_BINDS and waits_for_regulars(seat, person, now):
        found[Reason.REGULARS_FIRST] = _until(seat)
    return found


def waits_for_regulars(seat: Seat, person: Candidate, now: datetime) -> bool:
    """Tell whether the seat is still for the station's regulars, and the person is none of them."""
    return seat.regulars_until is not None and now < seat.regulars_until and seat.station_id not in person.regular_at


def _until(seat: Seat) -> Message:
    until = clock.local(seat.regulars_until or seat.at.starts)
    text = N_("先请常来的人报名，%(until)s 起人人都能报。")
    return Message(text, {"until": f"{until:%Y-%m-%d %H:%M}"})


def hints_about(seat: Seat, person: Candidate) -> tuple[Hint, ...]:
    """Return what the person should know before saying yes (rules 1 and 5 bind dispatch only)."""
    found = []
    far = distance_m(person.home, (seat.at.east_m, seat.at.north_m)) > person.limits.max_travel_m
    if far and not serves(person.serves, seat.place_code):
        found.append(Hint.DISTANCE)
    if is_away(person.exceptions, seat.at.starts, seat.at.ends):
        found.append(Hint.AWAY)
    elif person.windows and not _is_free(person, seat.at):
        found.append(Hint.AVAILABILITY)
    if person.preferred_kinds and seat.kind not in person.preferred_kinds:
        found.append(Hint.OTHER_KIND)
    return tuple(found)


def _is_free(person: Candidate, at: Engagement) -> bool:
    return is_free(person.windows, at.starts, at.ends) or is_extra(person.exceptions, at.starts, at.ends)


def distance_m(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Return the distance along the axes, in metres, as the dispatch format measures it."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def travel_minutes(travel: TravelRule, one: Engagement, other: Engagement, known: KnownWays | None = None) -> int:
    """Return the minutes from one place to the other; none at the same place (rule 6)."""
    metres = distance_m((one.east_m, one.north_m), (other.east_m, other.north_m))
    if metres == 0:
        return 0
    estimate = travel.setup_min + -(-metres // travel.speed_m_per_min)
    return (known or {}).get((one.place_id, other.place_id), estimate)


def clashes(travel: TravelRule, one: Engagement, other: Engagement, known: KnownWays | None = None) -> Reason | None:
    """Return why nobody can do both, if so: they overlap, or leave no time for travel or rest (rule 6)."""
    first, second = (one, other) if one.starts <= other.starts else (other, one)
    if second.starts < first.ends:
        return Reason.ELSEWHERE
    gap = second.starts - first.ends
    another_day = clock.local(first.starts).date() != clock.local(second.starts).date()
    if gap < timedelta(minutes=travel_minutes(travel, first, second, known)):
        return Reason.TRAVEL_AND_REST
    return Reason.TRAVEL_AND_REST if another_day and gap < timedelta(minutes=travel.min_rest_min) else None


def _about_the_assignment(seat: Seat, now: datetime, origin: Origin) -> Reasons:
    found: Reasons = {}
    takes_people = ("open", "closed") if origin is Origin.DISPATCH else ("open",)
    if seat.status not in takes_people:
        found[Reason.NOT_OPEN] = Message(NotOpenForSignUp.message)
    if seat.at.starts <= now:
        found[Reason.STARTED] = Message(N_("任务已经开始。"))
    return found


def _about_the_person(seat: Seat, person: Candidate) -> Reasons:
    found: Reasons = {}
    if not person.active:
        found[Reason.NOT_ACTIVE] = Message(N_("你已暂停接任务。可在“我的资料”里恢复。"))
    if seat.credentials_any and not _holds_credential(seat, person):
        kinds = listed(CREDENTIAL_NAMES[CredentialKind(kind)] for kind in seat.credentials_any)
        found[Reason.CREDENTIAL] = Message(N_("需要已核验且当天有效的%(kinds)s（一种即可）。"), {"kinds": kinds})
    if untrained := missing_trainings(seat, person):
        titles = listed_titles((one.title_zh, one.title_en) for one in untrained)
        found[Reason.TRAINING] = Message(N_("需要先完成培训：%(titles)s，且当天有效。"), {"titles": titles})
    if lacking := [skill for skill in seat.skills_all if skill not in person.skills]:
        skills = listed(SKILL_NAMES.get(skill, skill) for skill in lacking)
        found[Reason.SKILL] = Message(N_("需要专长：%(skills)s。"), {"skills": skills})
    if lacking := [language for language in seat.languages_all if language not in person.languages]:
        languages = listed(LANGUAGE_NAMES.get(language, language) for language in lacking)
        found[Reason.LANGUAGE] = Message(N_("需要会：%(languages)s。"), {"languages": languages})
    if seat.gender is not None and seat.gender != person.gender:
        text = N_("当事人希望由女性前往。") if seat.gender == "F" else N_("当事人希望由男性前往。")
        found[Reason.GENDER] = Message(text)
    if seat.parties & person.recused_from:
        found[Reason.CONFLICT_OF_INTEREST] = Message(RecusedFromParty.message)
    return found


def missing_trainings(seat: Seat, person: Candidate) -> list[NeededTraining]:
    """Return the trainings that keep a person from a seat."""
    first, last = clock.local(seat.at.starts).date(), clock.local(seat.at.ends).date()
    return missing(seat.trainings, person.trainings, first, last)


def _about_no_shows(seat: Seat, person: Candidate, origin: Origin) -> Reasons:
    """Where the station chooses anyway, or has chosen, that seats are by request only changes nothing."""
    if person.bar is None:
        return {}
    if person.bar.consequence is Consequence.PAUSE:
        return {Reason.NO_SHOWS: person.bar.words()}
    bound = origin in OWN_CHOICE or origin is Origin.STANDING
    return {Reason.REQUEST_ONLY: person.bar.words()} if bound and not seat.by_request else {}


def _holds_credential(seat: Seat, person: Candidate) -> bool:
    first, last = clock.local(seat.at.starts).date(), clock.local(seat.at.ends).date()
    return any(held.kind in seat.credentials_any and held.covers(first, last) for held in person.credentials)


def _about_their_time(seat: Seat, person: Candidate) -> Reasons:
    others = person.engagements
    if any(other.assignment_id == seat.at.assignment_id for other in others):
        return {Reason.ALREADY_SIGNED_UP: Message(AlreadySignedUp.message)}
    found: Reasons = {}
    in_the_way = {clashes(seat.travel, seat.at, other, person.known_ways) for other in others}
    if Reason.ELSEWHERE in in_the_way:
        found[Reason.ELSEWHERE] = Message(ElsewhereAtThatTime.message)
    if Reason.TRAVEL_AND_REST in in_the_way:
        found[Reason.TRAVEL_AND_REST] = Message(NoTimeForTravel.message)
    return found | _about_their_limits(seat, others, person.limits)


def _about_their_limits(seat: Seat, others: Sequence[Engagement], limits: Limits) -> Reasons:
    """Rule 7: minutes of the day and week, shifts of the week, by the civil day on which they start."""
    found: Reasons = {}
    day = clock.local(seat.at.starts).date()
    same_week = [at for at in others if clock.week_start(clock.local(at.starts).date()) == clock.week_start(day)]
    same_day = [at for at in same_week if clock.local(at.starts).date() == day]
    if _total(same_day) + seat.at.minutes > limits.max_minutes_day:
        found[Reason.DAY_LIMIT] = Message(N_("超过你为自己定的每天时长上限。"))
    if _total(same_week) + seat.at.minutes > limits.max_minutes_week:
        found[Reason.WEEK_LIMIT] = Message(N_("超过你为自己定的每周时长上限。"))
    if len(same_week) + 1 > limits.max_shifts_week:
        found[Reason.SHIFT_LIMIT] = Message(N_("超过你为自己定的每周次数上限。"))
    return found


def _total(engagements: Iterable[Engagement]) -> int:
    return sum(at.minutes for at in engagements)
