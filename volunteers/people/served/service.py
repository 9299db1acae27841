"""Naming a place, and taking it back."""

from app.core import audit, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from volunteers.people.served.rules import LEVELS, MOST_PLACES, EnoughPlaces, NoSuchPlace
from volunteers.people.service import lock_own_person


async def serve(principal: Principal, place_code: str) -> None:
    """Name a place that one goes to; twice is once."""
    principal.scope(Permission.VOLUNTEER_SELF)
    async with transaction():
        person_id = await lock_own_person(principal)
        place_id = await database.fetch_value(
            "SELECT id FROM place WHERE code = $1 AND level = ANY ($2)", place_code, list(LEVELS)
        )
        if place_id is None:
            raise NoSuchPlace
        count = await database.fetch_value("SELECT count(*) FROM served_place WHERE person_id = $1", person_id)
        if count >= MOST_PLACES:
            raise EnoughPlaces
        named = {"person_id": person_id, "place_id": place_id}
        if await database.insert_once("served_place", named, ("person_id", "place_id")):
            await audit.record(principal, "person.serves", "person", person_id, place=place_code)


async def stop_serving(principal: Principal, place_code: str) -> None:
    """Take a place back."""
    principal.scope(Permission.VOLUNTEER_SELF)
    async with transaction():
        person_id = await lock_own_person(principal)
        found = await database.execute(
            """DELETE FROM served_place v USING place WHERE place.id = v.place_id
               AND v.person_id = $1 AND place.code = $2""",
            *(person_id, place_code),
        )
        if not found:
            raise NotFound
        await audit.record(principal, "person.serves_no_more", "person", person_id, place=place_code)
