"""Offering to step in, and taking it back."""

from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from app.core.state import advance
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups import rules as sign_ups
from volunteers.assignments.sign_ups.eligibility import distance_m, reasons_against
from volunteers.assignments.stand_by.rules import (
    CONSTRAINTS,
    PARTS,
    TRANSITIONS,
    StandByEvent,
    StandByStatus,
    TooFarAway,
    against,
)
from volunteers.people.rules import NotJoined


async def stand_by_for(principal: Principal, position_id: int) -> UUID:
    """Be called first should somebody on this position not come; return the stand-by's public id."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with database.refusing(CONSTRAINTS), transaction():
        person_id = await database.fetch_value("SELECT lock_seat_then_person($1, $2)", position_id, principal.actor)
        if person_id is None:
            raise NotJoined
        seat = (await loading.seats([position_id])).get(position_id)
        if seat is None:
            raise NotFound
        person = (await loading.candidates([person_id], [seat]))[person_id]
        if reasons := against(reasons_against(seat, person, clock.now())):
            raise sign_ups.refused(reasons)
        return await _offer(principal, {"person_id": person_id, "position_id": position_id})


async def stand_by_at(principal: Principal, station_id: int, weekday: int, part: str) -> UUID:
    """Be called first in a part of each week at a station within reach; return the stand-by's public id."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with database.refusing(CONSTRAINTS), transaction():
        person = await database.fetch_one(
            "SELECT id, home_east_m, home_north_m, max_travel_m FROM person WHERE account_id = $1", principal.actor
        )
        if person is None:
            raise NotJoined
        await database.locked("person", [person["id"]])
        station = await database.fetch_one("SELECT east_m, north_m FROM station WHERE id = $1 AND open", station_id)
        if station is None:
            raise NotFound
        home = (person["home_east_m"], person["home_north_m"])
        if distance_m(home, (station["east_m"], station["north_m"])) > person["max_travel_m"]:
            raise TooFarAway
        first, last = PARTS[part]
        window = {"weekday": weekday, "from_minute": first, "to_minute": last}
        return await _offer(principal, {"person_id": person["id"], "station_id": station_id, **window})


async def end_stand_by(principal: Principal, public_id: UUID) -> None:
    """Take an offer to step in back."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with transaction():
        row = await database.fetch_one(
            """SELECT b.id, b.status FROM stand_by b JOIN person ON person.id = b.person_id
               WHERE b.public_id = $1 AND person.account_id = $2 FOR NO KEY UPDATE OF b""",
            *(public_id, principal.actor),
        )
        if row is None:
            raise NotFound
        status = advance(TRANSITIONS, StandByStatus(row["status"]), StandByEvent.END)
        await database.update_row("stand_by", row["id"], {"status": status, "ended_at": clock.now()})
        await audit.record(principal, "stand_by.ended", "stand_by", row["id"])


async def _offer(principal: Principal, named: dict[str, object]) -> UUID:
    stated = {**named, "status": StandByStatus.READY, "created_at": clock.now()}
    found = await database.insert_row("stand_by", stated)
    await audit.record(principal, "stand_by.offered", "stand_by", found)
    public_id: UUID = await database.fetch_value("SELECT public_id FROM stand_by WHERE id = $1", found)
    return public_id
