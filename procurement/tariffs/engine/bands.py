"""Gaps, overlaps and ambiguity among the lines of a set."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

from procurement.tariffs.engine.faults import Fault
from procurement.tariffs.engine.model import DIMENSIONS, Dimensions, Line, Modifier

Modifiers = dict[str, Modifier]


def band_faults(lines: Iterable[Line], modifiers: Modifiers) -> Iterator[Fault]:
    """Find each pair of lines that would both match one unit of work, and each hole between two bands.

    Lines compete when item and unit are the same and no dimension tells them apart. Bands that start above 1
    are thresholds (the tenth witness is free), not gaps. Source: settlement.md, "Publishing a set refuses".
    """
    rivals: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        rivals[line.item, line.unit].append(line)
    for group in rivals.values():
        yield from _doubles(group, modifiers)
        yield from _gaps(group)


def _doubles(group: list[Line], modifiers: Modifiers) -> Iterator[Fault]:
    for one, other in combinations(group, 2):
        if not (_ranges_meet(one, other) and _dimensions_meet(one.dimensions, other.dimensions)):
            continue
        if not _exclude_each_other(one, other, modifiers):
            key = "overlap" if one.dimensions == other.dimensions else "ambiguous"
            yield Fault(key, other.id, {"other": one.id})


def _gaps(group: list[Line]) -> Iterator[Fault]:
    bands: dict[Dimensions, list[Line]] = defaultdict(list)
    for line in group:
        bands[line.dimensions].append(line)
    for band in bands.values():
        reached = -1
        for before, after in pairwise(sorted(band, key=lambda line: line.from_)):
            if before.to is None:
                break
            reached = max(reached, before.to)
            if after.from_ > reached + 1:
                values = {"other": before.id, "first": reached + 1, "last": after.from_ - 1}
                yield Fault("gap", after.id, values)


def _ranges_meet(one: Line | Modifier, other: Line | Modifier) -> bool:
    return (one.to is None or other.from_ <= one.to) and (other.to is None or one.from_ <= other.to)


def _dimensions_meet(one: Dimensions, other: Dimensions) -> bool:
    pairs = ((getattr(one, name), getattr(other, name)) for name in DIMENSIONS)
    return all(mine is None or theirs is None or mine == theirs for mine, theirs in pairs)


def _exclude_each_other(one: Line, other: Line, modifiers: Modifiers) -> bool:
    mine, theirs = _requirements(one, modifiers), _requirements(other, modifiers)
    return any(_exclusive(left, right) for left in mine for right in theirs)


def _requirements(line: Line, modifiers: Modifiers) -> list[Modifier]:
    known = (modifiers[name] for name in line.modifiers if name in modifiers)
    return [modifier for modifier in known if modifier.required]


def _exclusive(left: Modifier, right: Modifier) -> bool:
    if left.when and right.when and left.when.dimension == right.when.dimension:
        return left.when.value != right.when.value
    if left.count is None or left.count != right.count or _ranges_meet(left, right):
        return False
    return (left if left.from_ < right.from_ else right).in_range_only
