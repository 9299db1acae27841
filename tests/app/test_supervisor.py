"""`fahui serve` as people run it: it starts everything, restarts what dies, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.core.processes import is_alive, pause_after
from app.core.settings import PROJECT
from tests.conftest import memory
from tests.ports import free_port


@dataclass
class Site:
    """A running `fahui serve` with a data folder, a server and a port of its own."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def logged(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in (self.folder / "log").read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == event]

    def children(self) -> dict[str, int]:
        """Return the supervisor's children by the module they run."""
        found = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
                words = (stat.parent / "cmdline").read_text().split("\0")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == self.process.pid and "-m" in words:
                found[words[words.index("-m") + 1]] = int(stat.parent.name)
        return found

    def postmaster(self) -> int:
        return int((self.folder / "data" / "postgres" / "postmaster.pid").read_text().splitlines()[0])

    def everything(self) -> list[int]:
        return [self.process.pid, *self.children().values(), self.postmaster()]


@contextmanager
def served() -> Iterator[Site]:
    """Serve in a fresh folder; whatever happens, nothing stays behind."""
    with tempfile.TemporaryDirectory(prefix="fahui-serve-", dir=memory()) as name:
        folder = Path(name)
        folder.chmod(0o755)
        port = free_port()
        left_out = {"DATABASE_URL", "DATABASE_DIRECT_URL"}
        environment = {key: value for key, value in os.environ.items() if key not in left_out}
        environment |= {"FAHUI_DATA_DIR": str(folder / "data"), "FAHUI_PORT": str(port), "FAHUI_MODE": "demo"}
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve"], env=environment, cwd=PROJECT, stdout=log, stderr=log
            )
            site = Site(process, folder, port)
            try:
                until(site.answers, 60, site)
                yield site
            finally:
                process.kill()
                process.wait()
                until(lambda: not (folder / "data" / "postgres" / "postmaster.pid").exists(), 40, site)


def until(happens: Callable[[], bool], seconds: float, site: Site) -> None:
    deadline = time.monotonic() + 3 * seconds  # how long it may take on a slow machine under load
    while not happens():
        assert time.monotonic() < deadline, (site.folder / "log").read_text()[-3000:]
        time.sleep(0.1)


def test_it_serves_restarts_what_dies_and_an_interrupt_ends_everything_in_order() -> None:
    with served() as site:
        until(lambda: len(site.logged("clock_started")) == 1, 20, site)
        first = site.children()
        assert set(first) == {"app.supervisor", "granian", "app.scheduler"}
        os.kill(first["granian"], signal.SIGKILL)
        os.kill(first["app.scheduler"], signal.SIGKILL)
        until(lambda: len(site.logged("child_died")) == 2, 10, site)
        until(lambda: len(site.logged("clock_started")) == 2 and site.answers(), 30, site)
        assert site.children()["granian"] != first["granian"]
        everything = site.everything()
        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(40) == 0
        assert not any(is_alive(pid) for pid in everything)
        stopped = [line["child"] for line in site.logged("child_stopped")]
        assert stopped == ["web", "worker"]
        assert site.logged("database_stopped")


def test_the_death_of_the_supervisor_ends_everything() -> None:
    with served() as site:
        everything = site.everything()
        site.process.kill()
        site.process.wait()
        until(lambda: not any(is_alive(pid) for pid in everything), 40, site)
        assert site.logged("supervisor_died")


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {**os.environ, "FAHUI_DATA_DIR": str(tmp_path / "data"), "FAHUI_PORT": str(port)}
        told = subprocess.run(
            [sys.executable, "-m", "app.cli", "serve"], env=environment, cwd=PROJECT, capture_output=True, text=True
        )
    assert told.returncode == 1
    assert f"Error: cannot listen on 127.0.0.1:{port}" in told.stderr
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.parametrize(("deaths", "pause"), [(1, 1), (2, 2), (5, 16), (6, 30), (99, 30)])
def test_a_child_that_keeps_dying_is_restarted_less_and_less_often(deaths: int, pause: float) -> None:
    assert pause_after(deaths) == pause
