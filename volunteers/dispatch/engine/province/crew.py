"""Worker processes that take tasks from one coordinator; what they answer never depends on how many there are.

Each process is started anew (nothing is inherited) and ends with its coordinator. An interrupt at the terminal
reaches the coordinator alone, which asks the others to stop.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event
from typing import Any, Self

_SPAWN = get_context("spawn")
_PATIENCE = 0.2
"""Seconds between two looks at whether to stop."""


class WorkerDied(RuntimeError):
    """A worker process ended in the middle of a task, for example for want of memory."""


class WorkerFailed(RuntimeError):
    """A task raised; the message is what it raised."""


class Desk:
    """What a task sees of its process: `kept` stays from task to task."""

    def __init__(self, line: Connection, stop: Event, coordinator: int) -> None:
        self.kept: dict[Any, Any] = {}
        self._line, self._stop, self._coordinator = line, stop, coordinator

    def asked_to_stop(self) -> bool:
        """Whether the coordinator wants answers now, or is gone."""
        return self._stop.is_set() or os.getppid() != self._coordinator

    def report(self, message: object) -> None:
        """Tell the coordinator something while the task goes on."""
        self._line.send((False, message))


Task = Callable[[Desk, Any], Any]
"""A function of a module (processes find it by name) that takes the task's argument."""


class Crew:
    """Use as a context manager; leaving it ends the processes."""

    def __init__(self, workers: int, should_stop: Callable[[], bool] = lambda: False) -> None:
        self._stop = _SPAWN.Event()
        self._should_stop = should_stop
        self._lines: list[Connection] = []
        self._processes = []
        for _ in range(workers):
            ours, theirs = _SPAWN.Pipe()
            process = _SPAWN.Process(target=_work, args=(theirs, self._stop, os.getpid()), daemon=True)
            process.start()
            theirs.close()
            self._lines.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for line in self._lines:
            line.close()
        for process in self._processes:
            process.terminate()
            process.join()

    def __len__(self) -> int:
        return len(self._lines)

    def everybody(self, task: Task, arguments: Sequence[Any]) -> list[Any]:
        """Give each worker its argument; their answers in the order of the workers."""
        for line, argument in zip(self._lines, arguments, strict=True):
            _send(line, (task, argument))
        return [_answer(line, lambda _: None) for line in self._lines]

    def share(
        self, task: Task, arguments: Sequence[Any], follow: Callable[[int, Any, bool], None]
    ) -> list[Any]:
        """Give out the tasks one after the other to whoever is free; the answers in the order of the tasks.

        `follow` gets the task's number with what it reports, and at last with its answer (True).
        """
        answers: list[Any] = [None] * len(arguments)
        waiting, at_work = list(range(len(arguments)))[::-1], dict[Connection, int]()
        idle = self._lines[::-1]
        while waiting or at_work:
            while waiting and idle:
                number, line = waiting.pop(), idle.pop()
                at_work[line] = number
                _send(line, (task, arguments[number]))
            if self._should_stop():
                self._stop.set()
            for line in wait(list(at_work), _PATIENCE):
                assert isinstance(line, Connection)  # noqa: S101 - nothing else was waited for
                final, message = _receive(line)
                number = at_work[line]
                if final:
                    answers[number] = message
                    idle.append(line)
                    del at_work[line]
                follow(number, message, final)
        return answers


def _work(line: Connection, stop: Event, coordinator: int) -> None:
    """Do what comes along the line until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    desk = Desk(line, stop, coordinator)
    while True:
        try:
            task, argument = line.recv()
        except (EOFError, OSError):
            return
        try:
            answer: object = task(desk, argument)
        except Exception as failure:  # noqa: BLE001 - told to the coordinator, which raises it
            answer = WorkerFailed(f"{type(failure).__name__}: {failure}")
        try:
            line.send((True, answer))
        except OSError:
            return


def _send(line: Connection, message: object) -> None:
    try:
        line.send(message)
    except OSError as gone:
        raise WorkerDied("a worker process has ended") from gone


def _receive(line: Connection) -> tuple[bool, Any]:
    try:
        final, message = line.recv()
    except (EOFError, OSError) as gone:
        raise WorkerDied("a worker process has ended") from gone
    if isinstance(message, WorkerFailed):
        raise message
    return final, message


def _answer(line: Connection, follow: Callable[[Any], None]) -> Any:
    while True:
        final, message = _receive(line)
        if final:
            return message
        follow(message)
