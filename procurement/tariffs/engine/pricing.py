"""Price one unit of work under one tariff set: lines, modifiers, combination, caps, one rounding, a trace."""

from decimal import Context, Decimal, localcontext
from typing import NamedTuple

from procurement.tariffs.engine.amounts import line_amount
from procurement.tariffs.engine.choosing import is_valid_on
from procurement.tariffs.engine.coverage import units_covered
from procurement.tariffs.engine.exact import Count
from procurement.tariffs.engine.kinds import Combine
from procurement.tariffs.engine.limits import capped, rounded_below
from procurement.tariffs.engine.model import Result, Step, TariffSet, Work
from procurement.tariffs.engine.modifying import absent_requirement, modified
from procurement.tariffs.engine.plan import Plan, PlannedLine, plan_of, titles_of
from procurement.tariffs.engine.refusals import OutsideValidity

EXACT = Context(prec=100)
ZERO = Decimal(0)


class Subtotal(NamedTuple):
    """Yuan of one line, unit or claim: what it comes to, and what it was before modifiers."""

    amount: Decimal
    base: Decimal


def price(tariff_set: TariffSet, work: Work) -> Result:
    """Price work: integer fen, the trace, the missing documents and the set's sha256.

    Inputs: a set (yuan, percents as written) and work whose ``on`` is the deciding date; work without a date
    is not checked against the validity. Units are combined as the set says, caps applied, one rounding unless
    the set rounds parts or lines. A missing document gives 0 with its name in ``missing``. Errors:
    OutsideValidity, ChoiceNeeded, ChoiceRefused, GradeUnknown; KeyError for a set that names a modifier or
    line it lacks (``validate`` refuses it). Source: settlement.md, "The tariff model".
    """
    if work.on is not None and not is_valid_on(tariff_set, work.on, work.second_on):
        raise OutsideValidity(tariff=tariff_set.label_zh or tariff_set.id, on=work.on)
    with localcontext(EXACT):
        return _priced(plan_of(tariff_set), work)


def _priced(plan: Plan, work: Work) -> Result:
    steps = [plan.opening]
    missing: dict[str, None] = {}
    subtotals = []
    for unit, lines in plan.select(work.item, work.dimensions):
        count = work.units.get(unit)
        if count is not None:
            subtotals.append(_unit_subtotal(plan, lines, count, work, steps, missing))
    if missing:
        steps.append(Step("missing", {"documents": tuple(missing)}))
        return Result(fen=0, trace=tuple(steps), missing=tuple(missing), set_sha256=plan.sha256)
    fen = _fen(plan, work, _combined(plan.combine(work.item), subtotals, steps), steps)
    if not subtotals or len(steps) == 1:
        steps.append(Step("not_reached" if subtotals else "no_line"))
    steps.append(Step("total", {"amount": Decimal(fen).scaleb(-2)}))
    return Result(fen=fen, trace=tuple(steps), set_sha256=plan.sha256)


def _unit_subtotal(
    plan: Plan,
    lines: tuple[PlannedLine, ...],
    count: Count,
    work: Work,
    steps: list[Step],
    missing: dict[str, None],
) -> Subtotal:
    amount = base = ZERO
    for planned in lines:
        line = planned.line
        covered = units_covered(count, line.from_, line.to, line.in_range_only)
        if covered is None or (planned.required and _is_void(planned, work, steps)):
            continue
        if planned.needs and not planned.needs <= work.documents:
            missing.update((name, None) for name in line.needs if name not in work.documents)
            continue
        subtotal = _line_subtotal(plan, planned, covered, work, steps)
        amount += subtotal.amount
        base += subtotal.base
    return Subtotal(amount, base)


def _is_void(planned: PlannedLine, work: Work, steps: list[Step]) -> bool:
    absent = absent_requirement(planned, work)
    if absent is None:
        return False
    values = {**planned.titles, **titles_of("modifier", absent), "amount": ZERO}
    steps.append(Step("required_absent", values))
    return True


def _line_subtotal(plan: Plan, planned: PlannedLine, covered: Count, work: Work, steps: list[Step]) -> Subtotal:
    base, step = line_amount(plan, planned, covered, work)
    steps.append(step)
    amount = modified(planned, base, work, steps) if planned.groups else base
    limit = None
    if planned.caps:
        amount, limit = capped(amount, base, planned.caps, work.used_fen, steps)
    if plan.rounds_lines:
        amount = rounded_below(amount, limit, plan.tariff.rounding, steps)
    return Subtotal(amount, base)


def _combined(how: Combine, subtotals: list[Subtotal], steps: list[Step]) -> Subtotal:
    if len(subtotals) < 2:
        return subtotals[0] if subtotals else Subtotal(ZERO, ZERO)
    merge = max if how is Combine.MAX else sum
    amount = merge(subtotal.amount for subtotal in subtotals)
    base = merge(subtotal.base for subtotal in subtotals)
    steps.append(Step(how.value, {"amount": amount}))
    return Subtotal(Decimal(amount), Decimal(base))


def _fen(plan: Plan, work: Work, total: Subtotal, steps: list[Step]) -> int:
    amount, limit = total.amount, None
    caps = [cap for cap in plan.caps if not cap.items or work.item in cap.items]
    if caps:
        amount, limit = capped(amount, total.base, caps, work.used_fen, steps)
    return int(rounded_below(amount, limit, plan.rounding, steps).scaleb(2))
