"""A tariff set arranged for pricing, once per set: lines by item and dimensions, modifiers by priority."""

from functools import lru_cache
from itertools import groupby

from procurement.tariffs.engine.document import sha256_of
from procurement.tariffs.engine.kinds import Combine, Place, Scope
from procurement.tariffs.engine.model import DIMENSIONS, Cap, Dimensions, Line, Modifier, Rounding, Step, TariffSet

SELECTIONS_KEPT = 10_000


class PlannedLine:
    """A line with its modifiers resolved: each group shares a priority, lowest first."""

    __slots__ = ("caps", "groups", "line", "needs", "required", "titles")

    def __init__(self, line: Line, modifiers: dict[str, Modifier], caps: tuple[Cap, ...]) -> None:
        """Resolve the modifiers and caps of a line; a modifier that the set lacks is a KeyError."""
        own = sorted((modifiers[name] for name in line.modifiers), key=lambda modifier: modifier.priority)
        self.line = line
        self.required = tuple(modifier for modifier in own if modifier.required)
        effective = [modifier for modifier in own if _changes(modifier)]
        self.groups = tuple(tuple(group) for _, group in groupby(effective, key=lambda modifier: modifier.priority))
        self.caps = tuple(cap for cap in caps if cap.scope is Scope.LINE and concerns(cap, line))
        self.needs = frozenset(line.needs)
        self.titles = titles_of("line", line)


def _changes(modifier: Modifier) -> bool:
    """Tell whether a modifier can change an amount; one that is only required needs no second look."""
    numbers = (modifier.fixed_percent, modifier.percent_per_unit, modifier.add, modifier.add_per_unit)
    return any(numbers) or modifier.grades is not None or modifier.choice is not None


UnitLines = tuple[str, tuple[PlannedLine, ...]]


class Plan:
    """One tariff set, ready to price; holds no state but a cache of selections."""

    __slots__ = ("_selected", "by_id", "by_item", "caps", "opening", "rounding", "rounds_lines", "sha256", "tariff")

    def __init__(self, tariff_set: TariffSet) -> None:
        """Arrange the set; a reference to a modifier or line that it lacks is a KeyError."""
        modifiers = {modifier.id: modifier for modifier in tariff_set.modifiers}
        self.tariff = tariff_set
        self.sha256 = sha256_of(tariff_set)
        own = tariff_set.rounding
        self.rounds_lines = own.place is Place.LINE
        self.rounding = own if own.place is Place.CLAIM else Rounding(mode=own.mode)
        self.opening = Step("set", _opening(tariff_set))
        self.caps = tuple(cap for cap in tariff_set.caps if cap.scope is not Scope.LINE)
        self.by_id = {line.id: PlannedLine(line, modifiers, tariff_set.caps) for line in tariff_set.lines}
        self.by_item: dict[str, list[PlannedLine]] = {}
        for planned in self.by_id.values():
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


def titles_of(name: str, titled: Line | Modifier | Cap) -> dict[str, object]:
    """Return the step values that name a line, modifier or cap in both languages; without a title, its id."""
    values: dict[str, object] = {name: titled.id}
    if titled.title_zh:
        values[f"{name}_zh"] = titled.title_zh
    if titled.title_en:
        values[f"{name}_en"] = titled.title_en
    return values


def _opening(tariff_set: TariffSet) -> dict[str, object]:
    label_zh = tariff_set.label_zh or tariff_set.document or tariff_set.id
    return {"title": tariff_set.id, "title_zh": label_zh, "title_en": tariff_set.label_en or label_zh}
