"""From the last landed schema, with a town's data in it, to today's: the same schema as from nothing, no row lost.

``tests/landed`` holds one backup, made by `fahui db backup` after `fahui demo --scale town` ran on the schema as it
was last released. A release replaces it; an edit of a migration that has landed makes this test fail.
"""

import asyncio
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from app.core import embedded, storage
from tests.app.command_line import Installation
from tests.app.core.test_backup import row_counts
from tests.lending import TEMPLATE

LANDED = next((Path(__file__).resolve().parents[2] / "landed").glob("*.dump"))
GROWING = {"migration", "audit_event", "law_rule", "ledger_source"}
"""What an upgrade itself adds to: its own journal, the audit of it, new seeds of the rulebook, sources of entries."""
# A dump nests the brackets of a condition in another way, which says the same: they are left out.
CATALOGUE = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
               pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0
          AND NOT a.attisdropped""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, translate(pg_get_constraintdef(oid), '()', '') FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT c.relname, translate(pg_get_triggerdef(t.oid), '()', '') FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace""",
    "routines": """
        SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')""",
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
}


@dataclass(frozen=True)
class Upgraded:
    """The landed house, brought up to date, and how many rows each of its tables held before."""

    house: Installation
    before: dict[str, int]


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    """Restore the backup and run the migrations that are due."""
    server, name = embedded.dsn(embedded.OWNER_ROLE, "postgres"), f"t_{uuid4().hex[:16]}"
    asyncio.run(storage.create_database(server, name))
    house = Installation(name, tmp_path_factory.mktemp("landed"))
    restore_as_it_is(name)
    before = row_counts(name)
    with house.within():
        asyncio.run(storage.upgrade())
    yield Upgraded(house, before)
    asyncio.run(storage.drop_database(server, name))


def test_the_upgraded_schema_is_the_one_that_an_empty_database_gets(upgraded: Upgraded) -> None:
    ours, empty = catalogue(upgraded.house.database_name), catalogue(TEMPLATE)
    assert {part: ours[part] ^ empty[part] for part in CATALOGUE} == {part: set() for part in CATALOGUE}


def test_no_row_is_lost_and_what_must_agree_still_agrees(upgraded: Upgraded) -> None:
    house, before, after = upgraded.house, upgraded.before, row_counts(upgraded.house.database_name)
    assert {table: after[table] for table in before if table not in GROWING} == {
        table: count for table, count in before.items() if table not in GROWING
    }
    assert all(after[table] >= before[table] for table in GROWING)
    assert before["sign_up"] > 20
    verified = house.fahui("audit", "verify")
    assert verified.exit_code == 0, verified.output
    exported = house.fahui("ledger", "export", "--format", "hledger", "--out", house.folder / "ledger.journal")
    assert exported.exit_code == 0, exported.output


def catalogue(name: str) -> dict[str, set[tuple[object, ...]]]:
    """Return what a database says of its own schema."""

    async def read() -> dict[str, set[tuple[object, ...]]]:
        owner = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, name))
        try:
            return {part: {tuple(row) for row in await owner.fetch(query)} for part, query in CATALOGUE.items()}
        finally:
            await owner.close()

    return asyncio.run(read())


def restore_as_it_is(name: str) -> None:
    """Bring the backup back without running a migration."""
    subprocess.run(
        [
            str(embedded.tool_path("pg_restore")),
            "--no-owner",
            "--no-privileges",
            f"--dbname={embedded.dsn(embedded.OWNER_ROLE, name)}",
            str(LANDED),
        ],
        check=True,
    )
