"""The ground of the tests of flags: looking later, who may answer, data that only an import may hold."""

from datetime import timedelta
from typing import Any

import asyncpg

from app.composition import role_map
from app.core import access, clock, database, embedded
from app.core.access import Grant, Principal, Role
from procurement.oversight.flags import queries
from procurement.oversight.flags.queries import Filter, FlagView
from procurement.oversight.flags.rules import FlagKind
from procurement.oversight.flags.service import look
from tests.procurement import buying


async def standing(kind: FlagKind) -> list[FlagView]:
    """Return the flags of a kind that hold now."""
    return await queries.flags(await buying.person_as(Role.SUPERVISOR), Filter(kind=kind.value))


async def later(days: int) -> dict[str, int]:
    """Look some days from now."""
    with clock.travelled_to(clock.now() + timedelta(days=days)):
        return await look(clock.now())


def supervising(person: Principal) -> Principal:
    """Return a person as if the role of a supervisor were added to the others."""
    grants = (Grant(Role.SUPERVISOR, buying.CITY),)
    return Principal(person.actor, kind="session", grants=grants, scopes=access.scopes_of(grants, role_map()))


async def unpublished() -> tuple[int, buying.People]:
    """Return a signed contract that nobody published or filed, and its people."""
    organization = await buying.organization()
    who = await buying.people(organization)
    return await buying.signed_contract(organization, who), who


async def owner(statement: str, table: str, *values: Any) -> Any:
    """Write what the application never could, as data that was imported may be."""
    dsn = embedded.dsn(embedded.OWNER_ROLE, await database.fetch_value("SELECT current_database()"))
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        return await connection.fetchval(statement, *values)
    finally:
        await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        await connection.close()
