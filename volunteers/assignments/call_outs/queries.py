"""Reading call-outs: the card of who is asked, a station's day, one's own calls."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.database import Row
from app.core.errors import NotFound
from volunteers.assignments.call_outs.rules import WAITING, AskStatus, CallOutStatus, LinkUnknown, token_sha256
from volunteers.assignments.rules import Compensation, Kind
from volunteers.people.queries import person_id_of


class Standing(StrEnum):
    """What the person sees: may they still say yes, is it theirs, has somebody else taken it."""

    ASKED = "asked"
    YOURS = "yours"
    TAKEN = "taken"
    DECLINED = "declined"
    OVER = "over"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CallCard:
    """What one needs to know to say yes, and where one stands; ``turn`` is the place in line."""

    public_id: UUID
    standing: Standing
    turn: int | None
    assignment_id: int
    reference: str
    kind: Kind
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    starts: datetime
    ends: datetime
    place_zh: str
    place_en: str
    station_zh: str
    station_en: str
    station_phone: str
    meeting_point_zh: str
    meeting_point_en: str
    contact_name: str
    contact_phone: str
    compensation: Compensation
    insured: bool
    languages_all: tuple[str, ...]
    distance_m: int
    answer_by: datetime


_CARD = """
SELECT k.public_id, k.status, k.distance_m, k.answer_by, k.expires_at, c.status AS call_status, s.live,
       p.capacity - p.booked AS free, p.role_zh, p.role_en, p.languages_all,
       a.id AS assignment_id, a.reference, a.kind, a.title_zh, a.title_en, a.starts, a.ends, a.compensation, a.insured,
       a.status AS assignment_status, a.meeting_point_zh, a.meeting_point_en, a.contact_name, a.contact_phone,
       place.name_zh AS place_zh, place.name_en AS place_en, station.name_zh AS station_zh,
       station.name_en AS station_en, station.phone AS station_phone,
       CASE WHEN k.line IS NOT NULL THEN (SELECT count(*) FROM call_out_ask o
            WHERE o.call_out_id = k.call_out_id AND o.line <= k.line) END AS turn
FROM call_out_ask k JOIN call_out c ON c.id = k.call_out_id JOIN position p ON p.id = c.position_id
JOIN assignment a ON a.id = p.assignment_id JOIN place ON place.id = a.place_id
JOIN station ON station.id = a.station_id LEFT JOIN sign_up s ON s.id = k.sign_up_id
WHERE
"""


async def card_of_token(token: str) -> CallCard:
    """Return the card behind a link."""
    row = await database.fetch_one(f"{_CARD} k.token_sha256 = $1 OR k.earlier_sha256 = $1", token_sha256(token))
    if row is None:
        raise LinkUnknown
    return _card(row)


async def own_card(principal: Principal, public_id: UUID) -> CallCard:
    """Return one's own card, signed in."""
    row = await database.fetch_one(
        f"{_CARD} k.public_id = $1 AND k.person_id = $2", public_id, await person_id_of(principal)
    )
    if row is None:
        raise NotFound
    return _card(row)


async def own_calls(principal: Principal) -> list[CallCard]:
    """Return what the person was asked for and is not over yet, soonest first."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    rows = await database.fetch(
        f"{_CARD} k.person_id = $1 AND a.ends > $2 ORDER BY a.starts, k.id", await person_id_of(principal), clock.now()
    )
    return [_card(row) for row in rows]


def standing_of(row: Row, now: datetime) -> Standing:
    """Return where the asked person stands; time counts even before the job has come round."""
    status = AskStatus(row["status"])
    if status is AskStatus.ACCEPTED:
        return Standing.YOURS if row["live"] else Standing.OVER
    if status is AskStatus.DECLINED:
        return Standing.DECLINED
    if row["call_status"] == CallOutStatus.CANCELLED or row["assignment_status"] == "cancelled" or row["ends"] <= now:
        return Standing.OVER
    if status is AskStatus.TOO_LATE:
        return Standing.TAKEN
    if status not in WAITING or row["expires_at"] <= now:
        return Standing.EXPIRED
    return Standing.TAKEN if row["free"] <= 0 else Standing.ASKED


def _card(row: Row) -> CallCard:
    given: dict[str, Any] = {name: row[name] for name in CallCard.__slots__ if name in row}
    given |= {"kind": Kind(row["kind"]), "compensation": Compensation(row["compensation"])}
    given |= {"languages_all": tuple(row["languages_all"]), "standing": standing_of(row, clock.now())}
    return CallCard(**given)
