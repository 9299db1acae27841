"""Sites that start in a moment: one process builds the application, and a fork of it serves each module's database.

``Preloaded().serve("app.asgi:create_app", port, environment, log)`` answers the id of the serving process. It runs
granian, as `fahui serve` does; only the seconds of importing are shared.
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

USUAL = "app.asgi:create_app"
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

    def serve(self, application: str, port: int, environment: dict[str, str], log: Path) -> int:
        """Fork a server and return its process id; it listens a moment later."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"application": application, "port": port, "environment": environment, "log": str(log)}
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
    from app.core.settings import settings

    usual = _made(USUAL)
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


def _made(application: str) -> Any:
    module, factory = application.split(":")
    return getattr(import_module(module), factory)()


def _serve(asked: dict[str, Any], usual: Any) -> None:
    """Serve until SIGTERM, and never return into the loop of the process that forked."""
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (0, 1, 2):
        os.dup2(os.open(os.devnull, os.O_RDONLY) if stream == 0 else log, stream)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    changed = {name: value for name, value in asked["environment"].items() if os.environ.get(name) != value}
    os.environ.update(changed)
    own = set(changed) - {"DATABASE_URL", "DATABASE_DIRECT_URL", "FAHUI_PORT"}
    target = usual if asked["application"] == USUAL and not own else _made(asked["application"])
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
