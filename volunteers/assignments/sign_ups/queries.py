"""Reading sign-ups: one's own, the roster of an assignment, and why not me."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal, Scope
from app.core.errors import NotFound
from app.core.text import Message
from volunteers.assignments.rules import Compensation, Kind
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups.eligibility import (
    Candidate,
    Reasons,
    Seat,
    hints_about,
    missing_trainings,
    reasons_against,
)
from volunteers.assignments.sign_ups.rules import Hint, Reason, SignUpStatus
from volunteers.people.queries import person_id_of
from volunteers.people.trainings.rules import NeededTraining


@dataclass(frozen=True, slots=True)
class MySignUp:
    """One of a person's own sign-ups; ``minutes`` once attendance is confirmed."""

    public_id: UUID
    status: SignUpStatus
    origin: str
    ended_reason: str
    reference: str
    kind: Kind
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    starts: datetime
    ends: datetime
    compensation: Compensation
    insured: bool
    place_zh: str
    place_en: str
    station_zh: str
    station_en: str
    station_phone: str
    minutes: int | None
    offer_expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatAnswer:
    """Whether a person may have a position: every reason against it, and hints that only give pause."""

    position_id: int
    reasons: tuple[Message, ...]
    hints: tuple[Hint, ...]
    only_full: bool = False
    only_ask: bool = False
    trainings: tuple[NeededTraining, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person on an assignment, as the station sees them."""

    public_id: UUID
    status: SignUpStatus
    origin: str
    name: str
    role_zh: str
    role_en: str
    minutes: int | None


_MINE = """
SELECT s.public_id, s.status, s.origin, s.ended_reason, a.reference, a.kind, a.title_zh, a.title_en, p.role_zh,
       p.role_en, s.starts, s.ends, a.compensation, a.insured, place.name_zh AS place_zh, place.name_en AS place_en,
       station.name_zh AS station_zh, station.name_en AS station_en, station.phone AS station_phone, t.minutes,
       s.offer_expires_at
FROM sign_up s JOIN position p ON p.id = s.position_id JOIN assignment a ON a.id = s.assignment_id
JOIN place ON place.id = a.place_id JOIN station ON station.id = a.station_id
LEFT JOIN attendance_now t ON t.sign_up_id = s.id
WHERE s.person_id = $1 AND %s
"""
_LATEST_FIRST = """($2::timestamptz IS NULL OR (s.starts, s.public_id) < ($2, $3))
ORDER BY s.starts DESC, s.public_id DESC LIMIT $4"""
Before = tuple[datetime, UUID]
"""Where a page of sign-ups, the latest first, went on to."""


async def my_upcoming(principal: Principal, limit: int = 50) -> list[MySignUp]:
    """Return what the person is going to, soonest first; what is running now comes first of all."""
    person_id = await person_id_of(principal)
    rows = await database.fetch(
        _MINE % "s.status IN ('offered', 'confirmed', 'checked_in') AND s.ends > $2 ORDER BY s.starts LIMIT $3",
        *(person_id, clock.now(), limit),
    )
    return [_mine(row) for row in rows]


async def my_past(principal: Principal, before: Before | None = None, limit: int = 51) -> list[MySignUp]:
    """Return what lies behind, latest first: done, missed, given back."""
    person_id = await person_id_of(principal)
    rows = await database.fetch(
        _MINE % f"(s.ends <= $5 OR s.status NOT IN ('offered', 'confirmed', 'checked_in')) AND {_LATEST_FIRST}",
        *(person_id, *_split(before), limit, clock.now()),
    )
    return [_mine(row) for row in rows]


async def my_sign_ups(principal: Principal, before: Before | None = None, limit: int = 51) -> list[MySignUp]:
    """Return all of the person's sign-ups, the latest first."""
    rows = await database.fetch(
        _MINE % _LATEST_FIRST,
        *(await person_id_of(principal), *_split(before), limit),
    )
    return [_mine(row) for row in rows]


async def my_sign_up_for(principal: Principal, assignment_id: int) -> MySignUp | None:
    """Return the person's live sign-up for an assignment, if any."""
    person_id = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", principal.account_id)
    row = await database.fetch_one(_MINE % "s.assignment_id = $2 AND s.live", person_id, assignment_id)
    return _mine(row) if row else None


async def why_not(principal: Principal, reference: str) -> list[SeatAnswer]:
    """Answer for each position of an assignment why the person may not have it, and what gives pause."""
    person_id = await person_id_of(principal)
    seats = await loading.seats_of(reference)
    if not seats:
        raise NotFound
    person = (await loading.candidates([person_id], seats, with_windows=True))[person_id]
    now = clock.now()
    return [_answer(seat, person, now) for seat in seats]


def station_scope(principal: Principal) -> Scope:
    """Return where the person answers for stations: by confirming who came, or by publishing what there is."""
    if principal.can(Permission.ATTENDANCE_CONFIRM):
        return principal.scope(Permission.ATTENDANCE_CONFIRM)
    return principal.scope(Permission.ASSIGNMENT_PUBLISH)


async def roster(principal: Principal, reference: str) -> list[RosterRow]:
    """Return who is on an assignment, for those who answer for its station."""
    scope = station_scope(principal)
    rows = await database.fetch(
        """SELECT place.code, s.public_id, s.status, s.origin, person.name, p.role_zh, p.role_en, t.minutes
           FROM assignment a JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
           JOIN sign_up s ON s.assignment_id = a.id AND s.status NOT IN ('withdrawn', 'released')
           JOIN position p ON p.id = s.position_id JOIN person ON person.id = s.person_id
           LEFT JOIN attendance t ON t.sign_up_id = s.id
           WHERE a.reference = $1 ORDER BY p.number, s.id""",
        reference,
    )
    for row in rows:
        scope.require_place(row.pop("code"))
    return [RosterRow(**{**row, "status": SignUpStatus(row["status"])}) for row in rows]


def _answer(seat: Seat, person: Candidate, now: datetime) -> SeatAnswer:
    reasons = reasons_against(seat, person, now)
    only = next(iter(reasons)) if len(reasons) == 1 else None
    full, ask = only is Reason.SEATS_TAKEN, _may_ask(reasons)
    untrained = tuple(missing_trainings(seat, person)) if Reason.TRAINING in reasons else ()
    return SeatAnswer(seat.position_id, tuple(reasons.values()), hints_about(seat, person), full, ask, untrained)


def _may_ask(reasons: Reasons) -> bool:
    """Tell whether the station's own choice is all that stands between the person and the seat."""
    asks = {Reason.ASK_FIRST, Reason.REQUEST_ONLY}
    return bool(asks & reasons.keys()) and reasons.keys() <= asks | {Reason.REGULARS_FIRST}


def _split(before: Before | None) -> tuple[datetime | None, UUID | None]:
    return before or (None, None)


def _mine(row: database.Row) -> MySignUp:
    return MySignUp(
        **{
            **row,
            "status": SignUpStatus(row["status"]),
            "kind": Kind(row["kind"]),
            "compensation": Compensation(row["compensation"]),
        }
    )
