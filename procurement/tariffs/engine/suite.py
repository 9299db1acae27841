"""Price a suite in the form of ``conformance/fees/cases.json``: tariffs, cases, schemes, scheme choices."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, localcontext
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from procurement.tariffs.engine.choosing import choose
from procurement.tariffs.engine.exact import Count
from procurement.tariffs.engine.model import Dimensions, Said, Step, TariffSet, Work
from procurement.tariffs.engine.plan import plan_of
from procurement.tariffs.engine.pricing import EXACT, priced
from procurement.tariffs.engine.refusals import SuiteMalformed, TariffRefused
from procurement.tariffs.engine.suite_tariffs import read_tariff
from procurement.tariffs.engine.trace import Reader, Translate

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


class Told(Struct, frozen=True, gc=False):
    """A step of a trace with its text."""

    key: str
    values: dict[str, Any]
    text: str


class Answer(Struct, frozen=True, gc=False):
    """What a case comes to: decimal text with two places in the tariff's currency, and why."""

    id: str
    amount: str
    trace: list[Told] | list[Step]


class SchemeAnswer(Struct, frozen=True):
    """The scheme that applies on a date, or none."""

    family: str
    on_date: date
    main_hearing_date: date | None
    scheme: str | None


class Answers(Struct, frozen=True):
    """The answers to a suite, in its order; amounts inside a trace are decimal text once they are encoded."""

    results: list[Answer]
    scheme_choices: list[SchemeAnswer]


def price_suite(suite: dict[str, Any], translate: Translate | None = None, lang: str = "zh") -> Answers:
    """Price all cases of a decoded suite and answer its scheme choices, in the suite's order.

    A trace is a list of steps (``key``, ``values``), each with a readable ``text`` where ``translate`` is given
    (``str`` for the Chinese source; ``lang`` picks titles). A case that no line matches is 0.00. Errors:
    SuiteMalformed naming the offending line, as in ``tariffs.agfs9.lines[12]`` or ``cases[3]``. Source:
    conformance/fees.
    """
    tariffs = _member(suite, "tariffs", dict, {})
    schemes = {name: _Tariff(read_tariff(name, tariff), translate, lang) for name, tariff in tariffs.items()}
    with localcontext(EXACT):
        results = _results(_member(suite, "cases", list, []), schemes)
    return Answers(results, list(_choices(suite)))


class _Tariff:
    """A suite's tariff, arranged for pricing and for telling."""

    def __init__(self, tariff_set: TariffSet, translate: Translate | None, lang: str) -> None:
        self.plan = plan_of(tariff_set)
        self.reader = Reader(translate, lang, tariff_set.currency) if translate else None

    def answer(self, case: Case) -> Answer:
        """Price a case and tell its trace."""
        found = priced(self.plan, _work(case))
        return Answer(case.id, str(Decimal(found.fen).scaleb(-2)), self._told(found.said))

    def _told(self, said: list[Said]) -> list[Told] | list[Step]:
        if self.reader is None:
            return [Step.of(step) for step in said]
        text = self.reader.said
        return [Told(phrase.key, {**phrase.stated, **values}, text(phrase, values)) for phrase, values in said]


def _results(cases: list[Any], tariffs: dict[str, _Tariff]) -> list[Answer]:
    answers: dict[str, Answer] = {}
    for index, raw in enumerate(cases):
        where = f"cases[{index}]"
        case = _converted(raw, Case, where)
        if case.id in answers:
            raise SuiteMalformed(where=where, problem=f"duplicate id {case.id!r}")
        tariff = tariffs.get(case.scheme)
        if tariff is None:
            raise SuiteMalformed(where=where, problem=f"unknown scheme {case.scheme!r}")
        try:
            answers[case.id] = tariff.answer(case)
        except TariffRefused as refusal:
            raise SuiteMalformed(where=where, problem=refusal.text()) from None
    return list(answers.values())


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


def _choices(suite: dict[str, Any]) -> Iterator[SchemeAnswer]:
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
        scheme = chosen.scheme if chosen else None
        yield SchemeAnswer(asked.family, asked.on_date, asked.main_hearing_date, scheme)


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
