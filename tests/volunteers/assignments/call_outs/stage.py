"""A station this morning: a lawyer on duty in an hour, and others who could stand in."""

import re
from dataclasses import dataclass
from datetime import timedelta

from app.core import clock, database
from app.core.access import Permission, Principal, Role, system_principal
from app.notifications.jobs import deliver_notifications
from tests.volunteers import world
from volunteers.assignments.rules import Compensation, Kind, PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.people.rules import Corps, Window

SYSTEM = system_principal(Permission.ASSIGNMENT_PUBLISH)
ALL_WEEK = tuple(Window(day, 0, 1440) for day in range(7))
LAWYER = PositionDraft("律师", 1, 1, "lawyer", ("lawyer",), languages_all=("hangzhou",))


@dataclass(frozen=True)
class Scene:
    """Who is who; ``others`` live ever further away."""

    shift: Published
    lawyer: Principal
    sign_up: str
    staff: Principal
    others: tuple[tuple[int, Principal], ...]


async def lawyers(how_many: int, **changes: object) -> list[tuple[int, Principal]]:
    """Register lawyers with a telephone, the first at the station's door and each one a kilometre further."""
    east, north = await point()
    profiles = [
        world.profile(
            corps=(Corps.LAWYER,),
            credentials=(world.licence(),),
            languages=("putonghua", "hangzhou"),
            home_point=(east + 1000 * number + 100, north),
            availability=ALL_WEEK,
            **changes,
        )
        for number in range(how_many)
    ]
    found = await world.people(profiles)
    await telephones([who.actor for _, who in found])
    return found


async def point() -> tuple[int, int]:
    """Return where the town is."""
    row = await database.fetch_one("SELECT east_m, north_m FROM place WHERE code = $1", world.TOWN)
    assert row
    return row["east_m"], row["north_m"]


async def telephones(account_ids: list[int]) -> None:
    """Give accounts a number, sealed as registration does."""
    from app.core import vault

    for account_id in account_ids:
        key_id = await database.fetch_value("SELECT subject_key_id FROM account WHERE id = $1", account_id)
        key = (await vault.subject_keys([key_id]))[key_id]
        number = f"139{account_id:08}"
        await database.update_row(
            "account", account_id, {"phone_sealed": key.seal(number), "phone_digest": f"test {number}".encode()}
        )


async def shift(in_minutes: float = 59, **changes: object) -> Published:
    """Publish a lawyer's duty of three hours that starts soon."""
    starts = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=in_minutes)
    given: dict[str, object] = {
        "kind": Kind.DUTY,
        "title_zh": "街道律师值班",
        "title_en": "Lawyer on duty",
        "starts": starts,
        "ends": starts + timedelta(hours=3),
        "positions": (LAWYER,),
        "compensation": Compensation.SUBSIDY,
    }
    [published] = await world.publish(await world.draft(**(given | changes)))
    return published


async def scene(others: int = 4) -> Scene:
    """Return a shift in an hour with one lawyer on it, and others who could come."""
    found = await shift()
    [(_, lawyer)] = await lawyers(1)
    public_id = await sign_up(lawyer, found.position_ids[0])
    staff = await world.officer(Role.STATION_STAFF, "330106")
    return Scene(found, lawyer, str(public_id), staff, tuple(await lawyers(others)))


async def links() -> dict[int, str]:
    """Deliver what is due and return the newest link that each account got, by text message."""
    await deliver_notifications(clock.now())
    rows = await database.fetch(
        """SELECT n.account_id, d.body FROM demo_delivery d JOIN notification n ON n.id = d.notification_id
           WHERE d.channel = 'sms' ORDER BY d.id"""
    )
    found = [(row["account_id"], re.search(r"/call/([\w-]+)", row["body"])) for row in rows]
    return {account_id: match.group(1) for account_id, match in found if match}
