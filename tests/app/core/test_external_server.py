"""Debian's PostgreSQL 15 as the external server of DATABASE_URL: schema, roles, the core's guarantees.

Needs /usr/lib/postgresql/15/bin. Without it these tests fail: a check that skips itself checks nothing.
"""

import asyncio
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from app.core.settings import PROJECT
from tests.app.command_line import Installation
from tests.conftest import memory
from tests.ports import free_port

BIN = Path("/usr/lib/postgresql/15/bin")
CORE = "tests/app/core"
CORE_TESTS = (
    f"{CORE}/test_database.py",
    f"{CORE}/test_audit_chain.py",
    f"{CORE}/test_jobs.py::test_many_clocks_claim_a_slot_once",
    f"{CORE}/test_jobs.py::test_a_slot_is_claimed_once_and_an_older_one_never_again",
    f"{CORE}/test_jobs.py::test_a_rescued_task_runs_again_and_its_first_worker_is_fenced_off",
    f"{CORE}/test_backup.py::test_a_restored_backup_is_the_same_database",
)
UNSAFE_BUT_QUICK = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
pytestmark = pytest.mark.external


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL 15 on loopback; every role's password is its name and ``-word``."""

    port: int

    def url(self, user: str, database: str = "postgres") -> str:
        return f"postgresql://{user}:{user}-word@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str) -> None:
        """Run statements as the server's administrator."""

        async def execute() -> None:
            connection = await asyncpg.connect(self.url("postgres"))
            for statement in statements:
                await connection.execute(statement)
            await connection.close()

        asyncio.run(execute())

    def value(self, url: str, query: str) -> object:
        """Return one value, seen by whoever the address names."""

        async def fetch() -> object:
            connection = await asyncpg.connect(url)
            try:
                return await connection.fetchval(query)
            finally:
                await connection.close()

        return asyncio.run(fetch())


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Run a cluster in a temporary folder, as an unprivileged user."""
    if not (BIN / "initdb").exists():
        pytest.fail(f"these tests need Debian's PostgreSQL 15, {BIN} is missing: apt-get install postgresql-15")
    folder = Path(tempfile.mkdtemp(prefix="fahui-pg15-", dir=memory()))
    _give_away(folder)
    (folder / "password").write_text("postgres-word")
    _give_away(folder / "password")
    data, port = folder / "data", free_port()
    words = ("-U", "postgres", "-A", "scram-sha-256", "--pwfile", str(folder / "password"), "--no-sync")
    _server_command("initdb", "-D", str(data), "-E", "UTF8", "--locale=C.UTF-8", *words)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {UNSAFE_BUT_QUICK}"
    _server_command("pg_ctl", "start", "-w", "-D", str(data), "-l", str(folder / "log"), "-o", options)
    try:
        yield Server(port)
    finally:
        _server_command("pg_ctl", "stop", "-m", "immediate", "-D", str(data))
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """An empty database, owned by a role that is no superuser."""
    name = f"fahui_{uuid4().hex[:8]}"
    server.run(
        "DROP ROLE IF EXISTS fahui_app",
        "DROP ROLE IF EXISTS fahui_owner",
        "CREATE ROLE fahui_owner LOGIN CREATEROLE PASSWORD 'fahui_owner-word'",
        f"CREATE DATABASE {name} OWNER fahui_owner",
    )
    yield name
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


def _give_away(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, _server_user(), pwd.getpwnam(_server_user()).pw_gid)


def _server_user() -> str:
    return "postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody"


def _server_command(tool: str, *arguments: str) -> None:
    user = _server_user() if os.geteuid() == 0 else None
    with tempfile.TemporaryFile("w+") as told:  # a pipe would stay open as long as the server it starts
        done = subprocess.run(
            [str(BIN / tool), *arguments],
            user=user,
            extra_groups=[] if user else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
        )
        told.seek(0)
        assert done.returncode == 0, f"{tool}: {told.read()}"


def test_one_login_serves_as_owner_and_assumes_the_applications_role(
    server: Server, database: str, tmp_path: Path
) -> None:
    one_login = {"DATABASE_URL": server.url("fahui_owner", database), "DATABASE_DIRECT_URL": ""}
    house = Installation(database, tmp_path, one_login)
    for _ in range(2):
        upgraded = house.fahui("db", "upgrade")
        assert upgraded.exit_code == 0, upgraded.output
    told = house.fahui("doctor").output
    assert "ok database server: PostgreSQL 15." in told, told
    assert "ok schema: up to date" in told
    assert "ok application role: fahui_app owns no table" in told


def test_two_logins_keep_the_schema_out_of_the_applications_reach(
    server: Server, database: str, tmp_path: Path
) -> None:
    """As docs/operations.md has a database administrator prepare it: the owner creates no roles."""
    server.run("CREATE ROLE fahui_app LOGIN PASSWORD 'fahui_app-word'", "ALTER ROLE fahui_owner NOCREATEROLE")
    application, owner = server.url("fahui_app", database), server.url("fahui_owner", database)
    house = Installation(database, tmp_path, {"DATABASE_URL": application, "DATABASE_DIRECT_URL": owner})
    upgraded = house.fahui("db", "upgrade")
    assert upgraded.exit_code == 0, upgraded.output
    told = house.fahui("doctor").output
    assert "ok application role: fahui_app owns no table" in told, told
    assert "fahui_app-word" not in told
    assert "fahui_owner-word" not in told
    for forbidden in ("ALTER TABLE audit_event DISABLE TRIGGER ALL", "SET ROLE fahui_owner"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            server.value(application, forbidden)
    assert house.fahui("jobs", "run", "seal_audit").output == 'seal_audit: succeeded {"sealed": 0}\n'


def test_the_core_holds_what_it_promises_on_this_server_too(server: Server) -> None:
    server.run(
        "DROP ROLE IF EXISTS fahui_app",
        "DROP ROLE IF EXISTS fahui_owner",
        "CREATE ROLE fahui_app LOGIN PASSWORD 'fahui_app-word'",
        "CREATE ROLE fahui_owner LOGIN CREATEDB PASSWORD 'fahui_owner-word' IN ROLE fahui_app",
        "GRANT SET ON PARAMETER session_replication_role TO fahui_owner",
    )
    environment = {"FAHUI_TEST_SERVER": f"127.0.0.1:{server.port}", "FAHUI_TEST_BIN": str(BIN)}
    outer = {"PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS"}
    inherited = {name: value for name, value in os.environ.items() if name not in outer}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.app.core.external_plugin", *CORE_TESTS],
        env={**inherited, **environment},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
