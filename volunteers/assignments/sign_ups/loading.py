"""Seats and people as eligibility sees them, each set by one statement however many there are."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from app.core import clock, database
from app.core.clock import at_local, week_start
from app.core.database import Row
from volunteers.assignments.rules import Kind
from volunteers.assignments.sign_ups.bars import Bar, Consequence
from volunteers.assignments.sign_ups.eligibility import Candidate, Engagement, KnownWays, Seat, TravelRule
from volunteers.people.credentials.rules import HeldCredential
from volunteers.people.exceptions.rules import ExceptionKind, Stretch
from volunteers.people.rules import Limits, Window
from volunteers.people.trainings.rules import HeldTraining, NeededTraining

_SEATS = """
SELECT p.id AS position_id, p.assignment_id, a.kind, a.status, a.starts, a.ends, a.east_m, a.north_m, a.place_id,
       a.parties, p.credentials_any, p.skills_all, p.languages_all, p.gender, p.capacity - p.booked AS free,
       a.sign_up_mode = 'request' AS by_request, a.station_id, a.regulars_until,
       ARRAY(SELECT (t.reference, t.title_zh, t.title_en) FROM training t
             WHERE t.reference = ANY (p.trainings_all) ORDER BY t.id) AS trainings,
       place.code AS place_code, rule.speed_m_per_min, rule.setup_min, rule.min_rest_min
FROM position p JOIN assignment a ON a.id = p.assignment_id JOIN place ON place.id = a.place_id
CROSS JOIN (SELECT * FROM travel_rule WHERE effective_from <= now() ORDER BY effective_from DESC LIMIT 1) AS rule
"""
_CANDIDATES = """
SELECT p.id, p.status, p.gender, p.languages, p.skills, p.preferred_kinds, p.home_east_m, p.home_north_m,
       p.max_minutes_day, p.max_minutes_week, p.max_shifts_week, p.max_travel_m,
       ARRAY(SELECT (c.kind, true, c.valid_from, c.valid_until) FROM credential c
             WHERE c.person_id = p.id AND c.verified_at IS NOT NULL) AS credentials,
       ARRAY(SELECT (t.reference, c.completed_on, c.valid_until)
             FROM training_completion c JOIN training t ON t.id = c.training_id
             WHERE c.person_id = p.id AND c.revoked_at IS NULL AND t.reference = ANY ($5)) AS trainings,
       ARRAY(SELECT r.party FROM recusal r WHERE r.person_id = p.id) AS recused_from,
       ARRAY(SELECT (w.weekday, w.from_minute, w.to_minute) FROM availability w
             WHERE w.person_id = p.id AND $4) AS windows,
       ARRAY(SELECT (x.kind, x.starts, x.ends) FROM availability_exception x
             WHERE x.person_id = p.id AND x.starts < $3 AND x.ends > $2 AND $4) AS exceptions,
       ARRAY(SELECT place.code FROM served_place v JOIN place ON place.id = v.place_id
             WHERE v.person_id = p.id AND $4) AS serves,
       ARRAY(SELECT (s.assignment_id, s.starts, s.ends, a.east_m, a.north_m, a.place_id)
             FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
             WHERE s.person_id = p.id AND s.live AND s.starts < $3 AND s.starts > $2) AS engagements,
       ARRAY(SELECT (b.consequence, b.missed, b.within_days, b.until_at) FROM sign_up_bar(p.id, $6) AS b) AS bars,
       ARRAY(SELECT station FROM unnest($7::bigint[]) AS station WHERE is_regular(station, p.id, $6)) AS regular_at
FROM person p WHERE p.id = ANY($1)
"""
_ENGAGEMENT = ("assignment_id", "starts", "ends", "east_m", "north_m", "place_id")
_BESIDE = timedelta(days=2)
"""How far beyond its week a seat's neighbours may lie: the longest assignment, a night's rest and some travel."""


async def seats(position_ids: Iterable[int]) -> dict[int, Seat]:
    """Return the positions that exist, by id."""
    rows = await database.fetch(f"{_SEATS} WHERE p.id = ANY($1)", list(set(position_ids)))
    return {row["position_id"]: _seat(row) for row in rows}


async def seats_of(reference: str) -> list[Seat]:
    """Return an assignment's positions by number."""
    rows = await database.fetch(f"{_SEATS} WHERE a.reference = $1 ORDER BY p.number", reference)
    return [_seat(row) for row in rows]


async def candidates(
    person_ids: Iterable[int], around: Iterable[Seat], with_windows: bool = False
) -> dict[int, Candidate]:
    """Return the people that exist, by id, with their engagements in the weeks of the seats."""
    wanted, now = list(around), clock.now()
    first, last = _weeks_of(wanted)
    trainings = {training.reference for seat in wanted for training in seat.trainings}
    ahead = {seat.station_id for seat in wanted if seat.regulars_until is not None and now < seat.regulars_until}
    ids = list(set(person_ids))
    rows = await database.fetch(_CANDIDATES, ids, first, last, with_windows, list(trainings), now, sorted(ahead))
    engaged = {row["id"]: tuple(Engagement(*at) for at in row["engagements"]) for row in rows}
    ways = await known_ways([seat.at for seat in wanted] + [at for theirs in engaged.values() for at in theirs])
    return {row["id"]: _candidate(row, engaged[row["id"]], ways) for row in rows}


async def known_ways(around: Iterable[Engagement]) -> KnownWays:
    """Return the known travel times between the places of some engagements; nothing to ask for one place alone."""
    places = {at.place_id for at in around}
    if len(places) == 1:
        return {}
    rows = await database.fetch(
        """SELECT from_place_id, to_place_id, minutes FROM travel_time
           WHERE from_place_id = ANY ($1) AND to_place_id = ANY ($1)""",
        list(places),
    )
    return {(row["from_place_id"], row["to_place_id"]): row["minutes"] for row in rows}


def _weeks_of(around: Iterable[Seat]) -> tuple[datetime, datetime]:
    days = [week_start(clock.local(seat.at.starts).date()) for seat in around]
    midnight = datetime.min.time()
    return at_local(min(days), midnight) - _BESIDE, at_local(max(days), midnight) + timedelta(days=7) + _BESIDE


def _seat(row: Row) -> Seat:
    return Seat(
        position_id=row["position_id"],
        kind=Kind(row["kind"]),
        status=row["status"],
        at=Engagement(*(row[name] for name in _ENGAGEMENT)),
        parties=frozenset(row["parties"]),
        credentials_any=tuple(row["credentials_any"]),
        skills_all=tuple(row["skills_all"]),
        languages_all=tuple(row["languages_all"]),
        gender=row["gender"],
        free=row["free"],
        travel=TravelRule(row["speed_m_per_min"], row["setup_min"], row["min_rest_min"]),
        by_request=row["by_request"],
        place_code=row["place_code"],
        trainings=tuple(NeededTraining(*needed) for needed in row["trainings"]),
        station_id=row["station_id"],
        regulars_until=row["regulars_until"],
    )


def _candidate(row: Row, engagements: tuple[Engagement, ...], ways: KnownWays) -> Candidate:
    return Candidate(
        person_id=row["id"],
        active=row["status"] == "active",
        gender=row["gender"],
        languages=frozenset(row["languages"]),
        skills=frozenset(row["skills"]),
        preferred_kinds=frozenset(row["preferred_kinds"]),
        limits=_limits(row),
        home=(row["home_east_m"], row["home_north_m"]),
        credentials=tuple(HeldCredential(*held) for held in row["credentials"]),
        recused_from=frozenset(row["recused_from"]),
        windows=tuple(Window(*window) for window in row["windows"]),
        engagements=engagements,
        exceptions=tuple(Stretch(ExceptionKind(kind), starts, ends) for kind, starts, ends in row["exceptions"]),
        serves=tuple(row["serves"]),
        trainings=tuple(HeldTraining(*held) for held in row["trainings"]),
        bar=next((Bar(Consequence(found[0]), *found[1:]) for found in row["bars"]), None),
        regular_at=frozenset(row["regular_at"]),
        known_ways=ways,
    )


def _limits(row: dict[str, Any]) -> Limits:
    return Limits(row["max_minutes_day"], row["max_minutes_week"], row["max_shifts_week"], row["max_travel_m"])
