"""A borrowed database is as the template has it, whatever the borrower before did to it."""

from collections.abc import Iterator

import psycopg
import pytest

from app.core import database, embedded
from tests import lending, world
from tests.lending import Borrowed, copy_of_template

EVERYTHING = """SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
                WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"""


@pytest.fixture
def borrowed() -> Iterator[Borrowed]:
    """Borrow a database of this test's own."""
    one = Borrowed(copy_of_template())
    yield one
    lending.drop(one.name)


def owner(name: str) -> psycopg.Connection:
    return psycopg.connect(embedded.dsn(embedded.OWNER_ROLE, name), autocommit=True)


def content(name: str) -> dict[str, list[str]]:
    """Return every row in the order it lies in and every sequence, read past the counts that are tested here."""
    with owner(name) as connection:
        tables = [str(row[0]) for row in connection.execute(EVERYTHING)]
        rows = {t: [str(r) for r in connection.execute(f"SELECT x FROM {t} x ORDER BY ctid")] for t in tables}
        sequences = connection.execute("SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2")
        return rows | {"sequences": [str(row) for row in sequences]}


async def worked_in(name: str) -> None:
    """Have the application make people, an organization and a listed service, and the owner change what came along."""
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, name), pool_size=4)
    try:
        await world.listed_product()
    finally:
        await database.disconnect()
    with owner(name) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE place SET name_en = 'Elsewhere' WHERE level = 'village'")
        connection.execute("DELETE FROM law_rule WHERE id % 3 = 0")


async def test_what_was_done_is_gone(borrowed: Borrowed) -> None:
    before = content(borrowed.name)
    await worked_in(borrowed.name)
    assert content(borrowed.name) != before
    assert len(borrowed.faults()) > 5
    assert borrowed.restore()
    assert content(borrowed.name) == before
    assert borrowed.faults() == []


async def test_ids_begin_again_though_what_took_them_was_rolled_back(borrowed: Borrowed) -> None:
    before = content(borrowed.name)
    with owner(borrowed.name) as connection, pytest.raises(ZeroDivisionError), connection.transaction():
        connection.execute("SELECT nextval(seqrelid) FROM pg_sequence")
        raise ZeroDivisionError
    assert content(borrowed.name)["sequences"] != before["sequences"]
    assert borrowed.restore()
    assert content(borrowed.name) == before


async def test_a_session_left_behind_is_ended_and_its_work_undone(borrowed: Borrowed) -> None:
    before = content(borrowed.name)
    left = owner(borrowed.name)
    left.execute("UPDATE place SET name_en = 'Elsewhere'")
    left.execute("BEGIN")
    left.execute("LOCK TABLE place")
    assert borrowed.restore()
    assert content(borrowed.name) == before
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")


async def test_a_database_whose_schema_was_altered_is_thrown_away() -> None:
    with lending.lent() as name, owner(name) as connection:
        connection.execute("ALTER TABLE place DISABLE TRIGGER ALL")
    with lending.lent() as another:
        assert another != name
        with owner(another) as connection:
            disabled = connection.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'").fetchone()
            gone = connection.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name]).fetchone()
        assert (disabled, gone) == ((0,), (0,))
