"""Price one unit of work under one tariff set: lines, modifiers, combination, caps, one rounding, a trace."""

from decimal import Context, Decimal, localcontext

from procurement.tariffs.engine.amounts import NOTHING_MORE
from procurement.tariffs.engine.choosing import is_valid_on
from procurement.tariffs.engine.coverage import units_covered
from procurement.tariffs.engine.exact import Count
from procurement.tariffs.engine.kinds import Combine
from procurement.tariffs.engine.limits import capped, rounded_below
from procurement.tariffs.engine.model import Phrase, Priced, Result, Said, Step, TariffSet, Work
from procurement.tariffs.engine.modifying import absent_requirement, modified
from procurement.tariffs.engine.plan import Plan, PlannedLine, plan_of
from procurement.tariffs.engine.refusals import OutsideValidity

EXACT = Context(prec=100)
ZERO = Decimal(0)
NOTHING = (ZERO, ZERO)
MISSING, NOT_REACHED, NO_LINE, TOTAL = map(Phrase, ("missing", "not_reached", "no_line", "total"))
COMBINED = {how: Phrase(how.value) for how in Combine}
Subtotal = tuple[Decimal, Decimal]
"""Yuan of one line, unit or claim: what it comes to, and what it was before modifiers."""


def price(tariff_set: TariffSet, work: Work) -> Result:
    """Price work: integer fen, the trace, the missing documents and the set's sha256.

    Inputs: a set (yuan, percents as written) and work whose ``on`` is the deciding date; work without a date
    is not checked against the validity. Units are combined as the set says, caps applied, one rounding unless
    the set rounds parts or lines. A missing document gives 0 with its name in ``missing``. Errors:
    OutsideValidity, ChoiceNeeded, ChoiceRefused, GradeUnknown; KeyError for a set that names a modifier or
    line it lacks (``validate`` refuses it). Source: settlement.md, "The tariff model".
    """
    with localcontext(EXACT):
        plan = plan_of(tariff_set)
        found = priced(plan, work)
    trace = tuple(map(Step.of, found.said))
    return Result(fen=found.fen, trace=trace, missing=found.missing, set_sha256=plan.sha256)


def priced(plan: Plan, work: Work) -> Priced:
    """Price work under a set that is arranged already, as ``price`` does; the caller has entered EXACT."""
    if work.on is not None and not is_valid_on(plan.tariff, work.on, work.second_on):
        raise OutsideValidity(tariff=plan.tariff.label_zh or plan.tariff.id, on=work.on)
    steps = [plan.opening]
    missing: dict[str, None] = {}
    subtotals = [
        _unit_subtotal(plan, lines, work.units[unit], work, steps, missing)
        for unit, lines in plan.select(work.item, work.dimensions)
        if unit in work.units
    ]
    if missing:
        steps.append((MISSING, {"documents": tuple(missing)}))
        return Priced(0, steps, tuple(missing))
    total = _total(plan, work, _combined(plan, work, subtotals, steps), steps)
    if len(steps) == 1:
        steps.append((NOT_REACHED if subtotals else NO_LINE, NOTHING_MORE))
    steps.append((TOTAL, {"amount": total}))
    return Priced(int(total.scaleb(2)), steps)


def _unit_subtotal(
    plan: Plan,
    lines: tuple[PlannedLine, ...],
    count: Count,
    work: Work,
    steps: list[Said],
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
        own, own_base = _line_subtotal(plan, planned, covered, work, steps)
        amount += own
        base += own_base
    return amount, base


def _is_void(planned: PlannedLine, work: Work, steps: list[Said]) -> bool:
    absent = absent_requirement(planned, work)
    if absent is None:
        return False
    steps.append((absent, NOTHING_MORE))
    return True


def _line_subtotal(plan: Plan, planned: PlannedLine, covered: Count, work: Work, steps: list[Said]) -> Subtotal:
    base, said = planned.amount(covered, work)
    steps.append(said)
    amount = modified(planned, base, work, steps) if planned.groups else base
    limit = None
    if planned.caps:
        amount, limit = capped(amount, base, planned.caps, work.used_fen, steps)
    if plan.rounds_lines:
        amount = rounded_below(amount, limit, plan.tariff.rounding, steps)
    return amount, base


def _combined(plan: Plan, work: Work, subtotals: list[Subtotal], steps: list[Said]) -> Subtotal:
    if len(subtotals) < 2:
        return subtotals[0] if subtotals else NOTHING
    how = plan.combine(work.item)
    amounts, bases = zip(*subtotals, strict=True)
    amount, base = (max(amounts), max(bases)) if how is Combine.MAX else (sum(amounts, ZERO), sum(bases, ZERO))
    steps.append((COMBINED[how], {"amount": amount}))
    return amount, base


def _total(plan: Plan, work: Work, subtotal: Subtotal, steps: list[Said]) -> Decimal:
    amount, base = subtotal
    limit = None
    if plan.caps:
        caps = [planned for planned in plan.caps if not planned[0].items or work.item in planned[0].items]
        amount, limit = capped(amount, base, caps, work.used_fen, steps)
    return rounded_below(amount, limit, plan.rounding, steps)
