"""A tariff set arranged for pricing, once per set: lines by item and dimensions, modifiers by priority."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from procurement.tariffs.engine.amounts import NOTHING_MORE, Amount, amount_of
from procurement.tariffs.engine.document import sha256_of
from procurement.tariffs.engine.kinds import Combine, Place, Scope
from procurement.tariffs.engine.limits import PlannedCap
from procurement.tariffs.engine.model import (
    DIMENSIONS,
    Cap,
    Dimensions,
    Line,
    Modifier,
    Phrase,
    Rounding,
    Said,
    TariffSet,
)
from procurement.tariffs.engine.naming import titles_of

SELECTIONS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class PlannedModifier:
    """A modifier with what a trace says of each of its effects."""

    modifier: Modifier
    percent: Phrase
    add: Phrase
    add_units: Phrase


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line with its form and modifiers resolved.

    ``required`` modifiers come with what is said when they are absent; each of ``groups`` shares a priority, lowest
    first.
    """

    line: Line
    amount: Amount
    required: tuple[tuple[Modifier, Phrase], ...]
    groups: tuple[tuple[PlannedModifier, ...], ...]
    caps: tuple[PlannedCap, ...]
    needs: frozenset[str]


UnitLines = tuple[str, tuple[PlannedLine, ...]]


class Plan:
    """One tariff set, ready to price; holds no state but a cache of selections."""

    __slots__ = ("_selected", "by_item", "caps", "opening", "rounding", "rounds_lines", "sha256", "tariff")

    def __init__(self, tariff_set: TariffSet) -> None:
        """Arrange the set; a reference to a modifier or line that it lacks is a KeyError."""
        self.tariff = tariff_set
        self.sha256 = sha256_of(tariff_set)
        own = tariff_set.rounding
        self.rounds_lines = own.place is Place.LINE
        self.rounding = own if own.place is Place.CLAIM else Rounding(mode=own.mode)
        self.opening: Said = (Phrase("set", _opening(tariff_set)), NOTHING_MORE)
        self.caps = tuple(_planned_cap(cap) for cap in tariff_set.caps if cap.scope is not Scope.LINE)
        self.by_item: dict[str, list[PlannedLine]] = {}
        for planned in _planned_lines(tariff_set):
            self.by_item.setdefault(planned.line.item, []).append(planned)
        self._selected: dict[tuple[str, Dimensions], tuple[UnitLines, ...]] = {}

    def select(self, item: str, dimensions: Dimensions) -> tuple[UnitLines, ...]:
        """Return the lines of an item that match the dimensions, grouped by unit in the set's order."""
        key = (item, dimensions)
        found = self._selected.get(key)
        if found is None:
            if len(self._selected) >= SELECTIONS_KEPT:
                self._selected.clear()
            found = self._selected[key] = self._search(item, dimensions)
        return found

    def _search(self, item: str, dimensions: Dimensions) -> tuple[UnitLines, ...]:
        units: dict[str, list[PlannedLine]] = {}
        for planned in self.by_item.get(item, ()):
            if matches(planned.line.dimensions, dimensions):
                units.setdefault(planned.line.unit, []).append(planned)
        return tuple((unit, tuple(lines)) for unit, lines in units.items())

    def combine(self, item: str) -> Combine:
        """Return how the units of an item combine; unless said otherwise they are summed."""
        return self.tariff.combine.get(item, Combine.SUM)


@lru_cache(maxsize=256)
def plan_of(tariff_set: TariffSet) -> Plan:
    """Return the plan of a set (kept by identity, so a set in use is arranged once)."""
    return Plan(tariff_set)


def matches(line: Dimensions, work: Dimensions) -> bool:
    """Tell whether each dimension of a line is empty or the work's value."""
    return all(getattr(line, name) in (None, getattr(work, name)) for name in DIMENSIONS)


def concerns(cap: Cap, line: Line) -> bool:
    """Tell whether a cap limits this line (empty lists limit all)."""
    return (not cap.lines or line.id in cap.lines) and (not cap.items or line.item in cap.items)


def _planned_lines(tariff_set: TariffSet) -> list[PlannedLine]:
    modifiers = {modifier.id: modifier for modifier in tariff_set.modifiers}
    amounts: dict[str, Amount] = {}
    for line in tariff_set.lines:
        amounts[line.id] = amount_of(tariff_set, line, amounts)
    return [_planned(tariff_set, line, modifiers, amounts[line.id]) for line in tariff_set.lines]


def _planned(tariff_set: TariffSet, line: Line, modifiers: dict[str, Modifier], amount: Amount) -> PlannedLine:
    own = sorted((modifiers[name] for name in line.modifiers), key=lambda modifier: modifier.priority)
    groups = groupby(filter(_changes, own), key=lambda modifier: modifier.priority)
    caps = (cap for cap in tariff_set.caps if cap.scope is Scope.LINE and concerns(cap, line))
    return PlannedLine(
        line=line,
        amount=amount,
        required=tuple((modifier, _absent(line, modifier)) for modifier in own if modifier.required),
        groups=tuple(tuple(map(_planned_modifier, group)) for _, group in groups),
        caps=tuple(map(_planned_cap, caps)),
        needs=frozenset(line.needs),
    )


def _absent(line: Line, modifier: Modifier) -> Phrase:
    titles = {**titles_of("line", line), **titles_of("modifier", modifier)}
    return Phrase("required_absent", {**titles, "amount": Decimal(0)})


def _planned_modifier(modifier: Modifier) -> PlannedModifier:
    titles = titles_of("modifier", modifier)
    return PlannedModifier(
        modifier=modifier,
        percent=Phrase("percent", titles),
        add=Phrase("add", {**titles, "amount": modifier.add}),
        add_units=Phrase("add_units", {**titles, "rate": modifier.add_per_unit}),
    )


def _planned_cap(cap: Cap) -> PlannedCap:
    return cap, Phrase("cap", titles_of("cap", cap))


def _changes(modifier: Modifier) -> bool:
    """Tell whether a modifier can change an amount; one that is only required needs no second look."""
    numbers = (modifier.fixed_percent, modifier.percent_per_unit, modifier.add, modifier.add_per_unit)
    return any(numbers) or modifier.grades is not None or modifier.choice is not None


def _opening(tariff_set: TariffSet) -> dict[str, object]:
    label_zh = tariff_set.label_zh or tariff_set.document or tariff_set.id
    return {"title": tariff_set.id, "title_zh": label_zh, "title_en": tariff_set.label_en or label_zh}
