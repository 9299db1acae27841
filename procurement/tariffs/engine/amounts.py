"""What a line gives for the units it covers, before modifiers.

Which of the four forms of settlement.md a line has is looked at once, when its set is arranged for pricing; what
comes out is a function from covered units and work to yuan and what the trace says of them.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from app.core.money import round_to_fen
from procurement.tariffs.engine.exact import Count
from procurement.tariffs.engine.kinds import Place
from procurement.tariffs.engine.model import (
    Bounds,
    Line,
    Parts,
    PercentOf,
    Phrase,
    Rounding,
    Said,
    TariffSet,
    Work,
)
from procurement.tariffs.engine.naming import titles_of
from procurement.tariffs.engine.refusals import ChoiceNeeded, ChoiceRefused

HUNDRED = Decimal(100)
NOTHING_MORE: dict[str, object] = {}
Amount = Callable[[Count, Work], tuple[Decimal, Said]]


def rounded(amount: Decimal, rounding: Rounding) -> Decimal:
    """Round yuan to the rounding's step and mode; the result is yuan in whole fen (app.core.money)."""
    return Decimal(round_to_fen(amount, rounding.step, rounding.mode.decimal_name)).scaleb(-2)


def amount_of(tariff: TariffSet, line: Line, others: Mapping[str, Amount]) -> Amount:
    """Return the function that gives a line's amount in yuan for covered units, and says why.

    The four forms of settlement.md: fixed + units × per unit; a percent of another line (of ``others``, looked up
    when it prices); direct cost and labour days; a reasoned choice within a range (per unit). The functions raise
    ChoiceNeeded and ChoiceRefused.
    """
    if line.percent_of is not None:
        return _share(tariff, line, line.percent_of, others)
    if line.parts is not None:
        return _of_parts(tariff, line, line.parts)
    if line.choice is not None:
        return _chosen(line, line.choice)
    return _by_units(line) if line.per_unit else _fixed(line)


def _fixed(line: Line) -> Amount:
    phrase = Phrase("fixed", {**titles_of("line", line), "amount": line.fixed})
    always = line.fixed, (phrase, NOTHING_MORE)
    return lambda _covered, _work: always


def _by_units(line: Line) -> Amount:
    fixed, rate = line.fixed, line.per_unit
    stated = {**titles_of("line", line), "unit": line.unit, "rate": rate}
    phrase = Phrase("fixed_units", {**stated, "fixed": fixed}) if fixed else Phrase("units", stated)

    def amount_for(covered: Count, _work: Work) -> tuple[Decimal, Said]:
        amount = fixed + covered * rate
        return amount, (phrase, {"count": covered, "amount": amount})

    return amount_for


def _share(tariff: TariffSet, line: Line, share: PercentOf, others: Mapping[str, Amount]) -> Amount:
    lines = {one.id: one for one in tariff.lines}
    titles = {**titles_of("line", line), **titles_of("of", lines[share.line])}
    phrase = Phrase("percent_of", {**titles, "percent": share.percent})

    def amount_for(covered: Count, work: Work) -> tuple[Decimal, Said]:
        base, _ = others[share.line](covered, work)
        amount = base * share.percent / HUNDRED
        return amount, (phrase, {"base": base, "amount": amount})

    return amount_for


def _of_parts(tariff: TariffSet, line: Line, parts: Parts) -> Amount:
    rate, rounding = tariff.labour_day or Decimal(0), tariff.rounding
    phrase = Phrase("parts", {**titles_of("line", line), "rate": rate})

    def amount_for(covered: Count, _work: Work) -> tuple[Decimal, Said]:
        days = parts.labour_days * covered
        direct, labour = parts.direct * covered, days * rate
        if rounding.place is Place.PART:
            direct, labour = rounded(direct, rounding), rounded(labour, rounding)
        amount = direct + labour
        return amount, (phrase, {"direct": direct, "labour": labour, "days": days, "amount": amount})

    return amount_for


def _chosen(line: Line, bounds: Bounds) -> Amount:
    name = line.title_zh or line.id
    phrase = Phrase("chosen", {**titles_of("line", line), "unit": line.unit})

    def amount_for(covered: Count, work: Work) -> tuple[Decimal, Said]:
        choice = work.choices.get(line.id)
        if choice is None:
            raise ChoiceNeeded(name=name)
        if not bounds.holds(choice.value) or not choice.reason.strip():
            raise ChoiceRefused(name=name, value=choice.value)
        amount = covered * choice.value
        values = {"count": covered, "rate": choice.value, "reason": choice.reason, "amount": amount}
        return amount, (phrase, values)

    return amount_for
