"""A small world of promises: villages of one town, lawyers who visit them, visits that a station confirms."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal, Role
from tests.volunteers import world
from volunteers.assignments.rules import Kind, PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.rules import Origin
from volunteers.assignments.sign_ups.service import Wanted, seat_many
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance
from volunteers.coverage import queries
from volunteers.coverage.queries import PlaceStatus, RuleView
from volunteers.coverage.rules import Every, Level
from volunteers.coverage.standing.forms import RuleForm
from volunteers.coverage.standing.service import set_rule
from volunteers.people.credentials.rules import CredentialKind
from volunteers.people.rules import Window

TODAY = date(2026, 11, 20)
"""A Friday, ten days before the end of its month."""
ALWAYS = tuple(Window(day, 0, 1440) for day in range(7))
LAWYER = PositionDraft("律师", 1, 1, "lawyer", ("lawyer",))
HELPER = PositionDraft("helper", 1, 1, "helper")


def at(day: date, hour: int = 9) -> datetime:
    """Return an hour of a day in Hangzhou."""
    return clock.at_local(day, time(hour))


async def villages(town: str = world.TOWN) -> list[str]:
    """Return the codes of a town's villages."""
    rows = await database.fetch(
        "SELECT code FROM place WHERE level = 'village' AND starts_with(code, $1) ORDER BY code", town
    )
    return [row["code"] for row in rows]


async def rule(place: str = world.TOWN, **changes: object) -> RuleView:
    """Promise a lawyer once a month to each village of the town, unless told otherwise."""
    given = {
        "place": place,
        "level": Level.VILLAGE,
        "credentials": [CredentialKind.LAWYER],
        "every": Every.MONTH,
        "reason": "每个村社都有法律顾问",
        "lead_days": 14,
        **changes,
    }
    made: UUID = await set_rule(await world.officer(Role.COORDINATOR), RuleForm(**given))  # type: ignore[arg-type]
    return await queries.rule_by_id(made)


async def lawyers(how_many: int) -> list[int]:
    """Register lawyers who are always free."""
    profiles = [world.profile(availability=ALWAYS, credentials=(world.licence(),)) for _ in range(how_many)]
    return [person for person, _ in await world.people(profiles)]


async def shift(station: int, village: str, day: date, seat: PositionDraft = LAWYER, **changes: object) -> Published:
    """Publish a visit of a village, long before its day."""
    with clock.travelled_to(at(day - timedelta(days=20))):
        given = {
            "place_id": await world.place_id(village),
            "station_id": station,
            "starts": at(day),
            "ends": at(day, 12),
            "kind": Kind.VILLAGE if seat.credentials_any else Kind.LECTURE,
            "positions": (seat,),
            **changes,
        }
        [published] = await world.publish(await world.draft(**given))  # type: ignore[arg-type]
    return published


async def seated(shift: Published, person: int, *, offered: bool = False, day: date = TODAY) -> UUID:
    """Seat somebody on a visit, or ask them, before its day."""
    officer = await world.officer(Role.COORDINATOR)
    with clock.travelled_to(at(day - timedelta(days=15))):
        async with database.transaction():
            done = await seat_many(officer, [Wanted(shift.position_ids[0], person)], Origin.DISPATCH, offered=offered)
    assert not done.refused, {str(refusal) for refusal in done.refused.values()}
    found: UUID = await database.fetch_value(
        "SELECT public_id FROM sign_up WHERE id = $1", next(iter(done.taken.values()))
    )
    return found


async def account_of(person: int) -> int:
    """Return whose account a person has."""
    found: int = await database.fetch_value("SELECT account_id FROM person WHERE id = $1", person)
    return found


async def confirmed(sign_up: UUID, day: date, outcome: Outcome = Outcome.ATTENDED) -> None:
    """Have the station confirm a visit the evening of its day."""
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(at(day, 20)):
        served = 3 if outcome is Outcome.ATTENDED else 0
        result = await confirm_attendance(staff, [Presence(sign_up, outcome, people_served=served)])
    assert not result.refused, result.refused


async def visited(station: int, village: str, day: date, person: int, seat: PositionDraft = LAWYER) -> None:
    """Have somebody visit a village on a day, confirmed by the station."""
    await confirmed(await seated(await shift(station, village, day, seat), person, day=day), day)


async def stands(promise: RuleView, village: str, area: str = "") -> PlaceStatus:
    """Return how a village stands under a rule."""
    [found] = [place for place in await queries.places(promise, area) if place.code == village]
    return found


async def officer(place: str = world.CITY) -> Principal:
    """Return a coordinator of a place."""
    return await world.officer(Role.COORDINATOR, place)
