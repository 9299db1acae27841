"""The week's work: duty at every station, lectures, visits, mediation, home visits."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core import clock, database
from app.core.access import Principal, Role
from marketplace.places.service import NewStation, mark_shortage, open_stations
from procurement.demonstration import cast, invention
from procurement.demonstration.scale import Scale
from procurement.demonstration.training import asking, induction
from volunteers.assignments.rules import AssignmentDraft, Compensation, Kind, PositionDraft
from volunteers.assignments.service import publish_assignments

HALVES = ((time(9), time(11, 45)), (time(14), time(16, 45)))
SHORT_SHARE, GREEN_SHARE, DIALECT_SHARE = 0.06, 0.05, 0.12
LAWYERS = ("lawyer", "legal_worker")


@dataclass(frozen=True, slots=True)
class Ground:
    """A place with the station that answers for it."""

    place_id: int
    code: str
    name_zh: str
    name_en: str
    rural: bool
    station_id: int


SeatsOf = Callable[[random.Random, Ground], tuple[Compensation, tuple[PositionDraft, ...]]]
"""Draws what an assignment at a place pays and which seats it has."""


async def open_town_stations(scale: Scale) -> int:
    """Open a station at every town that takes part."""
    words = invention.vocabulary()["station"]
    towns = await database.fetch(
        "SELECT code, name_zh, name_en FROM place WHERE level = 'town' AND code LIKE $1 || '%' ORDER BY code",
        scale.place_code,
    )
    named = [(row["code"], row["name_zh"], row["name_en"]) for row in towns]
    stations = [
        NewStation(code, "town", words["zh"].format(place=zh), words["en"].format(place=en)) for code, zh, en in named
    ]
    return await open_stations(cast.FOUNDER, stations)


async def mark_shortages(scale: Scale) -> int:
    """Mark some rural towns and villages as short of lawyers."""
    draw = invention.generator("shortage")
    rows = await database.fetch(
        """SELECT code FROM place WHERE code LIKE $1 || '%' AND left(code, 6) >= '330111'
           AND (rural OR level = 'town') ORDER BY code""",
        scale.place_code,
    )
    short = [row["code"] for row in rows if draw.random() < SHORT_SHARE]
    return await mark_shortage(cast.FOUNDER, short, short=True)


async def grounds(scale: Scale, level: str) -> list[Ground]:
    """Return the towns or villages that take part, each with its town's station."""
    rows = await database.fetch(
        """SELECT p.id AS place_id, p.code, p.name_zh, p.name_en, p.rural, s.id AS station_id
           FROM place p JOIN place town ON town.code = left(p.code, 9) JOIN station s ON s.place_id = town.id
           WHERE p.level = $2 AND p.code LIKE $1 || '%' ORDER BY p.code""",
        scale.place_code,
        level,
    )
    return [Ground(**row) for row in rows]


async def publish_week(officers: dict[Role, Principal], scale: Scale, monday: date) -> int:
    """Publish the week's assignments as the coordinator; return how many seats they have."""
    towns, villages = await grounds(scale, "town"), await grounds(scale, "village")
    drafts = [draft for town in towns for draft in _duty(town, monday, scale.duty_shifts_per_station)]
    drafts += _visits(scale, villages, monday)
    drafts += _spread(Kind.LECTURE, scale.lectures, villages, monday, _lecture_seats)
    drafts += _spread(Kind.MEDIATION, scale.mediations, villages, monday, _mediation_seats)
    drafts += _spread(Kind.HOME_VISIT, scale.home_visits, villages, monday, _home_visit_seats)
    await publish_assignments(officers[Role.COORDINATOR], drafts)
    return sum(position.capacity for draft in drafts for position in draft.positions)


async def publish_next_week(officers: dict[Role, Principal], scale: Scale, monday: date) -> int:
    """Publish a smaller week that is still to come, for visitors of the site to sign up for."""
    villages = await grounds(scale, "village")
    drafts = asking(
        _spread(Kind.VILLAGE, scale.open_next_week, villages, monday, _unpaid_visit_seats, "next"), await induction()
    )
    await publish_assignments(officers[Role.COORDINATOR], drafts)
    return len(drafts)


def _duty(town: Ground, monday: date, shifts: int) -> list[AssignmentDraft]:
    draw = invention.generator(f"duty/{town.code}/{monday}")
    slots = [(day, half) for day in range(5) for half in HALVES][:shifts]
    return [
        _draft(draw, Kind.DUTY, town, _at(monday, day, half), Compensation.SUBSIDY, _duty_seats(draw, town))
        for day, half in slots
    ]


def duty_at(town: Ground, starts: datetime, ends: datetime) -> AssignmentDraft:
    """Return a duty of one lawyer at a town's station."""
    draw = invention.generator(f"duty/{town.code}/{starts}")
    return _draft(draw, Kind.DUTY, town, (starts, ends), Compensation.SUBSIDY, (seat("lead", ("lawyer",)),))


def _visits(scale: Scale, villages: Sequence[Ground], monday: date) -> list[AssignmentDraft]:
    paid = scale.village_visits * 3 // 5
    return [
        *_spread(Kind.VILLAGE, paid, villages, monday, _paid_visit_seats, "paid"),
        *_spread(Kind.VILLAGE, scale.village_visits - paid, villages, monday, _unpaid_visit_seats, "unpaid"),
    ]


def _spread(
    kind: Kind, count: int, villages: Sequence[Ground], monday: date, seats: SeatsOf, topic: str = ""
) -> list[AssignmentDraft]:
    """Spread assignments of one kind over villages and the week."""
    draw = invention.generator(f"{kind.value}/{topic}/{monday}")
    chosen = [draw.choice(villages) for _ in range(count)]
    return [
        _draft(draw, kind, village, _at(monday, draw.randrange(7), draw.choice(HALVES)), *seats(draw, village))
        for village in chosen
    ]


def _draft(
    draw: random.Random, kind: Kind, where: Ground, when: tuple[datetime, datetime], paid: Compensation,
    positions: tuple[PositionDraft, ...],
) -> AssignmentDraft:  # fmt: skip
    title = invention.vocabulary()["assignments"][kind.value]
    return AssignmentDraft(
        kind=kind,
        title_zh=title["zh"].format(place=where.name_zh),
        title_en=title["en"].format(place=where.name_en),
        place_id=where.place_id,
        station_id=where.station_id,
        starts=when[0],
        ends=when[1],
        compensation=paid,
        insured=True,
        positions=positions,
        green=kind in (Kind.VILLAGE, Kind.HOME_VISIT, Kind.MEDIATION) and draw.random() < GREEN_SHARE,
        continuity=kind is Kind.VILLAGE,
    )


def _at(monday: date, day: int, half: tuple[time, time]) -> tuple[datetime, datetime]:
    on = monday + timedelta(days=day)
    return clock.at_local(on, half[0]), clock.at_local(on, half[1])


def seat(
    role: str, credentials: tuple[str, ...] = (), minimum: int = 1, languages: tuple[str, ...] = ()
) -> PositionDraft:
    """Return one seat of a role."""
    words = invention.vocabulary()["roles"][role]
    return PositionDraft(words["zh"], 1, minimum, words["en"], credentials, languages_all=languages)


def _dialect(draw: random.Random, where: Ground) -> tuple[str, ...]:
    spoken = invention.vocabulary()["dialects"].get(where.code[:6])
    return (spoken,) if where.rural and spoken and draw.random() < DIALECT_SHARE else ()


def _duty_seats(draw: random.Random, where: Ground) -> tuple[PositionDraft, ...]:
    lead = seat("lead", LAWYERS, languages=_dialect(draw, where))
    return (lead, seat("support", LAWYERS, minimum=0)) if draw.random() < 0.1 else (lead,)


def _lecture_seats(draw: random.Random, where: Ground) -> tuple[Compensation, tuple[PositionDraft, ...]]:
    return Compensation.SUBSIDY, (seat("lead", ("lawyer", "lecturer"), languages=_dialect(draw, where)),)


def _mediation_seats(draw: random.Random, where: Ground) -> tuple[Compensation, tuple[PositionDraft, ...]]:
    lead = seat("lead", ("mediator", "retired_judge", "lawyer"), languages=_dialect(draw, where))
    more = (seat("support", ("mediator", "law_student"), minimum=0),) if draw.random() < 0.5 else ()
    return Compensation.UNPAID, (lead, *more)


def _home_visit_seats(draw: random.Random, where: Ground) -> tuple[Compensation, tuple[PositionDraft, ...]]:
    del draw, where
    return Compensation.UNPAID, (seat("lead"), seat("support"))


def _paid_visit_seats(draw: random.Random, where: Ground) -> tuple[Compensation, tuple[PositionDraft, ...]]:
    return Compensation.SUBSIDY, (seat("lead", LAWYERS, languages=_dialect(draw, where)),)


def _unpaid_visit_seats(draw: random.Random, where: Ground) -> tuple[Compensation, tuple[PositionDraft, ...]]:
    lead = seat("lead", ("law_student", "legal_worker", "lawyer", "mediator"), languages=_dialect(draw, where))
    third = (seat("support", minimum=0),) if draw.random() < 0.4 else ()
    return Compensation.UNPAID, (lead, seat("support"), *third)
