"""The board's fast answers are the rules' own, whatever happened to the plan before."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import rounds
from tests.volunteers.dispatch.engine.weeks import person, quick, seat, shift, small_weeks, week
from volunteers.dispatch.engine.board import Board, Step
from volunteers.dispatch.engine.conflicts import clash, exceeded_limits
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.greedy import greedy
from volunteers.dispatch.engine.instance import Instance
from volunteers.dispatch.engine.options import NOBODY
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.roster import vector_of


def board_of(instance: Instance) -> Board:
    problem = compile_problem(instance)
    return Board(problem, greedy(problem).chosen())


def may_hold(board: Board, volunteer: int, bundle: list[int]) -> bool:
    """Rules 6, 7 and 11 as the README has them."""
    instance = board.problem.instance
    shifts = [instance.shifts[board.shift[pair]] for pair in bundle]
    directory = Directory.of(instance)
    pairs_clash = any(
        clash(instance.rules, directory, one, other) for n, one in enumerate(shifts) for other in shifts[:n]
    )
    within = not exceeded_limits(instance.volunteers[volunteer], shifts)
    return bool(board.allowed[bundle].all()) and within and not pairs_clash


def fits_instead(board: Board, pair: int, slots: tuple[int, ...]) -> bool:
    """Whether the volunteer of a pair that is not held may hold it when they give up these slots."""
    volunteer = int(board.volunteer[pair])
    bundle = board.bundles[volunteer]
    if max(slots, default=-1) >= len(bundle) or pair in bundle:
        return False
    given_up = {bundle[slot] for slot in slots}
    rest = [held for held in bundle if held not in given_up]
    return not given_up & board.pinned and may_hold(board, volunteer, [*rest, pair])


def move_at_random(board: Board, data: st.DataObject) -> None:
    """Add what fits, remove what is not pinned, forbid, pin."""
    board.settle()
    held = sorted(pair for bundle in board.bundles for pair in bundle)
    free = np.flatnonzero(board.options.free).tolist()
    loose = [pair for pair in held if pair not in board.pinned]
    kind = data.draw(st.sampled_from(["add", "remove", "forbid", "pin"]))
    if kind == "add" and free:
        board.add(data.draw(st.sampled_from(free)))
    elif kind == "remove" and loose:
        board.remove(data.draw(st.sampled_from(loose)))
    elif kind == "forbid" and len(board.allowed):
        pair = data.draw(st.integers(0, len(board.allowed) - 1))
        if pair not in held:
            board.forbid(np.array([pair]))
    elif kind == "pin" and loose:
        board.pin(data.draw(st.sampled_from(loose)))


@quick(rounds(25, 1000))
@given(small_weeks(4, 6), st.data())
def test_free_swaps_and_splits_are_what_the_rules_allow(instance: Instance, data: st.DataObject) -> None:
    board = board_of(instance)
    for _ in range(data.draw(st.integers(0, 4))):
        move_at_random(board, data)
    board.settle()
    options = board.options
    for pair, volunteer in enumerate(board.volunteer.tolist()):
        bundle = board.bundles[volunteer]
        assert [held for held in options.held[:, volunteer].tolist() if held != NOBODY] == bundle
        assert options.free[pair] == fits_instead(board, pair, ())
        singles = [fits_instead(board, pair, (slot,)) for slot in range(options.slots)]
        assert [bool(way[pair]) for way in options.swaps] == singles
        twos = [fits_instead(board, pair, slots) for slots in options.split_slots]
        assert [bool(way[pair]) for way in options.splits] == twos
        assert (pair in options.openings(volunteer, bundle)) == fits_instead(board, pair, ())


@quick(rounds(25, 1000))
@given(small_weeks(4, 6), st.data())
def test_the_vector_keeps_up_and_everything_can_be_taken_back(instance: Instance, data: st.DataObject) -> None:
    board = board_of(instance)
    start, before = board.chosen().tolist(), board.vector
    assert before == vector_of(board.problem, board.chosen())
    for _ in range(data.draw(st.integers(1, 6))):
        move_at_random(board, data)
        assert board.vector == vector_of(board.problem, board.chosen())
    removed, added = board.difference(0)
    assert sorted((set(start) - set(removed)) | set(added)) == board.chosen().tolist()
    board.roll_back(0)
    assert board.chosen().tolist() == start
    assert board.vector == before
    assert board.allowed.all()
    assert board.pinned == set(board.problem.pinned.tolist())


def test_moves_that_break_a_rule_are_not_made_at_all() -> None:
    board = board_of(week([person("V1")], [shift("S1"), shift("S2", 600)]))
    (held,) = board.chosen().tolist()
    assert not board.make([Step(1 - held)])
    assert not board.make([Step(held, (1 - held,))])
    assert board.chosen().tolist() == [held]
    assert board.make([Step(1 - held, (held,))])
    assert board.chosen().tolist() == [1 - held]


def test_nobody_who_is_pinned_gives_way() -> None:
    two_seats = shift("S1", positions=(seat(most=2),))
    board = board_of(week([person("V1")], [two_seats, shift("S2", 570)]))
    (held,) = board.chosen().tolist()
    board.pin(held)
    board.settle()
    assert not board.options.swaps.any()
