"""One PostgreSQL for the whole run, owned by the pytest controller; a fresh database for each test.

Real commits are tested, so nothing is rolled back: each test that asks for ``db`` gets a database as the template is,
which holds the schema and what every upgrade brings along: places, rules of law, the calendar (see tests/lending.py).
"""

import asyncio
import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tests import lending
from tests.lending import TEMPLATE
from tests.longest_first import longest_first

NEEDED_BYTES = 3 * 2**30
FOLDER = pytest.StashKey[Path]()
hypothesis_settings.register_profile("project", deadline=None)  # how long an example takes is measured in benchmarks/
hypothesis_settings.load_profile("project")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before the workers, which inherit its address; each keeps its files in a folder of its own."""
    lending.describe_types_once()
    if hasattr(config, "workerinput"):
        _use_own_folder(config.workerinput["workerid"])
        return
    folder = Path(tempfile.mkdtemp(prefix="fahui-test-", dir=memory()))
    folder.chmod(0o755)
    config.stash[FOLDER] = folder
    os.environ.update(FAHUI_DATA_DIR=str(folder), FAHUI_MODE="test")
    for inherited in ("DATABASE_URL", "PYTHONDONTWRITEBYTECODE"):  # hundreds of processes begin: one compiles for all
        os.environ.pop(inherited, None)
    from app.core import embedded
    from app.core.settings import settings

    if settings().data_dir != folder:
        raise pytest.UsageError("the settings were read before the tests named their data folder")
    # Autovacuum is off, so that no plan of a query depends on how long a run has been going on.
    embedded.SERVER_OPTIONS.update(fsync="off", synchronous_commit="off", full_page_writes="off", autovacuum="off")
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
    folder = config.stash.get(FOLDER, None)
    if folder is None:
        return
    from app.core import embedded
    from app.core.settings import settings

    if settings().data_dir == folder:
        embedded.stop()
    shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hand out the longest files first; the workers take them in this order (`--no-loadscope-reorder`)."""
    files = [item.nodeid.split("::")[0] for item in items]
    place = {file: number for number, file in enumerate(longest_first(Counter(files)))}
    items.sort(key=lambda item: place[item.nodeid.split("::")[0]])


def pytest_collection_finish() -> None:
    """Tell the collector of garbage that modules and tests stay: it need not look through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def memory() -> str | None:
    """Return a folder in memory if the machine has one with room: each test copies a database of some 14 MB."""
    shared = Path("/dev/shm")
    roomy = shared.is_dir() and shutil.disk_usage(shared).free > NEEDED_BYTES
    return str(shared) if roomy and os.access(shared, os.W_OK) else None


def _use_own_folder(worker: str) -> None:
    """Keep this worker's files and keys apart from the others', beside the one server."""
    shared = Path(os.environ["FAHUI_DATA_DIR"])
    own = shared / worker
    own.mkdir(mode=0o755)
    for name in ("postgres", "run"):
        (own / name).symlink_to(shared / name)
    if (shared / "keys.json").exists():  # the template's sealed columns were written with these
        shutil.copy(shared / "keys.json", own)
    os.environ["FAHUI_DATA_DIR"] = str(own)


async def _make_template() -> None:
    from app.core import database, embedded, migrations, storage

    await storage.create_database(embedded.dsn(embedded.OWNER_ROLE, "postgres"), TEMPLATE)
    await migrations.upgrade(embedded.dsn(embedded.OWNER_ROLE, TEMPLATE))
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, TEMPLATE))
    try:
        from app.composition import write_seeds

        await write_seeds()
    finally:
        await database.disconnect()
    lending.settle_template()


@pytest.fixture
def database_name() -> Iterator[str]:
    """Return the name of a fresh database with the schema and the places in it, for what only an owner can do."""
    name = lending.copy_of_template()
    yield name
    lending.drop(name)


@pytest.fixture(scope="session")
def lent_databases() -> Iterator[None]:
    """Look once, when the tests of this process are over, whether what was lent has come back as the template is."""
    yield
    assert lending.faults() == []


@pytest.fixture
def connected_name(request: pytest.FixtureRequest, lent_databases: None) -> Iterator[str]:
    """Return the test's own database if it asks for its name, and otherwise a lent one, which is as fresh."""
    if "database_name" in request.fixturenames:
        yield request.getfixturevalue("database_name")
        return
    with lending.lent() as name:
        yield name


@pytest.fixture
async def db(connected_name: str) -> AsyncIterator[None]:
    """Connect this process to a fresh database as the application; use app.core.database freely."""
    from app.core import database, embedded

    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, connected_name), pool_size=20)
    yield
    async with asyncio.timeout(30):  # the pool waits for every connection: one that was lost fails the test
        await database.disconnect()


def rounds(few: int, full: int) -> int:
    """Return how often to repeat a race: few in `make test`, the issue's figure in `make test-full`."""
    return full if os.environ.get("FAHUI_TEST_ROUNDS") == "full" else few
