"""Workers: the same answers from any number of them, and none that is waited for in vain."""

from __future__ import annotations

import os
import signal

import pytest

from volunteers.dispatch.engine.province.crew import Desk, WorkerDied, WorkerFailed, crew_of


def _square(desk: Desk, number: int) -> int:
    desk.report(f"squaring {number}")
    return number * number


def _count(desk: Desk, step: int) -> int:
    desk.kept["sum"] = desk.kept.get("sum", 0) + step
    return int(desk.kept["sum"])


def _fail(_desk: Desk, reason: str) -> None:
    raise ValueError(reason)


def _die(_desk: Desk, _: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _until_asked(desk: Desk, _: object) -> str:
    while not desk.asked_to_stop():
        pass
    return "stopped"


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_tasks_are_shared_and_answers_come_in_order(workers: int) -> None:
    seen: list[tuple[int, object, bool]] = []
    with crew_of(workers) as crew:
        answers = crew.share(_square, [4, 3, 2, 1], lambda *what: seen.append(what))
    assert answers == [16, 9, 4, 1]
    assert sorted(seen, key=str) == sorted(
        [(n, f"squaring {4 - n}", False) for n in range(4)] + [(n, (4 - n) ** 2, True) for n in range(4)], key=str
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_keeps_what_it_is_told_to(workers: int) -> None:
    with crew_of(workers) as crew:
        assert crew.everybody(_count, [1] * workers) == [1] * workers
        assert crew.everybody(_count, [2] * workers) == [3] * workers


def test_what_a_task_raises_is_raised_here() -> None:
    with crew_of(2) as crew, pytest.raises(WorkerFailed, match="ValueError: no reason"):
        crew.share(_fail, ["no reason"], lambda *_: None)


def test_a_worker_that_is_killed_is_missed_at_once() -> None:
    with crew_of(2) as crew, pytest.raises(WorkerDied):
        crew.share(_die, [None], lambda *_: None)


def test_whoever_is_asked_to_stop_answers() -> None:
    with crew_of(2, lambda: True) as crew:
        assert crew.share(_until_asked, [None, None], lambda *_: None) == ["stopped", "stopped"]
