"""Saying that one is away or free once more, and taking it back."""

from dataclasses import dataclass
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from volunteers.people.exceptions.rules import CONSTRAINTS, ExceptionKind, Stretch
from volunteers.people.service import lock_own_person


@dataclass(frozen=True, slots=True)
class Said:
    """A stored exception, and how many of the person's seats lie in the days they are away."""

    public_id: UUID
    seats: int


async def say(principal: Principal, stretch: Stretch) -> Said:
    """Store an exception; seats in it stay the person's until they give them back themselves."""
    principal.scope(Permission.VOLUNTEER_SELF)
    async with database.refusing(CONSTRAINTS), transaction():
        person_id = await lock_own_person(principal)
        row = await database.fetch_one(
            """INSERT INTO availability_exception (person_id, kind, starts, ends, said_at)
               VALUES ($1, $2, $3, $4, $5) RETURNING id, public_id""",
            *(person_id, stretch.kind, stretch.starts, stretch.ends, clock.now()),
        )
        if row is None:
            raise NotFound
        await audit.record(principal, "person.exception_said", "availability_exception", row["id"], kind=stretch.kind)
        seats = await database.fetch_value(
            """SELECT count(*) FROM sign_up WHERE person_id = $1 AND status IN ('offered', 'confirmed')
               AND starts < $3 AND ends > $2 AND starts > $4""",
            *(person_id, stretch.starts, stretch.ends, clock.now()),
        )
    return Said(row["public_id"], seats if stretch.kind is ExceptionKind.AWAY else 0)


async def take_back(principal: Principal, public_id: UUID) -> None:
    """Forget an exception of one's own."""
    principal.scope(Permission.VOLUNTEER_SELF)
    async with transaction():
        person_id = await lock_own_person(principal)
        found = await database.fetch_value(
            "DELETE FROM availability_exception WHERE public_id = $1 AND person_id = $2 RETURNING id",
            *(public_id, person_id),
        )
        if found is None:
            raise NotFound
        await audit.record(principal, "person.exception_taken_back", "availability_exception", found)
