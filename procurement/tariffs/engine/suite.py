"""Price a suite in the form of ``conformance/fees/cases.json``: tariffs, cases, schemes, scheme choices."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from procurement.tariffs.engine.choosing import choose
from procurement.tariffs.engine.exact import Count
from procurement.tariffs.engine.model import Dimensions, Result, Step, TariffSet, Work
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.engine.refusals import SuiteMalformed, TariffRefused
from procurement.tariffs.engine.suite_tariffs import read_tariff
from procurement.tariffs.engine.trace import Translate, text_of

SomeStruct = TypeVar("SomeStruct", bound=Struct)


class Case(Struct, frozen=True):
    """One case to price; ``expected`` and other remarks are not read."""

    id: str
    scheme: str
    fee_type: str
    units: dict[str, Count]
    on_date: date | None = None
    main_hearing_date: date | None = None
    scenario: str | None = None
    stage: str | None = None
    class_: str | None = field(default=None, name="class")
    person: str | None = None
    area: str | None = None
    modifier_counts: dict[str, Count] = {}


class Scheme(Struct, frozen=True):
    """A scheme's validity, both days included."""

    scheme: str
    family: str
    from_: date | None = field(default=None, name="from")
    to: date | None = None
    needs_main_hearing_on_or_after: date | None = None

    @property
    def id(self) -> str:
        """Return the scheme's name."""
        return self.scheme

    @property
    def second_on_or_after(self) -> date | None:
        """Return the earliest main hearing that the scheme asks for."""
        return self.needs_main_hearing_on_or_after


class SchemeQuestion(Struct, frozen=True):
    """Which scheme of a family applies on a date."""

    family: str
    on_date: date
    main_hearing_date: date | None = None


def price_suite(suite: dict[str, Any], translate: Translate | None = None, lang: str = "zh") -> dict[str, Any]:
    """Price all cases of a decoded suite and answer its scheme choices, in the suite's order.

    Returns ``{"results": [{"id", "amount", "trace"}], "scheme_choices": [{"family", "on_date",
    "main_hearing_date", "scheme"}]}``, JSON-ready: amounts are decimal text with two places in the tariff's
    currency; a trace is a list of ``{"key", "values"}``, with a readable ``"text"`` where ``translate`` is
    given (``str`` for the Chinese source; ``lang`` picks titles). A case that no line matches is 0.00. Errors:
    SuiteMalformed naming the offending line, as in ``tariffs.agfs9.lines[12]`` or ``cases[3]``. Source:
    conformance/fees.
    """
    tariffs = _member(suite, "tariffs", dict, {})
    sets = {name: read_tariff(name, tariff) for name, tariff in tariffs.items()}
    return {
        "results": list(_results(_member(suite, "cases", list, []), sets, translate, lang)),
        "scheme_choices": list(_choices(suite)),
    }


def _results(
    cases: list[Any], sets: dict[str, TariffSet], translate: Translate | None, lang: str
) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for index, raw in enumerate(cases):
        where = f"cases[{index}]"
        case = _converted(raw, Case, where)
        if case.id in seen:
            raise SuiteMalformed(where=where, problem=f"duplicate id {case.id!r}")
        seen.add(case.id)
        tariff_set = sets.get(case.scheme)
        if tariff_set is None:
            raise SuiteMalformed(where=where, problem=f"unknown scheme {case.scheme!r}")
        result = _priced(tariff_set, case, where)
        trace = [_plain_step(step) for step in result.trace]
        if translate is not None:
            for plain, step in zip(trace, result.trace, strict=True):
                plain["text"] = text_of(step, translate, lang, tariff_set.currency)
        yield {"id": case.id, "amount": str(Decimal(result.fen).scaleb(-2)), "trace": trace}


def _priced(tariff_set: TariffSet, case: Case, where: str) -> Result:
    try:
        return price(tariff_set, _work(case))
    except TariffRefused as refusal:
        raise SuiteMalformed(where=where, problem=refusal.text()) from None


def _work(case: Case) -> Work:
    dimensions = Dimensions(
        scenario=case.scenario, stage=case.stage, class_=case.class_, provider=case.person, area=case.area
    )
    return Work(
        item=case.fee_type,
        on=case.on_date,
        second_on=case.main_hearing_date,
        dimensions=dimensions,
        units=case.units,
        counts=case.modifier_counts,
    )


def _plain_step(step: Step) -> dict[str, Any]:
    values = step.values.copy()
    for name, value in step.values.items():
        if type(value) is Decimal:
            values[name] = str(value)
    return {"key": step.key, "values": values}


def _choices(suite: dict[str, Any]) -> Iterator[dict[str, Any]]:
    raw_schemes = _member(suite, "schemes", list, [])
    schemes = [_converted(raw, Scheme, f"schemes[{index}]") for index, raw in enumerate(raw_schemes)]
    for index, raw in enumerate(_member(suite, "scheme_choice_cases", list, [])):
        where = f"scheme_choice_cases[{index}]"
        asked = _converted(raw, SchemeQuestion, where)
        family = [scheme for scheme in schemes if scheme.family == asked.family]
        if not family:
            raise SuiteMalformed(where=where, problem=f"unknown family {asked.family!r}")
        try:
            chosen = choose(family, asked.on_date, asked.main_hearing_date)
        except TariffRefused as refusal:
            raise SuiteMalformed(where=where, problem=refusal.text()) from None
        yield {**msgspec.to_builtins(asked), "scheme": chosen.scheme if chosen else None}


def _member(suite: Any, name: str, kind: type, default: Any) -> Any:
    if not isinstance(suite, dict):
        raise SuiteMalformed(where="suite", problem="expected an object")
    value = suite.get(name, default)
    if not isinstance(value, kind):
        raise SuiteMalformed(where=name, problem=f"expected {'an object' if kind is dict else 'a list'}")
    return value


def _converted(raw: Any, kind: type[SomeStruct], where: str) -> SomeStruct:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise SuiteMalformed(where=where, problem=str(error)) from None
