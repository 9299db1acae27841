"""What a plan comes to, in words and shares; a map of places that have no outline."""

import pytest

from app.web.map_svg import outer_rings
from app.web.polygons import area, contains
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.review.cells import nearest_parts
from volunteers.dispatch.review.rules import (
    CAUSE_OF,
    NOTHING,
    CellState,
    Change,
    Cover,
    GapCause,
    by_cause,
    change,
    reasons_of,
    together,
)


@pytest.mark.parametrize(
    ("cover", "state", "percent", "step"),
    [
        (Cover(2, 2, 4, 4, 0), CellState.FULL, 100, 0),
        (Cover(2, 2, 4, 4, 1), CellState.ASKED, 100, 0),
        (Cover(2, 2, 4, 3, 1), CellState.SHORT, 75, 2),
        (Cover(2, 1, 4, 1, 0), CellState.EMPTY, 25, 4),
        (Cover(9, 9, 1000, 999, 0), CellState.SHORT, 99, 1),
        (NOTHING, CellState.FULL, 100, 0),
    ],
)
def test_a_cover_says_what_matters_most_and_never_full_too_early(
    cover: Cover, state: CellState, percent: int, step: int
) -> None:
    assert (cover.state, cover.percent, cover.step) == (state, percent, step)


def test_covers_add_up() -> None:
    assert together([Cover(1, 1, 2, 2, 0), Cover(2, 1, 4, 1, 1)]) == Cover(3, 2, 6, 3, 1)


def test_every_reason_belongs_to_one_kind_of_cause() -> None:
    assert set(CAUSE_OF) == set(Refusal)
    assert sorted(reason for cause in GapCause for reason in reasons_of(cause)) == sorted(Refusal)
    assert by_cause([("distance", 2), ("skill", 1), ("credential", 3)]) == {GapCause.QUALIFIED: 4, GapCause.FAR: 2}


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [("", "a", Change.NEW), ("a", "", Change.DROPPED), ("a", "b", Change.MOVED), ("ab", "ab", Change.UNTOUCHED)],
)
def test_what_a_plan_changes_for_somebody(before: str, after: str, what: Change) -> None:
    assert change(set(before), set(after)) is what


def test_each_part_lies_around_its_point_and_together_they_are_the_whole() -> None:
    whole = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 2], [2, 1], [0, 2], [0, 0]]]}
    points = {"west": (0.5, 0.5), "middle": (2.0, 0.5), "east": (3.5, 0.5)}
    parts = nearest_parts(whole, points)
    outlines = {code: outer_rings(part) for code, part in parts.items()}
    assert sum(area(ring) for rings in outlines.values() for ring in rings) == pytest.approx(
        area(outer_rings(whole)[0])
    )
    assert {code for code, rings in outlines.items() if any(contains(ring, points[code]) for ring in rings)} == set(
        points
    )
