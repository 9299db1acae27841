"""Child processes that end with their parent: started in order, restarted with back-off, stopped in order."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.core import logging

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0
log = logging.get(__name__)


@dataclass
class Child:
    """One child: its command, and how long it may take to stop."""

    name: str
    command: Sequence[str]
    grace: float
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    deaths: int = field(default=0, init=False)
    started_at: float = field(default=0.0, init=False)
    due_at: float = field(default=0.0, init=False)

    def tend(self) -> bool:
        """Start the child when it is due, notice its death; return True when it was started just now."""
        if self.process is not None and self.process.poll() is None:
            return False
        if self.process is not None:
            self._bury(self.process)
        if time.monotonic() < self.due_at:
            return False
        self.process = started(self.command)
        self.started_at = time.monotonic()
        return True

    def stop(self, patient: Callable[[], bool]) -> None:
        """Ask the child to stop and wait; kill what remains of it when its time is up or patience ends."""
        process = self.process
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
        deadline = time.monotonic() + self.grace
        while process.poll() is None and time.monotonic() < deadline and patient():
            time.sleep(0.05)
        kill_group(process.pid)
        process.wait()
        log.info("child_stopped", child=self.name, code=process.returncode)

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        kill_group(process.pid)  # a dead parent may leave children of its own on our port
        lived = time.monotonic() - self.started_at
        self.deaths = 1 if lived > HEALTHY_AFTER else self.deaths + 1
        pause = pause_after(self.deaths)
        self.due_at = time.monotonic() + pause
        self.process = None
        log.error("child_died", child=self.name, code=process.returncode, deaths=self.deaths, pause=pause)


def pause_after(deaths: int) -> float:
    """Return how long to wait before the next start: 1, 2, 4 … 30 seconds."""
    return min(2.0 ** (deaths - 1), LONGEST_PAUSE)


def started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches it through us alone and in order."""
    return subprocess.Popen(  # noqa: S603
        command, start_new_session=True, stdin=subprocess.DEVNULL, preexec_fn=ending_with(os.getpid())
    )


def kill_group(leader: int) -> None:
    """Kill a session leader and all its children that are left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return sys.platform != "linux"


def ending_with(parent: int) -> Callable[[], None] | None:
    """Return what a child does before it begins, so that Linux ends it the moment its parent dies.

    Elsewhere whoever keeps it must notice.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec
