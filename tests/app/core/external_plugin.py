"""Run tests against the server that FAHUI_TEST_SERVER names instead of the embedded one.

``pytest -p tests.app.core.external_plugin …``: loaded before conftest starts anything, it puts the external
server's addresses and client programs where the tests take the embedded server's from.
"""

import os
from pathlib import Path

from app.core import embedded

HOST_AND_PORT = os.environ["FAHUI_TEST_SERVER"]
BIN = Path(os.environ["FAHUI_TEST_BIN"])


def dsn(user: str, database: str = embedded.DATABASE) -> str:
    """Return an address on the external server."""
    return f"postgresql://{user}:{user}-word@{HOST_AND_PORT}/{database}"


def start() -> bool:
    """Leave the server to whoever runs it."""
    return False


def stop() -> None:
    """Leave the server to whoever runs it."""


def tool_path(tool: str) -> Path:
    """Return the external server's own client program."""
    return BIN / tool


embedded.dsn, embedded.start, embedded.stop, embedded.tool_path = dsn, start, stop, tool_path
