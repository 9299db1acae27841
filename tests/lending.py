"""Databases that tests borrow: each is handed out as the template has it, and put back to that before the next loan.

A copy of the template is some 2,000 files, and making and dropping one costs more than most tests do. The application
owns no table and cannot alter the schema, so what its tests leave behind are rows and sequences that moved on.
PostgreSQL counts what is done to each table, in transactions that were rolled back too: only tables whose count moved
are put back. If the count of a system table moved, somebody altered the schema as the owner, and the database is
thrown away.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
from asyncpg.connection import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from app.core import embedded

TEMPLATE = "fahui_template"
SECONDS_TO_END = 20
FIRST_TYPE_OF_OURS = 16_384  # lower object ids are PostgreSQL's own
_free: list["Borrowed"] = []


@contextmanager
def lent() -> Iterator[str]:
    """Lend a database that holds what the template holds; its name."""
    one = _free.pop() if _free else Borrowed(copy_of_template())
    if not one.restore():
        one = Borrowed(copy_of_template())
    yield one.name
    _free.append(one)


def describe_types_once() -> None:
    """Have asyncpg ask once in this process what PostgreSQL's own array types consist of, not on each connection.

    For most tests it is the slowest query, and the answer is the same in every database of a server.
    """
    ask, known = Connection._introspect_types, {}

    async def answered(connection: Any, types: set[int], timeout: float | None) -> tuple[Any, Any]:  # noqa: ASYNC109 - asyncpg's own signature
        key = frozenset(types)
        if key in known:
            return known[key], SimpleNamespace(name="nothing was prepared")
        rows, statement = await ask(connection, types, timeout)
        if max(key) < FIRST_TYPE_OF_OURS:
            known[key] = rows
        return rows, statement

    Connection._introspect_types = answered


def settle_template() -> None:
    """Let the template's statistics stand as they are from now on, and leave in it what a first connection prepares."""
    with _owner(TEMPLATE) as template:
        template.execute("VACUUM (ANALYZE)")
    _owner(TEMPLATE).close()


def faults() -> list[str]:
    """Return what in the databases that were given back is not as the template has it."""
    return [fault for one in _free if one.restore() for fault in one.faults()]


def copy_of_template(template: str = TEMPLATE) -> str:
    """Copy the template, or a database that nobody is connected to, into one of its own and return its name."""
    name = f"t_{uuid4().hex[:16]}"
    with _owner("postgres") as server:
        parts = (Identifier(name), Identifier(template))
        server.execute(SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(*parts))
    return name


def drop(name: str) -> None:
    """Drop a database and whoever is connected to it."""
    with _owner("postgres") as server:
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@dataclass(frozen=True, slots=True)
class Count:
    """What was done to a table since the server started."""

    name: str
    system: bool
    inserted: int
    changed: int


@dataclass
class Borrowed:
    """One database, the counts it stood at when it was last as the template, and what the template's tables hold."""

    name: str
    sequences: dict[int, int | None] = field(init=False)
    held: dict[int, bytes] = field(init=False)
    counts: dict[int, Count] = field(init=False)
    first_transaction: int = field(init=False)

    def __post_init__(self) -> None:
        """Remember what the copy holds."""
        self._connection = _owner(self.name)
        self.sequences = dict(self._rows(_SEQUENCES))
        self.held = {table: self._content(count.name) for table, count in self._counted().items() if not count.system}
        self._execute("SET session_replication_role = replica")  # nothing of the schema answers to what is done here
        self._remember()

    def restore(self) -> bool:
        """Put back what the template holds and return True, or drop the database if its schema was altered."""
        self._end_others()
        before, now = self.counts, self._counted()
        moved = [table for table, count in now.items() if count != before.get(table)]
        if any(table not in before or now[table].system for table in moved):
            self._connection.close()
            drop(self.name)
            return False
        rewritten = [table for table in moved if self.held[table] and now[table].changed != before[table].changed]
        for table in moved:
            self._empty(table, only_added=bool(self.held[table]) and table not in rewritten)
        if moved:
            tables = SQL(", ").join(SQL(now[table].name) for table in moved)  # type: ignore[arg-type]
            self._execute(SQL("VACUUM ({}) {}").format(SQL(self._vacuum_options), tables))
        for table in rewritten:
            self._fill(table)
        for sequence, last in self._rows(_SEQUENCES):
            if last != self.sequences[sequence]:
                self._set_sequence(sequence)
        self._remember()
        return True

    def faults(self) -> list[str]:
        """Return what is not as the template has it; looked at once, when the run is over."""
        contents = {table: self._content(self.counts[table].name) for table in self.held}
        found = [self.counts[table].name for table, held in self.held.items() if contents[table] != held]
        moved = [str(sequence) for sequence, last in self._rows(_SEQUENCES) if last != self.sequences[sequence]]
        return found + moved

    def _empty(self, table: int, *, only_added: bool) -> None:
        statement = SQL("DELETE FROM {}").format(SQL(self.counts[table].name))  # type: ignore[arg-type]
        if only_added:
            statement += SQL(" WHERE xmin::text::bigint >= {}").format(Literal(self.first_transaction))
        self._execute(statement)

    def _fill(self, table: int) -> None:
        statement = SQL("COPY {} FROM STDIN").format(SQL(self.counts[table].name))  # type: ignore[arg-type]
        with self._connection.cursor().copy(statement) as copy:
            copy.write(self.held[table])

    def _content(self, name: str) -> bytes:
        with self._connection.cursor().copy(SQL("COPY {} TO STDOUT").format(SQL(name))) as copy:  # type: ignore[arg-type]
            return b"".join(copy)

    def _set_sequence(self, sequence: int) -> None:
        last = self.sequences[sequence]
        start = SQL("(SELECT seqstart FROM pg_sequence WHERE seqrelid = {})").format(Literal(sequence))
        value = start if last is None else Literal(last)
        self._execute(SQL("SELECT setval({}::regclass, {}, {})").format(sequence, value, Literal(last is not None)))

    def _remember(self) -> None:
        self._rows("SELECT pg_stat_force_next_flush()")
        ((self.first_transaction,),) = self._rows("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        self.counts = self._counted()

    def _counted(self) -> dict[int, Count]:
        return {table: Count(*rest) for table, *rest in self._rows(_COUNTS)}

    def _end_others(self) -> None:
        """End what is still connected; a session's counts are complete when it is gone."""
        deadline = time.monotonic() + SECONDS_TO_END
        while self._rows(_OTHERS):
            assert time.monotonic() < deadline, f"somebody stays connected to {self.name}"
            time.sleep(0.001)

    @property
    def _vacuum_options(self) -> LiteralString:
        """Rows will lie in the order in which they lie in a copy, so nothing is left over however little it is."""
        statistics = ", SKIP_DATABASE_STATS" if self._connection.info.server_version >= 160_000 else ""
        return f"INDEX_CLEANUP ON{statistics}"

    def _rows(self, query: LiteralString) -> Iterable[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def _execute(self, statement: LiteralString | Composed) -> None:
        self._connection.execute(statement)


def _owner(database: str) -> psycopg.Connection:
    return psycopg.connect(embedded.dsn(embedded.OWNER_ROLE, database), autocommit=True)


_SEQUENCES: LiteralString = "SELECT seqrelid::bigint, pg_sequence_last_value(seqrelid) FROM pg_sequence"

_COUNTS: LiteralString = """
SELECT c.oid::bigint, c.oid::regclass::text, n.nspname = 'pg_catalog', pg_stat_get_tuples_inserted(c.oid),
       pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND NOT c.relisshared AND n.nspname <> 'information_schema'
"""

_OTHERS: LiteralString = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
