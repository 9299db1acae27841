"""The linear rows of one volunteer allow exactly the sets of shifts that rules 6 and 7 allow."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from volunteers.dispatch.engine.cliques import Row, exclusion_rows
from volunteers.dispatch.engine.pairs import Bools, Ints

DAYS = 2
counts = st.integers(2, 6)


@st.composite
def clash_matrices(draw: st.DrawFn, count: int) -> Bools:
    clashes = np.eye(count, dtype=np.bool_)
    for a, b in combinations(range(count), 2):
        clashes[a, b] = clashes[b, a] = draw(st.booleans())
    return clashes


def rows_allow(rows: list[Row], chosen: Ints) -> bool:
    return all(int(row.weights @ chosen[row.members]) <= row.limit for row in rows)


@settings(deadline=None, max_examples=80, derandomize=True)
@given(st.data(), counts, st.integers(1, 4), st.integers(60, 600), st.integers(60, 400))
def test_rows_and_rules_allow_the_same_sets(
    data: st.DataObject, count: int, most_shifts: int, most_week: int, most_day: int
) -> None:
    clashes = data.draw(clash_matrices(count))
    minutes = np.array(data.draw(st.lists(st.sampled_from((60, 120, 180)), min_size=count, max_size=count)), np.int64)
    days = np.array(data.draw(st.lists(st.integers(0, DAYS - 1), min_size=count, max_size=count)), np.int64)
    assume(minutes.max() <= min(most_week, most_day))
    rows = exclusion_rows(clashes, minutes, days, most_shifts, most_week, np.full(DAYS, most_day))
    for taken in product((0, 1), repeat=count):
        chosen = np.array(taken, np.int64)
        members = np.flatnonzero(chosen)
        allowed = (
            not any(clashes[a, b] for a, b in combinations(members, 2))
            and len(members) <= most_shifts
            and minutes[members].sum() <= most_week
            and all(minutes[members[days[members] == day]].sum() <= most_day for day in range(DAYS))
        )
        assert rows_allow(rows, chosen) == allowed


def test_shifts_that_all_exclude_each_other_need_one_row() -> None:
    rows = exclusion_rows(np.ones((5, 5), np.bool_), np.full(5, 60), np.zeros(5, np.int64), 3, 600, np.full(DAYS, 600))
    assert [(len(row.members), row.limit) for row in rows] == [(5, 1)]


def test_hours_make_cliques_too() -> None:
    days = np.arange(2, dtype=np.int64)
    rows = exclusion_rows(np.eye(2, dtype=np.bool_), np.full(2, 180), days, 3, 240, np.full(DAYS, 600))
    assert [(len(row.members), row.limit) for row in rows] == [(2, 1)]
