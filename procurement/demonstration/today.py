"""One shift that begins in an hour, for whoever looks at the site: step back from it, and watch who is called."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.registration import account_ids_by_phone
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import DomainError
from procurement.demonstration import invention, people, work
from procurement.demonstration.people import PERSON_PHONES
from procurement.demonstration.scale import Scale
from volunteers.assignments.service import publish_assignments
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.assignments.stand_by.service import stand_by_for

LEAD, LENGTH, STEP = timedelta(minutes=60), timedelta(hours=3), timedelta(minutes=15)
READY = 2
_NEAREST_LAWYERS = """
SELECT person.id FROM person JOIN station ON station.id = $1
WHERE person.id <> $2 AND person.status = 'active' AND EXISTS (
    SELECT FROM credential c WHERE c.person_id = person.id AND c.kind = 'lawyer' AND c.verified_at IS NOT NULL)
ORDER BY abs(station.east_m - person.home_east_m) + abs(station.north_m - person.home_north_m), person.id LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Today:
    """The shift: where it is, when it begins, how many would step in."""

    place_zh: str
    starts: datetime
    ready: int


async def open_shift(officers: dict[Role, Principal], scale: Scale) -> Today | None:
    """Publish a duty at the first station, with the demonstration's lawyer on it; None while one still lies ahead.

    Where the rules refuse the lawyer (another shift at that time), the seat stays open and nobody stands by for it.
    """
    place = (await work.grounds(scale, "town"))[0]
    if await database.fetch_value(
        "SELECT count(*) FROM assignment WHERE station_id = $1 AND kind = 'duty' AND starts > $2",
        *(place.station_id, clock.now()),
    ):
        return None
    phone = invention.phone(PERSON_PHONES)
    account = (await account_ids_by_phone([phone]))[phone]
    lawyer: int = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", account)
    starts = _next_quarter(clock.now() + LEAD)
    [shift] = await publish_assignments(officers[Role.COORDINATOR], [work.duty_at(place, starts, starts + LENGTH)])
    try:
        await sign_up((await people.acting([lawyer]))[lawyer], shift.position_ids[0])
    except DomainError:
        return Today(place.name_zh, starts, 0)
    return Today(place.name_zh, starts, await _stand_bys(place.station_id, lawyer, shift.position_ids[0]))


async def _stand_bys(station_id: int, lawyer: int, position_id: int) -> int:
    """Let the nearest lawyers who may offer to step in; return how many did."""
    near = [row["id"] for row in await database.fetch(_NEAREST_LAWYERS, station_id, lawyer)]
    acting, ready = await people.acting(near), 0
    for person_id in near:
        try:
            await stand_by_for(acting[person_id], position_id)
        except DomainError:
            continue
        ready += 1
        if ready == READY:
            break
    return ready


def _next_quarter(instant: datetime) -> datetime:
    """Return the next full quarter of an hour."""
    midnight = instant.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + -((midnight - instant) // STEP) * STEP
