"""Worker processes that take tasks from one coordinator; what they answer never depends on how many there are.

Each process is started anew (nothing is inherited) and ends with its coordinator. An interrupt at the terminal
reaches the coordinator alone, which asks the others to stop.
"""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
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

    def __init__(self, tell: Callable[[object], None], asked_to_stop: Callable[[], bool]) -> None:
        self.kept: dict[Any, Any] = {}
        self.report = tell
        """Tell the coordinator something while the task goes on."""
        self.asked_to_stop = asked_to_stop
        """Whether the coordinator wants answers now, or is gone."""


Task = Callable[[Desk, Any], Any]
"""A function of a module (processes find it by name) that takes the task's argument."""
Follow = Callable[[int, Any, bool], None]
"""Called with a task's number and what it reports, at last with its answer (True)."""


def crew_of(workers: int, should_stop: Callable[[], bool] = lambda: False) -> Crew:
    """So many workers; a single one is this very process. Use as a context manager."""
    return Alone(should_stop) if workers <= 1 else Crowd(workers, should_stop)


class Crew(ABC):
    """Who does the tasks; leaving the context ends what was started for them."""

    size: int

    def __enter__(self) -> Self:
        return self

    @abstractmethod
    def __exit__(self, *_: object) -> None: ...

    @abstractmethod
    def everybody(self, task: Task, arguments: Sequence[Any]) -> list[Any]:
        """Give each worker its argument; their answers in the order of the workers."""

    @abstractmethod
    def share(self, task: Task, arguments: Sequence[Any], follow: Follow) -> list[Any]:
        """Give out the tasks one after the other to whoever is free; the answers in the order of the tasks."""


class Alone(Crew):
    """The coordinator does it all."""

    size = 1

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        self._should_stop = should_stop
        self._desk = Desk(lambda _: None, should_stop)

    def __exit__(self, *_: object) -> None:
        self._desk.kept.clear()

    def everybody(self, task: Task, arguments: Sequence[Any]) -> list[Any]:
        return [task(self._desk, argument) for argument in arguments]

    def share(self, task: Task, arguments: Sequence[Any], follow: Follow) -> list[Any]:
        answers = []
        for number, argument in enumerate(arguments):
            desk = Desk(partial(_pass_on, follow, number), self._should_stop)
            answers.append(task(desk, argument))
            follow(number, answers[-1], True)
        return answers


def _pass_on(follow: Follow, number: int, message: object) -> None:
    follow(number, message, False)


class Crowd(Crew):
    """Processes of their own, at least one."""

    def __init__(self, workers: int, should_stop: Callable[[], bool]) -> None:
        self.size = workers
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

    def __exit__(self, *_: object) -> None:
        for line in self._lines:
            line.close()
        for process in self._processes:
            process.terminate()
            process.join()

    def everybody(self, task: Task, arguments: Sequence[Any]) -> list[Any]:
        for line, argument in zip(self._lines, arguments, strict=True):
            _send(line, (task, argument))
        return [_answer(line) for line in self._lines]

    def share(self, task: Task, arguments: Sequence[Any], follow: Follow) -> list[Any]:
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
            ready = set(wait(list(at_work), _PATIENCE))
            for line in [line for line in at_work if line in ready]:
                number = at_work[line]
                final, message = _receive(line)
                if final:
                    answers[number] = message
                    idle.append(line)
                    del at_work[line]
                follow(number, message, final)
        return answers


def _work(line: Connection, stop: Event, coordinator: int) -> None:
    """Do what comes along the line until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    desk = Desk(lambda message: line.send((False, message)), lambda: stop.is_set() or os.getppid() != coordinator)
    while True:
        try:
            task, argument = line.recv()
        except (EOFError, OSError):
            return
        try:
            answer: object = task(desk, argument)
        except Exception as failure:
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


def _answer(line: Connection) -> Any:
    final = False
    while not final:
        final, message = _receive(line)
    return message
