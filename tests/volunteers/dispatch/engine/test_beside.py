"""What is computed beside the search: the same answer from a fork and without one, nothing left behind."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from volunteers.dispatch.engine import beside
from volunteers.dispatch.engine.beside import Beside
from volunteers.dispatch.engine.generate import generate
from volunteers.dispatch.engine.solve import Effort, solve

EFFORT = Effort(exact_pairs=0, price_steps=40, strips=(20,), bound_steps=40, seat_bound_steps=40)


def who_answers(_stop: Callable[[], bool]) -> int:
    return os.getpid()


def never() -> bool:
    return False


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()


@pytest.fixture(params=[1, 2], ids=["alone", "fork"])
def cores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(beside, "_cores", lambda: request.param)
    return int(request.param)


def test_a_second_core_answers_from_a_process_of_its_own(cores: int) -> None:
    before = children()
    with Beside(who_answers, never) as other:
        assert (other.answer() == os.getpid()) is (cores == 1)
    assert children() == before


def test_what_is_not_worth_a_process_is_done_when_it_is_asked_for(cores: int) -> None:
    with Beside(who_answers, never, apart=False) as other:
        assert other.answer() == os.getpid()


def test_a_failure_reaches_who_asks_for_the_answer(cores: int) -> None:
    def fail(_stop: Callable[[], bool]) -> int:
        raise RuntimeError("no prices")

    with Beside(fail, never) as other, pytest.raises(RuntimeError, match="no prices"):
        other.answer()


def test_who_is_to_stop_waits_for_no_answer_and_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_cores", lambda: 2)
    before, began = children(), time.monotonic()
    with Beside(lambda _stop: time.sleep(60), lambda: time.monotonic() > began + 0.1) as other:
        assert other.answer() is None
    assert children() == before


def test_a_block_that_is_left_early_ends_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_cores", lambda: 2)
    before = children()
    with pytest.raises(KeyboardInterrupt), Beside(lambda _stop: time.sleep(60), never):
        raise KeyboardInterrupt
    assert children() == before


def test_a_plan_and_its_bounds_do_not_depend_on_the_number_of_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    monkeypatch.setattr("volunteers.dispatch.engine.solve._PAIRS_APART", 0)
    for number in (1, 2):
        monkeypatch.setattr(beside, "_cores", lambda number=number: number)
        solution = solve(generate("town", 3), effort=EFFORT)
        found.append((solution.plan.assignments, solution.vector, solution.bounds, solution.status))
    assert found[0] == found[1]
    assert all(bound is not None for bound in found[0][2])
