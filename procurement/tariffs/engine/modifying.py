"""What modifiers make of a line's amount."""

from decimal import Decimal

from procurement.tariffs.engine.amounts import HUNDRED, NOTHING_MORE
from procurement.tariffs.engine.coverage import units_covered
from procurement.tariffs.engine.exact import Count
from procurement.tariffs.engine.model import Grades, Modifier, Phrase, Said, Work
from procurement.tariffs.engine.plan import PlannedLine, PlannedModifier
from procurement.tariffs.engine.refusals import ChoiceRefused, GradeUnknown

ZERO = Decimal(0)


def modifier_units(modifier: Modifier, work: Work) -> Count | None:
    """Return the units a modifier covers, or None when one of its conditions does not hold.

    A modifier without a count covers one unit. A count that the work does not state never meets a condition.
    """
    covered: Count = 1
    if modifier.count is not None:
        count = work.counts.get(modifier.count)
        if count is None:
            return None
        in_range = units_covered(count, modifier.from_, modifier.to, modifier.in_range_only)
        if in_range is None:
            return None
        covered = in_range
    if modifier.when is not None and getattr(work.dimensions, modifier.when.dimension) != modifier.when.value:
        return None
    if modifier.grades is not None and modifier.grades.of not in work.grades:
        return None
    if modifier.choice is not None and modifier.id not in work.choices:
        return None
    return covered if modifier.max_units is None else min(covered, modifier.max_units)


def absent_requirement(planned: PlannedLine, work: Work) -> Phrase | None:
    """Return what is said of the first required modifier that does not apply: it makes the line 0."""
    for modifier, absent in planned.required:
        if modifier_units(modifier, work) is None:
            return absent
    return None


def modified(planned: PlannedLine, amount: Decimal, work: Work, steps: list[Said]) -> Decimal:
    """Return the amount in yuan after all modifiers, and say so for each that changes it.

    Modifiers of equal priority add on one base; a higher priority works on the amount after the lower ones.
    Source: settlement.md, "The tariff model". Errors: GradeUnknown, ChoiceRefused.
    """
    for group in planned.groups:
        change = ZERO
        for member in group:
            covered = modifier_units(member.modifier, work)
            if covered is not None:
                change += _change(member, covered, amount, work, steps)
        amount += change
    return amount


def _change(planned: PlannedModifier, covered: Count, base: Decimal, work: Work, steps: list[Said]) -> Decimal:
    modifier = planned.modifier
    percent = modifier.fixed_percent + modifier.percent_per_unit * covered
    if modifier.grades is not None:
        percent += _grade_percent(modifier.grades, modifier, work)
    if modifier.choice is not None:
        percent += _chosen_percent(modifier, work)
    change = ZERO
    if percent:
        change = base * percent / HUNDRED
        steps.append((planned.percent, {"base": base, "percent": percent, "amount": change}))
    if modifier.add:
        change += modifier.add
        steps.append((planned.add, NOTHING_MORE))
    if modifier.add_per_unit and covered:
        added = modifier.add_per_unit * covered
        steps.append((planned.add_units, {"count": covered, "amount": added}))
        change += added
    return change


def _grade_percent(grades: Grades, modifier: Modifier, work: Work) -> Decimal:
    grade = work.grades[grades.of]
    percent = grades.percents.get(grade)
    if percent is None:
        raise GradeUnknown(name=modifier.title_zh or modifier.id, grade=grade)
    return percent


def _chosen_percent(modifier: Modifier, work: Work) -> Decimal:
    chosen = work.choices[modifier.id]
    if modifier.choice is None or not modifier.choice.holds(chosen.value) or not chosen.reason.strip():
        raise ChoiceRefused(name=modifier.title_zh or modifier.id, value=chosen.value)
    return chosen.value
