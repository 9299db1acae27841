"""`fahui doctor`: is this installation healthy? Each check says what it saw and, when it fails, what to do."""

import re
import stat
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.attachments.store import reachable, store
from app.core import clock, database
from app.core.audit_verify import unsealed_tail
from app.core.key_rotation import known_key_ids
from app.core.logging import described
from app.core.settings import documented, settings
from app.notifications import gateways
from app.operations.queries import heartbeat_age
from app.web.health import required_migrations

OLDEST_SERVER = 150_000
SKEW_LIMIT, HEART_LIMIT, TAIL_LIMIT = timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5)
SECRETS = ("sk_", "rk_", "whsec_")
PRIVATE = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ok, warn or fail."""

    name: str
    state: str
    told: str


def settings_in_force() -> list[tuple[str, str, str]]:
    """Return variable, value in force and meaning of every setting; passwords are masked."""
    fields = settings().__dataclass_fields__
    values = {entry.metadata["variable"]: getattr(settings(), name) for name, entry in fields.items()}
    return [(row["variable"], masked(str(values[row["variable"]])), row["help"]) for row in documented()]


def look_at_more(name: str, look: Callable[[], Awaitable[tuple[str, str]]]) -> None:
    """Add a check of a package's own; its hook calls this."""
    _LOOKS[name] = look


def masked(value: str) -> str:
    """Return an address without its password, of a key only what kind it is."""
    if value.startswith(SECRETS):
        return f"{value[:8]}***"
    if not value.startswith("postgres"):
        return re.sub(r"(?<=://)([^:/@]*):[^@/]*@", r"\1:***@", value)
    parts = conninfo_to_dict(value)
    if "password" not in parts:
        return value
    return make_conninfo("", **{**parts, "password": "***"})


def file_checks() -> list[Check]:
    """Look at the data folder and the key file."""
    return [_data_folder(), _key_file()]


async def database_checks() -> list[Check]:
    """Look at the server, the schema, the role, the clocks, the heartbeat, the audit tail, keys, gateways and files."""
    return [await _checked(name, look) for name, look in _LOOKS.items()]


def _data_folder() -> Check:
    folder = settings().data_dir
    if not folder.is_dir():
        return Check("data folder", "fail", f"{folder} is missing; `fahui db upgrade` makes it")
    if folder.stat().st_mode & stat.S_IWOTH:
        return Check("data folder", "fail", f"everybody may write to {folder}; chmod o-w it")
    return Check("data folder", "ok", str(folder))


def _key_file() -> Check:
    path = settings().key_file
    if not path.exists():
        return Check("key file", "fail", f"{path} is missing; bring it back, or `fahui keys create` for a new house")
    if path.stat().st_mode & PRIVATE:
        return Check("key file", "fail", f"others may read {path}; chmod 600 it")
    return Check("key file", "ok", f"{path}, mode 600")


async def _checked(name: str, look: Callable[[], Awaitable[tuple[str, str]]]) -> Check:
    try:
        state, told = await look()
    except Exception as error:  # a check that cannot be made has failed, whatever the reason
        return Check(name, "fail", described(error))
    return Check(name, state, told)


async def _server() -> tuple[str, str]:
    number = int(await database.fetch_value("SHOW server_version_num"))
    told = f"PostgreSQL {await database.fetch_value('SHOW server_version')}"
    return ("ok", told) if number >= OLDEST_SERVER else ("fail", f"{told}; 15 or later is needed")


async def _schema() -> tuple[str, str]:
    rows = await database.fetch("SELECT app_name, name FROM migration")
    missing = required_migrations() - {(row["app_name"], row["name"]) for row in rows}
    return ("fail", f"{len(missing)} migrations are due; run `fahui db upgrade`") if missing else ("ok", "up to date")


async def _role() -> tuple[str, str]:
    row = await database.fetch_one(
        """SELECT current_user AS name, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS super,
                  (SELECT count(*) FROM pg_tables WHERE schemaname = 'public'
                      AND pg_has_role(current_user, tableowner, 'USAGE')) AS owned"""
    )
    if row is None or row["super"] or row["owned"]:
        return "fail", "the application's role could change the schema; see docs/operations.md on the two roles"
    return "ok", f"{row['name']} owns no table"


async def _clock() -> tuple[str, str]:
    skew = abs(await database.fetch_value("SELECT clock_timestamp()") - clock.now())
    told = f"{skew.total_seconds():.2f} s from the database's clock"
    return ("ok", told) if skew <= SKEW_LIMIT else ("fail", f"{told}; synchronize both (NTP)")


async def _heartbeat() -> tuple[str, str]:
    age = await heartbeat_age()
    if age is None or age > HEART_LIMIT:
        return "warn", "no worker gives a sign of life; run `fahui serve` or `fahui worker`"
    return "ok", f"a worker lives, {age.total_seconds():.0f} s ago"


async def _audit() -> tuple[str, str]:
    tail = await unsealed_tail()
    told = f"{tail.events} events unsealed, the oldest for {tail.age.total_seconds():.0f} s"
    return ("ok", told) if tail.age <= TAIL_LIMIT else ("warn", f"{told}; does a worker run?")


async def _keys() -> tuple[str, str]:
    rows = await database.fetch("SELECT DISTINCT master_key_id FROM subject_key WHERE sealed_key IS NOT NULL")
    missing = {row["master_key_id"] for row in rows} - known_key_ids()
    if missing:
        return "fail", f"the key file lacks {', '.join(sorted(missing))}; personal data cannot be read"
    return "ok", f"{len(rows)} master keys in use, all at hand"


async def _gateways() -> tuple[str, str]:
    closed = gateways.closed_channels()
    if closed:
        return "warn", f"no gateway for {' and '.join(closed)}: such messages wait in the queue"
    return "ok", ", ".join(gateways.open_channels())


async def _files() -> tuple[str, str]:
    return "ok", await reachable(store())


_LOOKS: dict[str, Callable[[], Awaitable[tuple[str, str]]]] = {
    "database server": _server,
    "schema": _schema,
    "application role": _role,
    "clock": _clock,
    "worker heartbeat": _heartbeat,
    "audit chain": _audit,
    "master keys": _keys,
    "gateways": _gateways,
    "files": _files,
}
