"""One day of a station's shifts by position: covered or not, who is there, how far a call has come. One statement."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

import msgspec

from app.core import clock, database
from app.core.access import Principal
from volunteers.assignments.call_outs.rules import AskStatus, CallOutStatus, Cause
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.assignments.sign_ups.rules import SignUpStatus

MOST = 120


class BoardPerson(msgspec.Struct, frozen=True):
    """Somebody on a position."""

    public_id: UUID
    name: str
    status: SignUpStatus
    arrived_at: datetime | None = None
    left_at: datetime | None = None


class BoardAsk(msgspec.Struct, frozen=True):
    """Somebody who was asked, and what they said."""

    name: str
    status: AskStatus


class BoardCall(msgspec.Struct, frozen=True):
    """How far the search for somebody has come."""

    public_id: UUID
    status: CallOutStatus
    cause: Cause
    missing: int
    opened_at: datetime
    ended_at: datetime | None
    asks: tuple[BoardAsk, ...]


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A position of one of today's shifts."""

    reference: str
    number: int
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    place_zh: str
    place_en: str
    starts: datetime
    ends: datetime
    minimum: int
    capacity: int
    booked: int
    people: tuple[BoardPerson, ...]
    call: BoardCall | None

    @property
    def short(self) -> int:
        """Return how many are missing."""
        return max(0, self.minimum - self.booked)

    @property
    def calling(self) -> bool:
        """Tell whether people are being asked."""
        return self.call is not None and self.call.status is CallOutStatus.OPEN

    def tone(self, now: datetime) -> str:
        """Return red, amber or green as the tones of the look: short; covered but not here yet; covered."""
        if self.short:
            return "need"
        if self.calling or (now >= self.starts and any(one.status is SignUpStatus.CONFIRMED for one in self.people)):
            return "wait"
        return "done"


_BOARD = """
SELECT a.reference, p.number, a.title_zh, a.title_en, p.role_zh, p.role_en, place.name_zh AS place_zh,
       place.name_en AS place_en, a.starts, a.ends, p.minimum, p.capacity, p.booked,
       coalesce((SELECT jsonb_agg(jsonb_build_object('public_id', s.public_id, 'name', person.name, 'status', s.status,
                                             'arrived_at', came.at, 'left_at', went.at) ORDER BY s.id)
                 FROM sign_up s JOIN person ON person.id = s.person_id
                 LEFT JOIN check_in came ON came.sign_up_id = s.id AND came.moment = 'in'
                 LEFT JOIN check_in went ON went.sign_up_id = s.id AND went.moment = 'out'
                 WHERE s.position_id = p.id AND s.status NOT IN ('withdrawn', 'released')), '[]')::text AS people,
       (SELECT jsonb_build_object('public_id', c.public_id, 'status', c.status, 'cause', c.cause,
                   'missing', c.missing, 'opened_at', c.opened_at, 'ended_at', c.ended_at, 'asks',
                   coalesce((SELECT jsonb_agg(jsonb_build_object('name', person.name, 'status', k.status)
                                    ORDER BY k.wave, k.rank)
                             FROM call_out_ask k JOIN person ON person.id = k.person_id
                             WHERE k.call_out_id = c.id), '[]'))
        FROM call_out c WHERE c.position_id = p.id)::text AS call
FROM assignment a JOIN position p ON p.assignment_id = a.id JOIN place ON place.id = a.place_id
JOIN station ON station.id = a.station_id JOIN place AS at ON at.id = station.place_id
WHERE at.code LIKE ANY ($1) AND a.starts >= $2 AND a.starts < $3 AND a.status IN ('open', 'closed')
ORDER BY a.starts, a.id, p.number LIMIT $4
"""
_people = msgspec.json.Decoder(tuple[BoardPerson, ...])
_call = msgspec.json.Decoder(BoardCall)


async def board(principal: Principal) -> list[BoardRow]:
    """Return today's positions at the places the person answers for, soonest first."""
    scope = station_scope(principal)
    first = clock.at_local(clock.today(), time.min)
    rows = await database.fetch(_BOARD, scope.like_patterns(), first, first + timedelta(days=1), MOST)
    return [
        BoardRow(
            **{
                **row,
                "people": _people.decode(row["people"]),
                "call": _call.decode(row["call"]) if row["call"] else None,
            }
        )
        for row in rows
    ]
