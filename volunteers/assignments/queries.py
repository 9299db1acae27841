"""Reading assignments: the list that everybody sees, narrowed to what one person could do, and one assignment.

The list is one statement however long it is. ``for_me`` asks in SQL what eligibility.py asks in Python, so that
pages stay whole; the answer on the assignment's own page, with all its reasons, is Python's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from app.core import clock, database
from app.core.errors import NotFound
from volunteers.assignments.rules import BRIEFING, AssignmentStatus, Compensation, Kind, SignUpMode
from volunteers.people import conditions
from volunteers.people.trainings.rules import NeededTraining


class PositionView(msgspec.Struct, frozen=True):
    """A position as pages show it."""

    id: int
    number: int
    role_zh: str
    role_en: str
    credentials_any: tuple[str, ...]
    skills_all: tuple[str, ...]
    languages_all: tuple[str, ...]
    gender: str | None
    minimum: int
    capacity: int
    booked: int
    trainings: tuple[NeededTraining, ...] = ()

    @property
    def trainings_all(self) -> tuple[str, ...]:
        """Return the trainings it asks for by reference, as drafts name them."""
        return tuple(training.reference for training in self.trainings)

    @property
    def free(self) -> int:
        """Return how many places are left."""
        return self.capacity - self.booked


@dataclass(frozen=True, slots=True)
class AssignmentFilter:
    """What the reader asks the list for; ``person_id`` narrows it by the flags to what suits that person."""

    place_code: str = ""
    kind: Kind | None = None
    compensation: Compensation | None = None
    since: datetime | None = None
    until: datetime | None = None
    credential: str = ""
    language: str = ""
    with_seats: bool = False
    person_id: int | None = None
    eligible: bool = False
    near: bool = False
    when_free: bool = False


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One assignment as a list shows it; ``mine`` is the reader's live sign-up."""

    id: int
    reference: str
    kind: Kind
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    compensation: Compensation
    insured: bool
    green: bool
    sign_up_mode: SignUpMode
    regulars_until: datetime | None
    place_code: str
    place_zh: str
    place_en: str
    district_zh: str
    district_en: str
    positions: tuple[PositionView, ...]
    mine: str | None

    @property
    def free(self) -> int:
        """Return how many places are left on all positions."""
        return sum(position.free for position in self.positions)

    @property
    def capacity(self) -> int:
        """Return how many places there are."""
        return sum(position.capacity for position in self.positions)


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    """One assignment in full; the briefing is for those who go and those who answer for it."""

    id: int
    reference: str
    kind: Kind
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    status: AssignmentStatus
    compensation: Compensation
    insured: bool
    green: bool
    continuity: bool
    sign_up_mode: SignUpMode
    regulars_until: datetime | None
    contact_name: str
    contact_phone: str
    meeting_point_zh: str
    meeting_point_en: str
    questions_zh: str
    questions_en: str
    limits_zh: str
    limits_en: str
    briefing_zh: str
    briefing_en: str
    cancelled_reason: str
    place_code: str
    station_code: str
    station_zh: str
    station_en: str
    station_phone: str
    positions: tuple[PositionView, ...]


_POSITIONS = """
(SELECT jsonb_agg(jsonb_build_object('id', q.id, 'number', q.number, 'role_zh', q.role_zh, 'role_en', q.role_en,
    'credentials_any', q.credentials_any, 'skills_all', q.skills_all, 'languages_all', q.languages_all,
    'gender', q.gender, 'minimum', q.minimum, 'capacity', q.capacity, 'booked', q.booked,
    'trainings', coalesce((SELECT jsonb_agg(jsonb_build_object('reference', t.reference, 'title_zh', t.title_zh,
        'title_en', t.title_en) ORDER BY t.id) FROM training t WHERE t.reference = ANY (q.trainings_all)), '[]'))
    ORDER BY q.number)
 FROM position q WHERE q.assignment_id = a.id)::text AS positions
"""
_BRIEFING = ", ".join(f"a.{name}" for name in BRIEFING)
_LIST = f"""
SELECT a.id, a.reference, a.kind, a.title_zh, a.title_en, a.starts, a.ends, a.compensation, a.insured, a.green,
       a.sign_up_mode, a.regulars_until, place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
       district.name_zh AS district_zh, district.name_en AS district_en, {_POSITIONS},
       (SELECT s.status FROM sign_up s WHERE s.assignment_id = a.id AND s.person_id = $8 AND s.live) AS mine
FROM assignment a JOIN place ON place.id = a.place_id JOIN place AS district ON district.code = left(place.code, 6)
WHERE a.status = 'open' AND a.starts > $1 AND ($2::timestamptz IS NULL OR a.starts < $2)
  AND place.code LIKE $3 AND ($4 = '' OR a.kind = $4) AND ($5 = '' OR a.compensation = $5)
  AND ($6::timestamptz IS NULL OR (a.starts, a.id) > ($6, $7))
  AND ($9 = '' OR EXISTS (SELECT FROM position q WHERE q.assignment_id = a.id AND $9 = ANY (q.credentials_any)))
  AND ($11 = '' OR EXISTS (SELECT FROM position q WHERE q.assignment_id = a.id AND $11 = ANY (q.languages_all)))
  AND (NOT $12 OR EXISTS (SELECT FROM position q WHERE q.assignment_id = a.id AND q.booked < q.capacity))
  %s
ORDER BY a.starts, a.id LIMIT $10
"""
_SUITS = f"""
  AND EXISTS (SELECT FROM person me WHERE me.id = $8
    AND (NOT $13 OR a.regulars_until IS NULL OR a.regulars_until <= $16 OR is_regular(a.station_id, me.id, $16))
    AND (NOT $13 OR NOT EXISTS (SELECT FROM recusal r WHERE r.person_id = $8 AND r.party = ANY (a.parties)))
    AND (NOT $13 OR NOT EXISTS (SELECT FROM sign_up_bar($8, $16) AS b WHERE b.consequence = 'pause'))
    AND (NOT $13 OR NOT EXISTS (SELECT FROM sign_up s WHERE s.person_id = $8 AND s.live
                                AND tstzrange(s.starts, s.ends) && tstzrange(a.starts, a.ends)))
    AND (NOT $13 OR EXISTS (SELECT FROM position q WHERE q.assignment_id = a.id AND q.booked < q.capacity
        AND q.skills_all <@ me.skills AND q.languages_all <@ me.languages
        AND (q.gender IS NULL OR q.gender = me.gender)
        AND {conditions.is_trained("$8", "q.trainings_all", "a.starts", "a.ends")}
        AND (q.credentials_any = '{{}}' OR EXISTS (
            SELECT FROM credential c WHERE c.person_id = $8 AND c.verified_at IS NOT NULL
              AND c.kind = ANY (q.credentials_any) AND c.valid_from <= (a.starts AT TIME ZONE 'Asia/Shanghai')::date
              AND (c.valid_until IS NULL OR c.valid_until >= (a.ends AT TIME ZONE 'Asia/Shanghai')::date)))))
    AND (NOT $14 OR {conditions.goes_to("me", "a")})
    AND (NOT $15 OR {conditions.is_free("$8", "a.starts", "a.ends")}))
"""
_positions = msgspec.json.Decoder(tuple[PositionView, ...])


async def open_assignments(
    asked: AssignmentFilter, after: tuple[datetime, int] | None = None, limit: int = 51
) -> list[AssignmentRow]:
    """Return open assignments that have not begun, soonest first."""
    narrowed = asked.person_id is not None and (asked.eligible or asked.near or asked.when_free)
    rows = await database.fetch(
        _LIST % (_SUITS if narrowed else ""),
        *(max(clock.now(), asked.since or clock.now()), asked.until, f"{asked.place_code}%", asked.kind or ""),
        *(asked.compensation or "", *(after or (None, None)), asked.person_id, asked.credential, limit),
        *(asked.language, asked.with_seats),
        *((asked.eligible, asked.near, asked.when_free, clock.now()) if narrowed else ()),
    )
    return [AssignmentRow(**_typed(row)) for row in rows]


async def assignment_page(reference: str) -> AssignmentPage:
    """Return one assignment; drafts are for those who may publish, which the caller decides."""
    row = await database.fetch_one(
        f"""SELECT a.id, a.reference, a.kind, a.title_zh, a.title_en, a.starts, a.ends, a.status, a.compensation,
                   a.insured, a.green, a.continuity, a.sign_up_mode, a.regulars_until, a.cancelled_reason, {_BRIEFING},
                   place.code AS place_code, at.code AS station_code, station.name_zh AS station_zh,
                   station.name_en AS station_en, station.phone AS station_phone, {_POSITIONS}
            FROM assignment a JOIN place ON place.id = a.place_id JOIN station ON station.id = a.station_id
            JOIN place AS at ON at.id = station.place_id WHERE a.reference = $1""",
        reference,
    )
    if row is None:
        raise NotFound
    return AssignmentPage(**{**_typed(row), "status": AssignmentStatus(row["status"])})


async def position_id(reference: str, number: int) -> int:
    """Return the id of a position by what stands outside: the assignment's reference and the position's number."""
    found = await database.fetch_value(
        """SELECT p.id FROM position p JOIN assignment a ON a.id = p.assignment_id
           WHERE a.reference = $1 AND p.number = $2""",
        reference,
        number,
    )
    if found is None:
        raise NotFound
    return int(found)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "kind": Kind(row["kind"]),
        "compensation": Compensation(row["compensation"]),
        "sign_up_mode": SignUpMode(row["sign_up_mode"]),
        "positions": _positions.decode(row["positions"]),
    }
