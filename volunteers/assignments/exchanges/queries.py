"""Offers as pages show them: to who is asked, to who asks, to the station."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound, NotSignedIn
from app.core.text import Message
from volunteers.assignments.exchanges.rules import Kind, OfferStatus, reasons_to_refuse
from volunteers.assignments.rules import Compensation
from volunteers.assignments.sign_ups import loading


class Standing(StrEnum):
    """What an offer is to its reader."""

    ASKED = "asked"
    OWN = "own"
    STRANGER = "stranger"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift as an offer names it."""

    assignment_id: int
    reference: str
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


@dataclass(frozen=True, slots=True)
class OfferCard:
    """One offer in full; ``theirs`` is what is asked for in return, ``reasons`` what keeps the reader from it."""

    public_id: UUID
    kind: Kind
    status: OfferStatus
    by_link: bool
    note: str
    own_name: str
    other_name: str
    expires_at: datetime
    answered_at: datetime | None
    own: Shift
    theirs: Shift | None
    standing: Standing
    asked_by_reader: bool
    answered_by_reader: bool
    reasons: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class PastExchange:
    """One line of a shift's history; the name of who was not asked by name stays empty until they say yes."""

    kind: Kind
    status: OfferStatus
    own_name: str
    other_name: str
    offered_at: datetime
    answered_at: datetime | None
    other_reference: str


def _shift(alias: str, position: str, prefix: str) -> str:
    place, station = f"{prefix}_place", f"{prefix}_station"
    named = [
        *(f"{alias}.{name}" for name in ("reference", "title_zh", "title_en", "starts", "ends")),
        *(f"{alias}.{name}" for name in ("compensation", "insured")),
    ]
    said = [f"{column} AS {prefix}_{column.split('.')[1]}" for column in named]
    said += [f"{alias}.id AS {prefix}_assignment_id"]
    said += [f"{position}.role_{language} AS {prefix}_role_{language}" for language in ("zh", "en")]
    said += [f"{place}.name_{language} AS {prefix}_place_{language}" for language in ("zh", "en")]
    said += [f"{station}.name_{language} AS {prefix}_station_{language}" for language in ("zh", "en")]
    return ", ".join(said)


_CARD = f"""
SELECT o.public_id, o.kind, o.status, o.by_link, o.note, o.expires_at, o.answered_at, mine.name AS own_name,
       coalesce(other.name, '') AS other_name, f.position_id AS from_position, f.person_id AS from_person,
       o.to_person_id, t.assignment_id AS leaving, f.status AS held, {_shift("a", "p", "own")},
       {_shift("b", "q", "theirs")}
FROM seat_exchange o JOIN sign_up f ON f.id = o.from_sign_up_id JOIN person AS mine ON mine.id = f.person_id
JOIN assignment a ON a.id = f.assignment_id JOIN position p ON p.id = f.position_id
JOIN place AS own_place ON own_place.id = a.place_id JOIN station AS own_station ON own_station.id = a.station_id
LEFT JOIN person AS other ON other.id = o.to_person_id
LEFT JOIN sign_up t ON t.id = o.to_sign_up_id LEFT JOIN assignment b ON b.id = t.assignment_id
LEFT JOIN position q ON q.id = t.position_id LEFT JOIN place AS theirs_place ON theirs_place.id = b.place_id
LEFT JOIN station AS theirs_station ON theirs_station.id = b.station_id
"""
_HISTORY = """
SELECT o.kind, o.status, mine.name AS own_name, coalesce(other.name, '') AS other_name, o.offered_at, o.answered_at,
       CASE WHEN f.assignment_id = $1 THEN coalesce(b.reference, '') ELSE a.reference END AS other_reference
FROM seat_exchange o JOIN sign_up f ON f.id = o.from_sign_up_id JOIN assignment a ON a.id = f.assignment_id
JOIN person AS mine ON mine.id = f.person_id LEFT JOIN person AS other ON other.id = o.to_person_id
LEFT JOIN sign_up t ON t.id = o.to_sign_up_id LEFT JOIN assignment b ON b.id = t.assignment_id
WHERE (f.assignment_id = $1 OR t.assignment_id = $1) AND o.status IN ('offered', 'accepted') ORDER BY o.id DESC
"""


async def offer_card(principal: Principal, public_id: UUID) -> OfferCard:
    """Return an offer to who asks, to who is asked, and a link's to whoever opens it; others do not find it."""
    row = await database.fetch_one(f"{_CARD} WHERE o.public_id = $1", public_id)
    if row is None or not (row["by_link"] or principal.signed_in):
        raise NotFound if row is None and principal.signed_in else NotSignedIn
    me = await _person(principal)
    if me not in (row["from_person"], row["to_person_id"]) and not row["by_link"]:
        raise NotFound
    card = _card(row, me)
    if card.standing is not Standing.ASKED or me is None:
        return card
    seats = await loading.seats([row["from_position"]])
    person = (await loading.candidates([me], seats.values()))[me]
    reasons = reasons_to_refuse(seats[row["from_position"]], person, clock.now(), row["leaving"])
    return replace(card, reasons=tuple(reasons.values()))


async def my_open_offers(principal: Principal) -> list[OfferCard]:
    """Return what the person is asked and what they ask, soonest shift first."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    me = await _person(principal)
    rows = await database.fetch(
        f"""{_CARD} WHERE o.status = 'offered' AND o.expires_at > $2 AND (f.person_id = $1 OR o.to_person_id = $1)
            ORDER BY a.starts, o.id""",
        *(me, clock.now()),
    )
    return [_card(row, me) for row in rows]


async def open_offer_about(sign_up: UUID) -> OfferCard | None:
    """Return the open offer that gives a seat away, as its holder sees it."""
    row = await database.fetch_one(f"{_CARD} WHERE f.public_id = $1 AND o.status = 'offered'", sign_up)
    return _card(row, row["from_person"]) if row else None


async def history_of(assignment_id: int) -> list[PastExchange]:
    """Return who handed a shift's seats on to whom, or is asking, the latest first; for the station."""
    rows = await database.fetch(_HISTORY, assignment_id)
    return [PastExchange(**{**row, "kind": Kind(row["kind"]), "status": OfferStatus(row["status"])}) for row in rows]


async def _person(principal: Principal) -> int | None:
    found: int | None = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", principal.account_id)
    return found


def _card(row: database.Row, me: int | None) -> OfferCard:
    names = ("public_id", "by_link", "note", "own_name", "expires_at", "answered_at")
    concerned = me is not None and me in (row["from_person"], row["to_person_id"])
    return OfferCard(
        **{name: row[name] for name in names},
        other_name=row["other_name"] if concerned else "",
        kind=Kind(row["kind"]),
        status=OfferStatus(row["status"]),
        own=_named(row, "own"),
        theirs=_named(row, "theirs") if row["theirs_reference"] else None,
        standing=_standing(row, me),
        asked_by_reader=me is not None and me == row["from_person"],
        answered_by_reader=me is not None and me == row["to_person_id"],
    )


def _standing(row: database.Row, me: int | None) -> Standing:
    if row["status"] != OfferStatus.OFFERED or row["expires_at"] <= clock.now() or row["held"] != "confirmed":
        return Standing.OVER
    if me is None:
        return Standing.STRANGER
    return Standing.OWN if me == row["from_person"] else Standing.ASKED


def _named(row: database.Row, prefix: str) -> Shift:
    said = {name: row[f"{prefix}_{name}"] for name in Shift.__slots__}
    return Shift(**{**said, "compensation": Compensation(said["compensation"])})
