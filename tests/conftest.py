"""One PostgreSQL for the whole run, owned by the pytest controller; a fresh database for each test.

Real commits are tested, so nothing is rolled back: each test that asks for ``db`` gets a copy of a template
that holds the schema and the places of Hangzhou.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

TEMPLATE = "fahui_template"


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before the workers fork; they inherit its address."""
    if hasattr(config, "workerinput"):
        return
    folder = Path(tempfile.mkdtemp(prefix="fahui-test-"))
    folder.chmod(0o755)
    os.environ.update(FAHUI_DATA_DIR=str(folder), FAHUI_MODE="test")
    os.environ.pop("DATABASE_URL", None)
    from app.core import embedded

    embedded.SERVER_OPTIONS.update(fsync="off", synchronous_commit="off", full_page_writes="off")
    embedded.start()
    try:
        asyncio.run(_make_template())
    except BaseException:
        pytest_unconfigure(config)
        raise


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove its folder."""
    if hasattr(config, "workerinput"):
        return
    from app.core import embedded
    from app.core.settings import settings

    embedded.stop()
    shutil.rmtree(settings().data_dir, ignore_errors=True)


async def _make_template() -> None:
    from app.core import database, embedded, migrations, storage

    await storage.create_database(embedded.dsn(embedded.OWNER_ROLE, "postgres"), TEMPLATE)
    await migrations.upgrade(embedded.dsn(embedded.OWNER_ROLE, TEMPLATE))
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, TEMPLATE))
    try:
        from marketplace.places.service import import_places

        await import_places()
    except ImportError:
        pass
    finally:
        await database.disconnect()


@pytest.fixture
async def database_name() -> AsyncIterator[str]:
    """Return the name of a fresh database with the schema and the places in it."""
    from app.core import embedded, storage

    server = embedded.dsn(embedded.OWNER_ROLE, "postgres")
    name = f"t_{uuid4().hex[:16]}"
    await storage.create_database(server, name, TEMPLATE)
    yield name
    await storage.drop_database(server, name)


@pytest.fixture
async def db(database_name: str) -> AsyncIterator[None]:
    """Connect this process to a fresh database as the application; use app.core.database freely."""
    from app.core import database, embedded

    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, database_name), pool_size=20)
    yield
    await database.disconnect()


def rounds(few: int, full: int) -> int:
    """Return how often to repeat a race: few in `make test`, the issue's figure in `make test-full`."""
    return full if os.environ.get("FAHUI_TEST_ROUNDS") == "full" else few
