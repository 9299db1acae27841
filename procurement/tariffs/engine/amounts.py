"""What a line gives for the units it covers, before modifiers."""

from decimal import Decimal

from app.core.money import round_to_fen
from procurement.tariffs.engine.exact import Count
from procurement.tariffs.engine.kinds import Place
from procurement.tariffs.engine.model import Line, Parts, Rounding, Step, Work
from procurement.tariffs.engine.plan import Plan, PlannedLine
from procurement.tariffs.engine.refusals import ChoiceNeeded, ChoiceRefused

HUNDRED = Decimal(100)


def rounded(amount: Decimal, rounding: Rounding) -> Decimal:
    """Round yuan to the rounding's step and mode; the result is yuan in whole fen (app.core.money)."""
    return Decimal(round_to_fen(amount, rounding.step, rounding.mode.decimal_name)).scaleb(-2)


def line_amount(plan: Plan, planned: PlannedLine, covered: Count, work: Work) -> tuple[Decimal, Step]:
    """Return a line's amount in yuan for the covered units, and the step that shows it.

    The four forms of settlement.md: fixed + units × per unit; a percent of another line; direct cost and
    labour days; a reasoned choice within a range (per unit). Errors: ChoiceNeeded, ChoiceRefused.
    """
    line = planned.line
    if line.percent_of is not None:
        return _percent_of(plan, planned, covered, work)
    if line.parts is not None:
        return _parts(plan, planned, line.parts, covered)
    if line.choice is not None:
        return _chosen(planned, covered, work)
    if not line.per_unit:
        return line.fixed, Step("fixed", {**planned.titles, "amount": line.fixed})
    amount = line.fixed + covered * line.per_unit
    values = {**planned.titles, **_units(line, covered), "rate": line.per_unit, "amount": amount}
    if line.fixed:
        return amount, Step("fixed_units", {**values, "fixed": line.fixed})
    return amount, Step("units", values)


def _units(line: Line, covered: Count) -> dict[str, object]:
    return {"count": covered, "unit": line.unit}


def _percent_of(plan: Plan, planned: PlannedLine, covered: Count, work: Work) -> tuple[Decimal, Step]:
    share = planned.line.percent_of
    assert share is not None  # noqa: S101 - narrowed by the caller
    other = plan.by_id[share.line]
    base, _ = line_amount(plan, other, covered, work)
    amount = base * share.percent / HUNDRED
    of = {name.replace("line", "of"): title for name, title in other.titles.items()}
    values = {**planned.titles, **of, "base": base, "percent": share.percent, "amount": amount}
    return amount, Step("percent_of", values)


def _parts(plan: Plan, planned: PlannedLine, parts: Parts, covered: Count) -> tuple[Decimal, Step]:
    rate = plan.tariff.labour_day or Decimal(0)
    days = parts.labour_days * covered
    direct, labour = parts.direct * covered, days * rate
    if plan.tariff.rounding.place is Place.PART:
        direct, labour = rounded(direct, plan.tariff.rounding), rounded(labour, plan.tariff.rounding)
    amount = direct + labour
    values = {"direct": direct, "labour": labour, "days": days, "rate": rate, "amount": amount}
    return amount, Step("parts", {**planned.titles, **values})


def _chosen(planned: PlannedLine, covered: Count, work: Work) -> tuple[Decimal, Step]:
    line = planned.line
    name = line.title_zh or line.id
    choice = work.choices.get(line.id)
    if choice is None:
        raise ChoiceNeeded(name=name)
    assert line.choice is not None  # noqa: S101 - narrowed by the caller
    if not line.choice.holds(choice.value) or not choice.reason.strip():
        raise ChoiceRefused(name=name, value=choice.value)
    amount = covered * choice.value
    values = {"rate": choice.value, "reason": choice.reason, "amount": amount}
    return amount, Step("chosen", {**planned.titles, **_units(line, covered), **values})
