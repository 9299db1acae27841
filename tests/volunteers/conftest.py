"""A database for a whole module, for tests that make their own people and shifts and leave the others' alone."""

from collections.abc import AsyncIterator, Iterator

import pytest

from app.core import database, embedded
from tests import lending


@pytest.fixture(scope="module")
def module_database() -> Iterator[str]:
    """Borrow one database for the module."""
    with lending.lent() as name:
        yield name


@pytest.fixture
async def shared_db(module_database: str) -> AsyncIterator[None]:
    """Connect to the module's database."""
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, module_database), pool_size=4)
    yield
    await database.disconnect()
