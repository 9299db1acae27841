"""Random suites priced twice: by the engine, and by a naive pricing that follows the text and nothing else."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.tariffs.engine.suite import price_suite
from tests.procurement.tariffs.engine import naive

COLUMNS = [
    *("fee_type", "scenario", "class", "person", "unit", "from", "to", "only_within_range", "fixed", "per_unit"),
    "modifiers",
]
FEES, SCENARIOS, CLASSES, PEOPLE = ("fee", "hearing"), ("trial", "plea"), ("A", "B"), ("lead", "alone")
UNITS, COUNTS = ("day", "page", "witness"), ("cases", "defendants", "length")
money = st.decimals(min_value=0, max_value=9_999, places=2).map(str)
percents = st.decimals(min_value=-40, max_value=150, places=2).map(str)
amounts_of_units = st.one_of(st.integers(0, 60).map(str), st.decimals(0, 60, places=2).map(str))


@st.composite
def modifiers(draw: Any) -> dict[str, Any]:
    first = draw(st.integers(0, 6))
    return {
        "type": draw(st.sampled_from(COUNTS)),
        "from": first,
        "to": draw(st.none() | st.integers(first, 12)),
        "fixed_percent": draw(percents),
        "percent_per_unit": draw(percents),
        "required": draw(st.booleans()),
        "only_within_range": draw(st.booleans()),
        "priority": draw(st.integers(0, 3)),
    }


@st.composite
def lines(draw: Any, keys: list[str]) -> list[Any]:
    first = draw(st.integers(0, 10))
    return [
        draw(st.sampled_from(FEES)),
        *(draw(st.sampled_from(("any", *values))) for values in (SCENARIOS, CLASSES, PEOPLE)),
        draw(st.sampled_from(UNITS)),
        first,
        draw(st.none() | st.integers(first, 30)),
        draw(st.booleans()),
        draw(money),
        draw(money),
        draw(st.lists(st.sampled_from(keys), unique=True, max_size=3)) if keys else [],
    ]


@st.composite
def cases(draw: Any) -> dict[str, Any]:
    counted = st.dictionaries(st.sampled_from(UNITS), amounts_of_units, min_size=1)
    return {
        "scheme": "t",
        "fee_type": draw(st.sampled_from(FEES)),
        "scenario": draw(st.sampled_from(SCENARIOS)),
        "class": draw(st.sampled_from(CLASSES)),
        "person": draw(st.sampled_from(PEOPLE)),
        "units": draw(counted),
        "modifier_counts": draw(st.dictionaries(st.sampled_from(COUNTS), st.integers(0, 15))),
    }


@st.composite
def suites(draw: Any) -> dict[str, Any]:
    known = {str(number): modifier for number, modifier in enumerate(draw(st.lists(modifiers(), max_size=5)))}
    tariff = {
        "line_columns": COLUMNS,
        "lines": draw(st.lists(lines(list(known)), min_size=1, max_size=12)),
        "modifiers": known,
        "aggregation": draw(st.dictionaries(st.sampled_from(FEES), st.sampled_from(("sum", "max")))),
    }
    priced = draw(st.lists(cases(), min_size=1, max_size=20))
    return {"tariffs": {"t": tariff}, "cases": [{**case, "id": str(number)} for number, case in enumerate(priced)]}


@settings(max_examples=300, deadline=None)
@given(suites())
def test_the_engine_and_the_naive_pricing_agree_to_the_fen(suite: dict[str, Any]) -> None:
    answers = {answer.id: answer.amount for answer in price_suite(suite).results}
    assert answers == {case["id"]: naive.priced(suite["tariffs"]["t"], case) for case in suite["cases"]}


def test_the_naive_pricing_gives_the_conformance_amounts(suite: dict[str, Any]) -> None:
    told = {case["id"]: naive.priced(suite["tariffs"][case["scheme"]], plain(suite, case)) for case in suite["cases"]}
    assert told == {case["id"]: case["expected"] for case in suite["cases"]}


def plain(suite: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """Return a case with every dimension stated."""
    return {"scenario": None, "class": None, "person": None, **case}
