"""Marking somebody as a station's regular, on which weekdays, and taking the mark away."""

import contextlib
from collections.abc import Iterable
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from volunteers.assignments.regulars.rules import CONSTRAINTS, NotMarked, weekdays_of

_FOUND = """
SELECT s.id AS station_id, place.code, p.id AS person_id FROM station s JOIN place ON place.id = s.place_id
JOIN person p ON p.public_id = $2 AND p.status <> 'left' AND EXISTS (
    SELECT FROM sign_up u JOIN assignment a ON a.id = u.assignment_id
    WHERE u.person_id = p.id AND a.station_id = s.id AND u.live)
WHERE s.id = $1
"""


async def mark(principal: Principal, station_id: int, person: UUID) -> None:
    """Make somebody who has come, or has signed up, a regular whatever the count says."""
    async with database.refusing(CONSTRAINTS), transaction():
        await _mark(principal, station_id, person, ())


async def keep_weekdays(principal: Principal, station_id: int, person: UUID, weekdays: Iterable[int]) -> None:
    """Keep weekdays of the station for somebody, who is marked by that; none named: they are welcome on any.

    The week's plan sends them on those days before everybody else, all else being equal. Raises InvalidInput.
    """
    days = weekdays_of(weekdays)
    async with database.refusing(CONSTRAINTS), transaction():
        with contextlib.suppress(NotMarked):
            await _unmark(principal, station_id, person)
        await _mark(principal, station_id, person, days)


async def _mark(principal: Principal, station_id: int, person: UUID, weekdays: tuple[int, ...]) -> None:
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    row = await database.fetch_one(_FOUND, station_id, person)
    if row is None:
        raise NotFound
    scope.require_place(row["code"])
    values = {"station_id": station_id, "person_id": row["person_id"], "weekdays": list(weekdays)}
    marked = {**values, "marked_by": principal.actor, "marked_at": clock.now()}
    found = await database.insert_row("station_regular", marked)
    await audit.record(principal, "regular.marked", "station_regular", found)


async def unmark(principal: Principal, station_id: int, person: UUID) -> None:
    """Take the mark away; who came often stays a regular by that."""
    async with transaction():
        await _unmark(principal, station_id, person)


async def _unmark(principal: Principal, station_id: int, person: UUID) -> None:
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    row = await database.fetch_one(
        """SELECT r.id, place.code FROM station_regular r JOIN person p ON p.id = r.person_id
           JOIN station s ON s.id = r.station_id JOIN place ON place.id = s.place_id
           WHERE r.station_id = $1 AND p.public_id = $2 AND r.unmarked_at IS NULL FOR NO KEY UPDATE OF r""",
        *(station_id, person),
    )
    if row is None:
        raise NotMarked
    scope.require_place(row["code"])
    gone = {"unmarked_by": principal.actor, "unmarked_at": clock.now()}
    await database.update_row("station_regular", row["id"], gone)
    await audit.record(principal, "regular.unmarked", "station_regular", row["id"])
