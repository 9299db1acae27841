"""Villages, lawyers and a firm that could be paired."""

from datetime import date, timedelta

from app.core import clock, database
from app.core.access import Principal, Role
from tests.volunteers import world
from volunteers.pairings import service
from volunteers.pairings.rules import PairingDraft, PairingKind
from volunteers.people.rules import Corps

TODAY = clock.today()
YEAR = timedelta(days=364)


async def villages(how_many: int, town: str = world.TOWN) -> list[tuple[int, str]]:
    """Return ids and codes of a town's first villages."""
    rows = await database.fetch(
        "SELECT id, code FROM place WHERE level = 'village' AND code LIKE $1 || '%' ORDER BY code LIMIT $2",
        *(town, how_many),
    )
    return [(row["id"], row["code"]) for row in rows]


async def lawyer(name: str = "王芳", **changes: object) -> tuple[int, Principal]:
    """Register a lawyer who speaks the dialect."""
    [found] = await world.people(
        [
            world.profile(
                name=name,
                corps=(Corps.LAWYER,),
                credentials=(world.licence(),),
                languages=("putonghua", "hangzhou"),
                **changes,
            )
        ]
    )
    return found


def draft(place_id: int, person_id: int | None = None, **changes: object) -> PairingDraft:
    """Return a pairing of a year from today."""
    given: dict[str, object] = {
        "place_id": place_id,
        "kind": PairingKind.ADVISER,
        "from_day": TODAY,
        "until_day": TODAY + YEAR,
        "person_id": person_id,
        **changes,
    }
    return PairingDraft(**given)  # type: ignore[arg-type]


async def coordinator(place: str = world.CITY) -> Principal:
    """Return an officer who pairs villages."""
    return await world.officer(Role.COORDINATOR, place)


async def paired(place_id: int, person_id: int, last: date | None = None) -> None:
    """Pair by paper."""
    given = draft(place_id, person_id, signed=True, until_day=last or TODAY + YEAR)
    await service.propose(await coordinator(), given)
