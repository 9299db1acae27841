"""One computation beside the search: on a second core in a fork of this process, else when its answer is asked for.

A fork sees what there was when it began and shares the memory; it tells its answer once and ends, at the latest with
this process. The answer is the same either way, so that a plan does not depend on the number of cores.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
from collections.abc import Callable
from typing import Generic, Self, TypeVar

Answer = TypeVar("Answer")
_LOOK_EVERY = 0.2
"""Seconds between two looks at whether to stop."""


class Beside(Generic[Answer]):
    """A computation that is told how to find out whether to stop; as a context manager it ends with the block.

    `apart` is whether it is long enough to be worth a process.
    """

    def __init__(
        self, work: Callable[[Callable[[], bool]], Answer], stop: Callable[[], bool], *, apart: bool = True
    ) -> None:
        self._work, self._stop, self._apart = work, stop, apart
        self._child = self._source = 0

    def __enter__(self) -> Self:
        if self._apart and _cores() > 1:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def answer(self) -> Answer | None:
        """The answer, once it is there; None if it was to stop before. A failure in the fork is raised here."""
        if not self._child:
            return self._work(self._stop)
        told = self._read()
        self._end()
        if told is None:
            return None
        good, answer = pickle.loads(told)  # noqa: S301 - written by our own fork
        if not good:
            raise RuntimeError(answer)
        return answer  # type: ignore[no-any-return]

    def _start(self) -> None:
        self._source, target = os.pipe()
        parent = os.getpid()
        self._child = os.fork()
        if self._child:
            os.close(target)
            return
        try:
            os.close(self._source)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN if number is signal.SIGINT else signal.SIG_DFL)
            _tell(target, self._work, lambda: os.getppid() != parent)
        finally:
            os._exit(0)

    def _read(self) -> bytes | None:
        """Everything that the fork tells, None if asked to stop meanwhile."""
        parts: list[bytes] = []
        while not self._stop():
            if not select.select([self._source], [], [], _LOOK_EVERY)[0]:
                continue
            part = os.read(self._source, 1 << 16)
            if not part:
                return b"".join(parts)
            parts.append(part)
        return None

    def _end(self) -> None:
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            os.close(self._source)
            self._child = 0


def _tell(target: int, work: Callable[[Callable[[], bool]], Answer], orphaned: Callable[[], bool]) -> None:
    try:
        told = pickle.dumps((True, work(orphaned)))
    except Exception as failure:  # it is raised anew where the answer is asked for
        told = pickle.dumps((False, f"{type(failure).__name__}: {failure}"))
    with os.fdopen(target, "wb") as pipe:
        pipe.write(told)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
