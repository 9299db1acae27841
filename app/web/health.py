"""For whoever watches over the process: is it alive, and can it do its work?"""

import asyncio
import re
from pathlib import Path

from litestar import Response, get
from piccolo.conf.apps import Finder

from app.core import database
from app.web.guards import public

PATIENCE = 3.0
MIGRATION_ID = re.compile(r"^ID = \"([^\"]+)\"", re.MULTILINE)


@get("/healthz", guards=[public], sync_to_thread=False)
def healthz() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@get("/readyz", guards=[public])
async def readyz() -> Response[dict[str, str]]:
    """Say whether the database answers and its schema is the one this program needs."""
    found = await _state()
    return Response({"status": found}, status_code=200 if found == "ready" else 503)


async def _state() -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            rows = await database.fetch("SELECT app_name, name FROM migration")
    except Exception:  # whatever keeps the database from answering, the outcome is the same
        return "database unreachable"
    missing = required_migrations() - {(row["app_name"], row["name"]) for row in rows}
    return "schema out of date" if missing else "ready"


def required_migrations() -> set[tuple[str, str]]:
    """Return (app, id) of every migration that this program ships."""
    return {
        (config.app_name, identifier)
        for config in Finder().get_app_registry().app_configs.values()
        for script in Path(config.resolved_migrations_folder_path).glob("*.py")
        for identifier in MIGRATION_ID.findall(script.read_text(encoding="utf-8"))
    }
