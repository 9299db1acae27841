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
Row = dict[Key, Fraction]
"""An equation: the coefficients of the cells whose sum is nothing."""


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


def determined(equations: Sequence[Equation], unknown: Iterable[Key]) -> dict[Key, tuple[Key, ...]]:
    """Return the unknown cells that the equations leave one value, each with the published ones it is computed from."""
    hidden_keys = sorted(unknown)
    found = {}
    for row in _reduced(equations, hidden_keys):
        alone, *more = [key for key in hidden_keys if key in row]
        if not more:
            found[alone] = tuple(key for key in row if key != alone)
    return found


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
        if any(key in known for key in equation.keys) or _few(cells, equation, found, smallest):
            candidates = [key for key in equation.keys if key not in found and key in choosable and cells[key].fen]
            if candidates:
                return min(candidates, key=lambda key: (key == equation.total, cells[key].fen, key))
    # Several equations together may give away what none of those that speak of it does.
    telling = {key for sources in known.values() for key in sources if key in choosable and cells[key].fen}
    return min(telling, key=lambda key: (cells[key].fen, key), default=None)


def _few(cells: Mapping[Key, Cell], equation: Equation, found: set[Key], smallest: int) -> bool:
    """Tell whether the hidden parts of a published total are together still the pay of too few."""
    if equation.total in found:
        return False
    people = [cells[key].payees for key in equation.parts if key in found]
    return bool(people) and sum(people) < smallest


def _reduced(equations: Sequence[Equation], unknown: Sequence[Key]) -> list[Row]:
    """Return the reduced row echelon form over the unknown cells; the published ones stand for their values."""
    rows: list[Row] = [{e.total: Fraction(1)} | dict.fromkeys(e.parts, Fraction(-1)) for e in equations]
    done: list[Row] = []
    for key in unknown:
        pivot = next((row for row in rows if key in row), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = {other: value / pivot[key] for other, value in pivot.items()}
        rows = [_without(row, pivot, key) for row in rows]
        done = [_without(row, pivot, key) for row in done] + [pivot]
    return done


def _without(row: Row, pivot: Row, key: Key) -> Row:
    factor = row.get(key)
    if not factor:
        return row
    combined = {other: row.get(other, Fraction()) - factor * pivot.get(other, Fraction()) for other in {**row, **pivot}}
    return {other: value for other, value in combined.items() if value}
