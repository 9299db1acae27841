"""What keeps a set from being published: every fault, not only the first."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from procurement.tariffs.engine.bands import band_faults
from procurement.tariffs.engine.faults import Fault
from procurement.tariffs.engine.kinds import Scope
from procurement.tariffs.engine.model import DIMENSIONS, Bounds, Cap, Line, Modifier, TariffSet
from procurement.tariffs.engine.reductions import may_go_below_zero

FEN = Decimal("0.01")
DAY = timedelta(days=1)


def validate(tariff_set: TariffSet, others: Iterable[TariffSet] = ()) -> list[Fault]:
    """Return all faults that forbid publishing; none means that the set may be published.

    ``others`` are the sets already published; those of the same region and family must neither overlap nor
    leave days without a set. Source: settlement.md, "Publishing a set refuses gaps, overlaps and ambiguity".
    """
    modifiers = {modifier.id: modifier for modifier in tariff_set.modifiers}
    faults = [*_set_faults(tariff_set), *_date_faults(tariff_set, others)]
    for line in tariff_set.lines:
        faults.extend(_line_faults(tariff_set, line, modifiers))
    for modifier in tariff_set.modifiers:
        faults.extend(_modifier_faults(modifier))
    for cap in tariff_set.caps:
        faults.extend(_cap_faults(tariff_set, cap))
    faults.extend(band_faults(tariff_set.lines, modifiers))
    return faults


def _set_faults(tariff_set: TariffSet) -> Iterator[Fault]:
    if not tariff_set.lines:
        yield Fault("no_lines", tariff_set.id)
    for named in (tariff_set.lines, tariff_set.modifiers, tariff_set.caps):
        for name, times in Counter(member.id for member in named).items():
            if times > 1:
                yield Fault("duplicate", name)
    step = tariff_set.rounding.step
    if step <= 0 or step % FEN:
        yield Fault("step", tariff_set.id)
    for item in tariff_set.combine.keys() - {line.item for line in tariff_set.lines}:
        yield Fault("unknown_item", tariff_set.id, {"other": item})


def _line_faults(tariff_set: TariffSet, line: Line, modifiers: dict[str, Modifier]) -> Iterator[Fault]:
    yield from _range_faults(line)
    for name in line.modifiers:
        if name not in modifiers:
            yield Fault("unknown_modifier", line.id, {"other": name})
    for name, times in Counter(line.modifiers).items():
        if times > 1:
            yield Fault("duplicate", f"{line.id}.{name}")
    yield from _form_faults(tariff_set, line)
    if may_go_below_zero(line, [modifiers[name] for name in line.modifiers if name in modifiers]):
        yield Fault("below_zero", line.id)


def _form_faults(tariff_set: TariffSet, line: Line) -> Iterator[Fault]:
    other_forms = [form for form in (line.percent_of, line.parts, line.choice) if form is not None]
    if len(other_forms) + bool(line.fixed or line.per_unit) > 1:
        yield Fault("several_forms", line.id)
    amounts = [line.fixed, line.per_unit]
    if line.parts is not None:
        amounts += [line.parts.direct, line.parts.labour_days]
        if line.parts.labour_days and tariff_set.labour_day is None:
            yield Fault("no_labour_day", line.id)
    if line.choice is not None:
        amounts.append(line.choice.min or Decimal(0))
        yield from _bounds_faults(line.id, line.choice)
    if line.percent_of is not None:
        amounts.append(line.percent_of.percent)
        yield from _percent_faults(tariff_set, line)
    if min(amounts) < 0:
        yield Fault("negative_amount", line.id)


def _percent_faults(tariff_set: TariffSet, line: Line) -> Iterator[Fault]:
    lines = {one.id: one for one in tariff_set.lines}
    seen, current = {line.id}, line
    while current.percent_of is not None:
        name = current.percent_of.line
        if name in seen:
            yield Fault("percent_cycle", line.id)
            return
        if name not in lines:
            if current is line:
                yield Fault("unknown_line", line.id, {"other": name})
            return
        seen.add(name)
        current = lines[name]


def _bounds_faults(where: str, bounds: Bounds) -> Iterator[Fault]:
    if bounds.min is None and bounds.max is None:
        yield Fault("bounds", where)
    if bounds.min is not None and bounds.max is not None and bounds.min > bounds.max:
        yield Fault("bounds", where)


def _range_faults(ranged: Line | Modifier) -> Iterator[Fault]:
    if ranged.from_ < 0 or (ranged.to is not None and ranged.to < ranged.from_):
        yield Fault("range_reversed", ranged.id, {"first": ranged.from_, "last": ranged.to})


def _modifier_faults(modifier: Modifier) -> Iterator[Fault]:
    yield from _range_faults(modifier)
    if all(condition is None for condition in (modifier.count, modifier.when, modifier.grades, modifier.choice)):
        yield Fault("no_condition", modifier.id)
    if modifier.when is not None and modifier.when.dimension not in DIMENSIONS:
        yield Fault("unknown_dimension", modifier.id, {"other": modifier.when.dimension})
    if modifier.choice is not None:
        yield from _bounds_faults(modifier.id, modifier.choice)


def _cap_faults(tariff_set: TariffSet, cap: Cap) -> Iterator[Fault]:
    limits = [limit for limit in (cap.amount, cap.multiple) if limit is not None]
    if len(limits) != 1 or limits[0] < 0:
        yield Fault("cap_form", cap.id)
    if cap.lines and cap.scope is not Scope.LINE:
        yield Fault("cap_lines", cap.id)
    for name in set(cap.lines) - {line.id for line in tariff_set.lines}:
        yield Fault("unknown_line", cap.id, {"other": name})
    for item in set(cap.items) - {line.item for line in tariff_set.lines}:
        yield Fault("unknown_item", cap.id, {"other": item})


def _date_faults(tariff_set: TariffSet, others: Iterable[TariffSet]) -> Iterator[Fault]:
    if tariff_set.from_ and tariff_set.to and tariff_set.from_ > tariff_set.to:
        yield Fault("dates_reversed", tariff_set.id)
        return
    rivals = [other for other in others if _same_line_of_sets(tariff_set, other)]
    for other in rivals:
        if _days_meet(tariff_set, other):
            values = {"other": other.id, "first": max(_first_day(tariff_set), _first_day(other))}
            yield Fault("dates_overlap", tariff_set.id, values)
    if tariff_set.second_date is None:
        yield from _day_gaps(tariff_set, rivals)


def _same_line_of_sets(one: TariffSet, other: TariffSet) -> bool:
    same = (one.region, one.family) == (other.region, other.family)
    return same and other is not one and (one.second_date is None) == (other.second_date is None)


def _days_meet(one: TariffSet, other: TariffSet) -> bool:
    ends_before = one.to is not None and other.from_ is not None and one.to < other.from_
    starts_after = one.from_ is not None and other.to is not None and one.from_ > other.to
    return not (ends_before or starts_after)


def _first_day(tariff_set: TariffSet) -> date:
    return tariff_set.from_ or date.min


def _day_gaps(tariff_set: TariffSet, rivals: list[TariffSet]) -> Iterator[Fault]:
    for before, after in pairwise(sorted([tariff_set, *rivals], key=_first_day)):
        if before.to is None or after.from_ is None or tariff_set not in (before, after):
            continue
        days = (after.from_ - before.to).days - 1
        if days > 0:
            other = after if before is tariff_set else before
            first, last = before.to + DAY, after.from_ - DAY
            yield Fault("dates_gap", tariff_set.id, {"other": other.id, "first": first, "last": last, "days": days})
