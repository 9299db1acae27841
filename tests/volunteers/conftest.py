"""A database for a whole module, for tests that make their own people and shifts and leave the others' alone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from app.core import database, embedded, storage
from tests.conftest import TEMPLATE


@pytest.fixture(scope="module")
def module_database() -> Iterator[str]:
    """Make one database from the template and drop it after the module."""
    server, name = embedded.dsn(embedded.OWNER_ROLE, "postgres"), f"t_{uuid4().hex[:16]}"
    asyncio.run(storage.create_database(server, name, TEMPLATE))
    yield name
    asyncio.run(storage.drop_database(server, name))


@pytest.fixture
async def shared_db(module_database: str) -> AsyncIterator[None]:
    """Connect to the module's database."""
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, module_database), pool_size=4)
    yield
    await database.disconnect()
