"""A hidden total cannot be computed from the published ones."""

import random
from itertools import product

from procurement.ledger.disclosure.suppression import Cell, Equation, Key, determined, hidden
from tests.conftest import rounds

PLACES, PROGRAMMES = "ABCD", "xyz"
ALL: Key = ("all",)


def table(people: dict[tuple[str, str], int]) -> tuple[dict[Key, Cell], list[Equation]]:
    """Return the cells and equations of a table of places and programmes, each person paid a hundred once."""
    cells: dict[Key, Cell] = {ALL: Cell(0, 0)}
    for (place, programme), count in people.items():
        for key in (("cell", place, programme), ("place", place), ("programme", programme), ALL):
            held = cells.get(key, Cell(0, 0))
            cells[key] = Cell(held.payees + count, held.fen + 100 * count)
    equations = [
        Equation(ALL, tuple(("place", one) for one in PLACES)),
        Equation(ALL, tuple(("programme", one) for one in PROGRAMMES)),
        *(Equation(("place", a), tuple(("cell", a, b) for b in PROGRAMMES)) for a in PLACES),
        *(Equation(("programme", b), tuple(("cell", a, b) for a in PLACES)) for b in PROGRAMMES),
    ]
    return cells, equations


def whole(**small: int) -> dict[tuple[str, str], int]:
    return {(a, b): small.get(f"{a}{b}", 10) for a, b in product(PLACES, PROGRAMMES)}


def test_without_small_counts_nothing_is_hidden() -> None:
    assert hidden(*table(whole()), 3) == frozenset()


def test_one_small_cell_takes_others_with_it_so_that_no_margin_gives_it_away() -> None:
    cells, equations = table(whole(Ax=1))
    found = hidden(cells, equations, 3)
    assert ("cell", "A", "x") in found
    assert len(found) >= 4
    assert determined(equations, found) == {}


def test_a_cell_that_only_organizations_were_paid_from_is_published() -> None:
    cells, equations = table(whole())
    cells[("cell", "A", "x")] = Cell(0, 5_000)
    assert hidden(cells, equations, 3) == frozenset()


def test_a_total_that_is_published_elsewhere_is_never_the_one_hidden() -> None:
    cells: dict[Key, Cell] = {("place", "A"): Cell(0, 300), ("town", "1"): Cell(1, 100), ("town", "2"): Cell(0, 200)}
    equations = [Equation(("place", "A"), (("town", "1"), ("town", "2")))]
    assert hidden(cells, equations, 3, ("place", "A")) == {("town", "1"), ("town", "2")}


def test_hidden_parts_of_a_published_total_are_together_the_pay_of_enough_people() -> None:
    cells: dict[Key, Cell] = {ALL: Cell(12, 1_200), ("a",): Cell(1, 100), ("b",): Cell(1, 100), ("c",): Cell(10, 1_000)}
    equations = [Equation(ALL, (("a",), ("b",), ("c",)))]
    assert hidden(cells, equations, 3, ALL) == {("a",), ("b",), ("c",)}


def test_a_cell_is_not_given_away_by_equations_that_do_not_speak_of_it() -> None:
    people = dict(zip(product(PLACES, PROGRAMMES), (1, 9, 2, 1, 5, 0, 0, 5, 5, 0, 2, 3), strict=True))
    cells, equations = table(people)
    found = hidden(cells, equations, 3)
    assert {("cell", "A", "x"), ("cell", "A", "z"), ("cell", "B", "x")} <= found
    assert determined(equations, found) == {}


def test_no_small_cell_is_determined_whatever_the_counts() -> None:
    draw = random.Random(7)
    for _ in range(rounds(60, 2_000)):
        people = {key: draw.choice([0, 0, 1, 2, 3, 5, 9]) for key in product(PLACES, PROGRAMMES)}
        cells, equations = table(people)
        found = hidden(cells, equations, 3)
        small = {key for key, cell in cells.items() if 0 < cell.payees < 3}
        assert small <= found
        exposed = determined(equations, found).keys() & small
        assert not exposed or all(_alone(key, cells, equations) for key in exposed)


def _alone(key: Key, cells: dict[Key, Cell], equations: list[Equation]) -> bool:
    """Tell whether nothing else is left to hide beside a cell: it is all there is in its totals."""
    return all(
        not cells[other].fen or other == key or cells[other].payees == cells[key].payees
        for equation in equations
        if key in equation.keys
        for other in equation.keys
        if other in cells
    )
