"""A backup brought back is the same database: rows, roles, guards and an audit chain that verifies."""

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from app.core import database, embedded, storage, vault
from tests.app.command_line import Installation
from tests.app.core.audit_world import seal_all, write_events


@pytest.fixture
def house(database_name: str, tmp_path: Path) -> Installation:
    """A house with sealed and unsealed events, and a person's key."""
    made = Installation(database_name, tmp_path)
    assert made.fahui("keys", "create").exit_code == 0

    async def fill() -> None:
        await write_events(7)
        await seal_all()
        await write_events(2, first=50)
        await vault.new_subject_key()

    made.connected(fill)
    return made


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Installation]:
    """Another house: an empty database, and no keys yet."""
    server, name = embedded.dsn(embedded.OWNER_ROLE, "postgres"), f"t_{uuid4().hex[:16]}"
    asyncio.run(storage.create_database(server, name))
    (tmp_path / "elsewhere").mkdir()
    yield Installation(name, tmp_path / "elsewhere")
    asyncio.run(storage.drop_database(server, name))


def row_counts(name: str) -> dict[str, int]:
    """Return every table's number of rows."""

    async def count() -> dict[str, int]:
        owner = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, name))
        tables = [row["tablename"] for row in await owner.fetch("SELECT * FROM pg_tables WHERE schemaname = 'public'")]
        counts = {table: await owner.fetchval(f'SELECT count(*) FROM "{table}"') for table in tables}
        await owner.close()
        return counts

    return asyncio.run(count())


def test_a_restored_backup_is_the_same_database(house: Installation, elsewhere: Installation, tmp_path: Path) -> None:
    file = tmp_path / "house.dump"
    backed_up = house.fahui("db", "backup", file)
    assert backed_up.exit_code == 0, backed_up.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert house.key_file.read_bytes() not in file.read_bytes()

    restored = elsewhere.fahui("db", "restore", file)
    assert restored.exit_code == 0, restored.output
    assert "WARNING: sealed data needs the master keys k1" in restored.output
    before = row_counts(house.database_name)
    assert row_counts(elsewhere.database_name) == before
    assert before["audit_event"] == 9

    verified = elsewhere.fahui("audit", "verify")
    assert verified.exit_code == 0, verified.output
    assert "7 sealed events in " in verified.output
    assert elsewhere.connected(guards_and_sealing) == (True, 2)
    assert elsewhere.fahui("audit", "verify").exit_code == 0


async def guards_and_sealing() -> tuple[bool, int]:
    """Tell whether rows are still append-only for the application, and how many events the sealer finds."""
    try:
        await database.execute("DELETE FROM audit_event")
    except asyncpg.RestrictViolationError:
        return True, await seal_all()
    return False, 0


def test_a_restore_over_something_is_refused_unless_it_is_meant(house: Installation, tmp_path: Path) -> None:
    file = tmp_path / "house.dump"
    house.fahui("db", "backup", file)
    before = row_counts(house.database_name)
    house.connected(lambda: write_events(5, first=80))
    refused = house.fahui("db", "restore", file)
    assert refused.exit_code == 1
    assert "restore into an empty one, or use --replace" in refused.output
    assert row_counts(house.database_name)["audit_event"] == before["audit_event"] + 5
    replaced = house.fahui("db", "restore", file, "--replace")
    assert replaced.exit_code == 0, replaced.output
    assert row_counts(house.database_name) == before


def test_a_restore_that_fails_leaves_what_was_there(house: Installation, tmp_path: Path) -> None:
    file = tmp_path / "house.dump"
    house.fahui("db", "backup", file)
    before = row_counts(house.database_name)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    refused = house.fahui("db", "restore", file, "--replace")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: pg_restore failed")
    assert row_counts(house.database_name) == before
    assert house.fahui("audit", "verify").exit_code == 0


def test_what_is_no_backup_is_refused(house: Installation, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear all")
    refused = house.fahui("db", "restore", file, "--replace")
    assert refused.exit_code == 1
    assert "pg_restore failed" in refused.output


def test_a_database_in_use_is_not_replaced(house: Installation, tmp_path: Path) -> None:
    file = tmp_path / "house.dump"
    house.fahui("db", "backup", file)

    async def in_use() -> str:
        return (await asyncio.to_thread(house.fahui, "db", "restore", file, "--replace")).output

    async def connected() -> str:
        other = await asyncpg.connect(embedded.dsn(embedded.APPLICATION_ROLE, house.database_name))
        try:
            return await in_use()
        finally:
            await other.close()

    assert "1 connections use the database" in asyncio.run(connected())


def test_without_the_tools_the_command_says_what_to_install(house: Installation, tmp_path: Path) -> None:
    house.changed["PATH"] = str(tmp_path)
    told = house.fahui("db", "backup", tmp_path / "house.dump")
    assert told.exit_code == 1
    assert "pg_dump is not on the PATH" in told.output
    assert not list(tmp_path.glob("house.dump*"))
