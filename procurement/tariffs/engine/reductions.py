"""Whether the modifiers of a line can take it below zero."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from procurement.tariffs.engine.coverage import units_covered
from procurement.tariffs.engine.model import Line, Modifier

HUNDRED = Decimal(100)
UNBOUNDED = Decimal(-(10**9))


def may_go_below_zero(line: Line, modifiers: Iterable[Modifier]) -> bool:
    """Tell whether some priority's modifiers could together take off more than all of a line.

    Percents of one count are judged together at each count where one begins or ends; modifiers with different
    conditions are assumed to meet. A modifier that takes off yuan is refused unless the line's fixed part
    carries all of them.
    """
    taken = Decimal(0)
    ordered = sorted(modifiers, key=lambda modifier: modifier.priority)
    for _, group in groupby(ordered, key=lambda modifier: modifier.priority):
        members = list(group)
        taken += sum((_least_addition(modifier) for modifier in members), Decimal(0))
        if sum(_least_percents(members), Decimal(0)) < -HUNDRED:
            return True
    return -taken > line.fixed


def _least_percents(members: list[Modifier]) -> list[Decimal]:
    by_count: dict[str | None, list[Modifier]] = defaultdict(list)
    for modifier in members:
        by_count[modifier.count].append(modifier)
    alone = by_count.pop(None, [])
    least = [min(_percent_at(modifier, 0), Decimal(0)) for modifier in alone]
    for rivals in by_count.values():
        points = {point for modifier in rivals for point in _points(modifier)}
        totals = [sum((_percent_at(modifier, point) for modifier in rivals), Decimal(0)) for point in points]
        least.append(min(totals))
    return least


def _points(modifier: Modifier) -> tuple[int, ...]:
    last = [modifier.to, modifier.to + 1] if modifier.to is not None else []
    return (0, modifier.from_, *last)


def _percent_at(modifier: Modifier, count: int) -> Decimal:
    covered = _covered(modifier, count)
    if covered is None:
        return Decimal(0)
    percent = modifier.fixed_percent
    if modifier.percent_per_unit < 0:
        most = _most_units(modifier)
        percent += UNBOUNDED if most is None else modifier.percent_per_unit * most
    if modifier.grades is not None:
        percent += min(modifier.grades.percents.values(), default=Decimal(0))
    if modifier.choice is not None:
        percent += UNBOUNDED if modifier.choice.min is None else modifier.choice.min
    return percent


def _covered(modifier: Modifier, count: int) -> Decimal | int | None:
    if modifier.count is None:
        return 1
    return units_covered(count, modifier.from_, modifier.to, modifier.in_range_only)


def _most_units(modifier: Modifier) -> int | None:
    if modifier.count is None:
        return 1
    most = None if modifier.to is None else max(modifier.to - max(modifier.from_, 1) + 1, 0)
    limits = [limit for limit in (most, modifier.max_units) if limit is not None]
    return min(limits) if limits else None


def _least_addition(modifier: Modifier) -> Decimal:
    least = min(modifier.add, Decimal(0))
    if modifier.add_per_unit < 0:
        most = _most_units(modifier)
        least += UNBOUNDED if most is None else modifier.add_per_unit * most
    return least
