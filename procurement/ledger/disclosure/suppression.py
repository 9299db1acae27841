"""Which totals stay unpublished so that nobody's pay can be read off them, not even by subtraction. Pure.

A cell with few payees is hidden. What is published besides must not give it away: every total is the sum of its
parts, so a hidden cell is known again as soon as the equations of the published ones leave it one value. Further
cells are hidden, the smallest amounts first, until none is; that is complementary suppression, audited by
elimination over the rationals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A total: of how many people's pay it is made, and how much it is; 0 people for what only organizations got."""

    payees: int
    fen: int


@dataclass(frozen=True, slots=True)
class Equation:
    """A total that is the sum of its parts."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """Return everything it speaks of."""
        return (self.total, *self.parts)


def hidden(
    cells: Mapping[Key, Cell], equations: Sequence[Equation], smallest: int, open_to_all: Key | None = None
) -> frozenset[Key]:
    """Return the cells to hide: those of fewer than ``smallest`` people, and what would give them away.

    ``open_to_all`` names a total that is published elsewhere anyway, and so never one of them.
    """
    found = {key for key, cell in cells.items() if 0 < cell.payees < smallest}
    choosable = {key: cell for key, cell in cells.items() if key != open_to_all}
    while more := _next(cells, choosable, equations, found, smallest):
        found.add(more)
    return frozenset(found)


def determined(equations: Sequence[Equation], unknown: Iterable[Key]) -> set[Key]:
    """Return the unknown cells that the equations leave one value, all others being published."""
    columns = sorted(unknown)
    rows = [_row(equation, columns) for equation in equations]
    reduced = _reduced([row for row in rows if any(row)])
    return {columns[alone[0]] for row in reduced if len(alone := [n for n, one in enumerate(row) if one]) == 1}


def _next(
    cells: Mapping[Key, Cell],
    choosable: Mapping[Key, Cell],
    equations: Sequence[Equation],
    found: set[Key],
    smallest: int,
) -> Key | None:
    """Return one more cell to hide, or none when nothing is given away."""
    known = determined(equations, found)
    for equation in equations:
        if known.intersection(equation.keys) or _few(cells, equation, found, smallest):
            candidates = [key for key in equation.keys if key not in found and key in choosable and cells[key].fen]
            if candidates:
                return min(candidates, key=lambda key: (key == equation.total, cells[key].fen, key))
    return None


def _few(cells: Mapping[Key, Cell], equation: Equation, found: set[Key], smallest: int) -> bool:
    """Tell whether the hidden parts of a published total are together still the pay of too few."""
    if equation.total in found:
        return False
    people = [cells[key].payees for key in equation.parts if key in found]
    return bool(people) and sum(people) < smallest


def _row(equation: Equation, columns: Sequence[Key]) -> list[Fraction]:
    return [Fraction(1 if key == equation.total else -1 if key in equation.parts else 0) for key in columns]


def _reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """Return the reduced row echelon form."""
    done: list[list[Fraction]] = []
    width = len(rows[0]) if rows else 0
    for column in range(width):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [_without(row, pivot, column) for row in rows]
        done = [_without(row, pivot, column) for row in done] + [pivot]
    return done


def _without(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column]
    return [value - factor * other for value, other in zip(row, pivot, strict=True)] if factor else row
