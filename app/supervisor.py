"""`fahui serve`: the database server, the web process and one clock-and-worker, under one parent.

The children live in sessions of their own, so an interrupt reaches the supervisor alone and it stops them in
order: the web drains, the worker finishes or returns its task, then PostgreSQL. A keeper process holds the
other end of a pipe: when the supervisor dies without a word, the keeper ends the children and the server.
"""

import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from app import composition
from app.core import embedded, logging
from app.core.processes import Child, is_alive, kill_group
from app.core.settings import settings

WEB_GRACE, WORKER_GRACE = 15.0, 25.0
HOPELESS = 5  # deaths of a child before the site ever answered
log = logging.get("app.supervisor")


class ServeFailed(RuntimeError):
    """The site cannot be served; the message says what to do."""


def serve(announce: Callable[[], None] | None = None) -> None:
    """Serve until SIGINT or SIGTERM; ``announce`` is called once, when the site answers."""
    logging.configure("supervisor")
    _refuse_taken_port()
    started = settings().embedded and embedded.start()
    try:
        asyncio.run(composition.bring_up_to_date())
        with _keeper() as tell:
            _Supervisor(_children(), tell, announce).run()
    finally:
        if started:
            embedded.stop()
            log.info("database_stopped")


class _Supervisor:
    def __init__(
        self, children: list[Child], tell: Callable[[Child], None], announce: Callable[[], None] | None
    ) -> None:
        self.children, self.tell, self.announce = children, tell, announce
        self.interrupts = 0

    def run(self) -> None:
        before = {number: signal.signal(number, self._interrupted) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._tend_until_interrupted()
        finally:
            asked = self.interrupts
            for child in self.children:
                child.stop(patient=lambda: self.interrupts <= max(asked, 1))
            for number, handler in before.items():
                signal.signal(number, handler)

    def _tend_until_interrupted(self) -> None:
        while not self.interrupts:
            for child in self.children:
                if child.tend():
                    self.tell(child)
                if self.announce and child.deaths >= HOPELESS:
                    raise ServeFailed(f"the {child.name} process does not start; its log above says why")
            if self.announce and _answers():
                self.announce()
                self.announce = None
            time.sleep(0.1)

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        self.interrupts += 1


def _children() -> list[Child]:
    web = [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--no-ws", "--workers", "1"),
        *("--host", settings().host, "--port", settings().port, "--workers-kill-timeout", str(int(WEB_GRACE) - 3)),
        *("--log-config", _log_configuration(), "app.web_process:create_app"),
    ]
    worker = [sys.executable, "-m", "app.scheduler"]
    return [Child("web", web, WEB_GRACE), Child("worker", worker, WORKER_GRACE)]


def _log_configuration() -> str:
    """Write how granian's own process logs: as ours do."""
    to_stderr = {"handlers": ["stderr"], "level": settings().log_level, "propagate": False}
    path = settings().data_dir / "granian-logging.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(
            {
                "version": 1,
                "disable_existing_loggers": False,
                "formatters": {"json": {"()": "app.core.logging.formatter", "process": "web"}},
                "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
                "loggers": {"_granian": to_stderr, "granian.access": to_stderr},
            }
        )
    )
    return str(path)


def _refuse_taken_port() -> None:
    host, port = settings().host, int(settings().port)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServeFailed(f"cannot listen on {host}:{port} ({error.strerror}); set FAHUI_PORT") from None


def _answers() -> bool:
    """Tell whether the application answers; granian listens a second before it does."""
    connection = http.client.HTTPConnection(settings().host, int(settings().port), timeout=0.5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextlib.contextmanager
def _keeper() -> Iterator[Callable[[Child], None]]:
    """Run the keeper beside the block; it is told each child, and at the end that all is well."""
    command = [sys.executable, "-m", "app.supervisor"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603
        assert process.stdin is not None  # noqa: S101 - it was just asked for
        pipe = process.stdin

        def write(told: Any) -> None:
            with contextlib.suppress(BrokenPipeError):  # without its keeper the site still serves
                pipe.write(json.dumps(told).encode() + b"\n")
                pipe.flush()

        yield lambda child: write({"name": child.name, "pid": child.process.pid if child.process else 0})
        write("done")


def keep() -> None:
    """Wait for the supervisor's last word; without one, end what it left behind, in the right order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    left: dict[str, int] = {}
    for line in sys.stdin:
        told = json.loads(line)
        if told == "done":
            return
        left[told["name"]] = told["pid"]
    logging.configure("keeper")
    log.error("supervisor_died", left=len(left))
    for name, pid in left.items():
        _end(pid, WEB_GRACE if name == "web" else WORKER_GRACE)
    if settings().embedded and embedded.owner() is None:
        embedded.stop()


def _end(pid: int, grace: float) -> None:
    if is_alive(pid):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    kill_group(pid)


if __name__ == "__main__":
    keep()
