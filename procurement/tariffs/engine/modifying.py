"""What modifiers make of a line's amount."""

from decimal import Decimal

from procurement.tariffs.engine.amounts import HUNDRED
from procurement.tariffs.engine.coverage import units_covered
from procurement.tariffs.engine.exact import Count
from procurement.tariffs.engine.model import Grades, Modifier, Step, Work
from procurement.tariffs.engine.plan import PlannedLine, titles_of
from procurement.tariffs.engine.refusals import ChoiceRefused, GradeUnknown


def modifier_units(modifier: Modifier, work: Work) -> Count | None:
    """Return the units a modifier covers, or None when one of its conditions does not hold.

    A modifier without a count covers one unit. A count that the work does not state never meets a condition.
    Errors: GradeUnknown, ChoiceRefused.
    """
    if modifier.when is not None and getattr(work.dimensions, modifier.when.dimension) != modifier.when.value:
        return None
    covered: Count | None = 1
    if modifier.count is not None:
        count = work.counts.get(modifier.count)
        if count is None:
            return None
        covered = units_covered(count, modifier.from_, modifier.to, modifier.in_range_only)
    if covered is None or (modifier.grades is not None and modifier.grades.of not in work.grades):
        return None
    if modifier.choice is not None and modifier.id not in work.choices:
        return None
    return covered if modifier.max_units is None else min(covered, modifier.max_units)


def absent_requirement(planned: PlannedLine, work: Work) -> Modifier | None:
    """Return the first required modifier that does not apply: it makes the line 0."""
    for modifier in planned.required:
        if modifier_units(modifier, work) is None:
            return modifier
    return None


def modified(planned: PlannedLine, amount: Decimal, work: Work, steps: list[Step]) -> Decimal:
    """Return the amount in yuan after all modifiers, and append a step for each that changes it.

    Modifiers of equal priority add on one base; a higher priority works on the amount after the lower ones.
    Source: settlement.md, "The tariff model". Errors: GradeUnknown, ChoiceRefused.
    """
    for group in planned.groups:
        change = Decimal(0)
        for modifier in group:
            covered = modifier_units(modifier, work)
            if covered is not None:
                change += _change(modifier, covered, amount, work, steps)
        amount += change
    return amount


def _change(modifier: Modifier, covered: Count, base: Decimal, work: Work, steps: list[Step]) -> Decimal:
    percent = modifier.fixed_percent + modifier.percent_per_unit * covered
    if modifier.grades is not None:
        percent += _grade_percent(modifier.grades, modifier, work)
    if modifier.choice is not None:
        percent += _chosen_percent(modifier, work)
    change = Decimal(0)
    if percent:
        change = base * percent / HUNDRED
        values = {**titles_of("modifier", modifier), "base": base, "percent": percent, "amount": change}
        steps.append(Step("percent", values))
    if modifier.add:
        change += modifier.add
        steps.append(Step("add", {**titles_of("modifier", modifier), "amount": modifier.add}))
    if modifier.add_per_unit and covered:
        added = modifier.add_per_unit * covered
        values = {"count": covered, "rate": modifier.add_per_unit, "amount": added}
        steps.append(Step("add_units", {**titles_of("modifier", modifier), **values}))
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
