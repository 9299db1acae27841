"""Sites that start in a moment: one process builds the application, and a fork of it serves each module's database.

``Preloaded().serve(None, port, environment, log)`` answers the id of the serving process. It runs granian, as
`fahui serve` does; only the seconds of importing and building are shared. A name in place of None is that of a function
that is given the application and returns what is served, such as ``tests.browser.travelling:travelling``.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

ITS_OWN = {"DATABASE_URL", "DATABASE_DIRECT_URL", "FAHUI_PORT", "FAHUI_TEST_CLOCK"}
"""What a site may be told without being built anew."""
OF_ONE_TEST = "PYTEST_CURRENT_TEST"
PROJECT = Path(__file__).resolve().parents[2]


class Preloaded:
    """The process that forks; it ends, with all it serves, when its standard input closes."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.preloaded"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def serve(self, around: str | None, port: int, environment: dict[str, str], log: Path) -> int:
        """Fork a server and return its process id; it listens a moment later."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"around": around, "port": port, "environment": environment, "log": str(log)}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it and what it serves."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


def alive(process: int) -> bool:
    """Tell whether a served process still runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def stop(process: int) -> None:
    """End a served process and wait for it."""
    os.kill(process, signal.SIGTERM)
    for _ in range(2000):
        if not alive(process):
            return
        time.sleep(0.01)
    os.kill(process, signal.SIGKILL)


def main() -> None:
    """Build the application, then fork for each line on standard input."""
    from app.asgi import create_app
    from app.core.settings import settings
    from tests.browser import travelling  # noqa: F401 - imported once for all that travel

    usual = create_app()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a fork: the kernel clears it away
    served = []
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            settings.cache_clear()
            _serve(asked, usual)
        served.append(child)
        print(child, flush=True)
    for child in filter(alive, served):
        stop(child)


def _named(function: str) -> Any:
    module, name = function.split(":")
    return getattr(import_module(module), name)


def _serve(asked: dict[str, Any], usual: Any) -> None:
    """Serve until SIGTERM, and never return into the loop of the process that forked."""
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (0, 1, 2):
        os.dup2(os.open(os.devnull, os.O_RDONLY) if stream == 0 else log, stream)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    changed = {name: value for name, value in asked["environment"].items() if os.environ.get(name) != value}
    os.environ.update(changed)
    application = _named("app.asgi:create_app")() if set(changed) - ITS_OWN - {OF_ONE_TEST} else usual
    target = _named(asked["around"])(application) if asked["around"] else application
    try:
        asyncio.run(_until_told(target, asked["port"]))
    finally:
        os._exit(0)


async def _until_told(target: Any, port: int) -> None:
    server = Server(target, port=port, interface=Interfaces.ASGI, log_level=LogLevels.warning)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()


if __name__ == "__main__":
    main()
