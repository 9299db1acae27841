"""The 100 priced cases and 16 scheme choices of conformance/fees, to the penny."""

import hashlib
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from procurement.tariffs.engine.refusals import SuiteMalformed
from procurement.tariffs.engine.suite import price_suite
from procurement.tariffs.engine.suite_tariffs import read_tariff
from procurement.tariffs.engine.validation import validate
from tests.procurement.tariffs.engine.conftest import told

CASES = Path(__file__).parent / "cases.json"
SUITE = msgspec.json.decode(CASES.read_bytes())
ANSWERS = told(SUITE)
SHA256 = "e175144a82baac58f7392eb30486ffe78f8d42029c88fd7cc1efef3a4d4f3797"


def test_the_copy_of_the_suite_is_the_one_that_was_handed_over() -> None:
    assert hashlib.sha256(CASES.read_bytes()).hexdigest() == SHA256
    assert (len(SUITE["cases"]), len(SUITE["scheme_choice_cases"])) == (100, 16)


@pytest.mark.parametrize(
    ("case", "answer"), list(zip(SUITE["cases"], ANSWERS["results"], strict=True)), ids=lambda value: value["id"]
)
def test_each_conformance_case_is_priced_exactly(case: dict[str, Any], answer: dict[str, Any]) -> None:
    assert (answer["id"], answer["amount"]) == (case["id"], case["expected"])
    assert answer["trace"][-1]["values"]["amount"] == case["expected"]


@pytest.mark.parametrize("index", range(len(SUITE["scheme_choice_cases"])))
def test_each_scheme_choice_is_right(index: int) -> None:
    asked, chosen = SUITE["scheme_choice_cases"][index], ANSWERS["scheme_choices"][index]
    assert chosen["scheme"] == asked["expected_scheme"]
    assert (chosen["family"], chosen["on_date"]) == (asked["family"], asked["on_date"])


def test_the_trace_has_text_when_a_translator_is_given() -> None:
    (first,) = [answer for answer in told(SUITE, str)["results"] if answer["id"] == "F004"]
    assert [step["text"] for step in first["trace"]] == [
        "按《agfs9》计价",
        "lines[9]：定额 £694.00",
        "number_of_defendants：£694.00 × 20% = £138.80",
        "pages_of_prosecuting_evidence：£832.80 × -50% = -£416.40",
        "各项合计 £416.40",
        "应付 £416.40",
    ]


@pytest.mark.parametrize("name", SUITE["tariffs"])
def test_the_conformance_tariffs_could_be_published(name: str) -> None:
    assert validate(read_tariff(name, SUITE["tariffs"][name])) == []


def test_thousands_of_cases_price_like_the_hundred(suite: dict[str, Any]) -> None:
    originals = suite["cases"]
    suite["cases"] = [{**case, "id": f"{n}-{case['id']}"} for n in range(20) for case in originals]
    amounts = [answer["amount"] for answer in told(suite)["results"]]
    assert amounts == [case["expected"] for case in originals] * 20


def test_columns_may_come_in_another_order(suite: dict[str, Any]) -> None:
    for tariff in suite["tariffs"].values():
        tariff["line_columns"].reverse()
        for row in tariff["lines"]:
            row.reverse()
    assert told(suite)["results"][3]["amount"] == "416.40"


def test_a_line_for_any_scenario_matches_every_scenario(suite: dict[str, Any]) -> None:
    suite["cases"] = [{**suite["cases"][-1], "scenario": "guilty_plea"}]
    assert told(suite)["results"][0]["amount"] == "174.00"


def test_a_class_that_only_one_line_names_does_not_match_another(suite: dict[str, Any]) -> None:
    suite["cases"] = [{**suite["cases"][3], "class": "Z"}]
    answer = told(suite)["results"][0]
    assert (answer["amount"], answer["trace"][1]["key"]) == ("0.00", "no_line")


def test_the_highest_unit_is_paid_where_the_suite_says_max(suite: dict[str, Any]) -> None:
    case = {**suite["cases"][4], "fee_type": "agfs_fee"}
    suite["tariffs"]["agfs9"]["aggregation"]["agfs_fee"] = "max"
    suite["cases"] = [case]
    assert told(suite)["results"][0]["amount"] == "544.80"


def test_a_suite_without_schemes_or_cases_is_priced() -> None:
    assert told({"tariffs": {}, "cases": []}) == {"results": [], "scheme_choices": []}


def _set(suite: Any, path: tuple[Any, ...], value: Any) -> None:
    *parents, last = path
    for key in parents:
        suite = suite[key]
    suite[last] = value


LINE_12 = ("tariffs", "agfs9", "lines", 12)
MALFORMED = [
    ((*LINE_12, 7), "a lot", "tariffs.agfs9.lines[12]"),
    ((*LINE_12, 7), "NaN", "tariffs.agfs9.lines[12]"),
    ((*LINE_12, 5), "one", "tariffs.agfs9.lines[12]"),
    ((*LINE_12, 9), ["99"], "tariffs.agfs9.lines[12]"),
    (LINE_12, ["retrial"], "tariffs.agfs9.lines[12]"),
    (LINE_12, "retrial", "tariffs.agfs9.lines[12]"),
    (("tariffs", "agfs9", "line_columns", 2), "colour", "tariffs.agfs9.lines[0]"),
    (("tariffs", "agfs9", "modifiers", "3"), {"from": 1}, "tariffs.agfs9.modifiers.3"),
    (("tariffs", "agfs9", "modifiers", "3", "fixed_percent"), "x", "tariffs.agfs9.modifiers.3"),
    (("tariffs", "agfs9", "aggregation", "agfs_fee"), "median", "tariffs.agfs9"),
    (("tariffs", "agfs9"), [], "tariffs.agfs9"),
    (("tariffs",), [], "tariffs"),
    (("cases",), {}, "cases"),
    (("cases", 7, "scheme"), "agfs99", "cases[7]"),
    (("cases", 7, "id"), "F001", "cases[7]"),
    (("cases", 7, "id"), None, "cases[7]"),
    (("cases", 7, "units"), {"day": "-1"}, "cases[7]"),
    (("cases", 7, "units"), {"day": "many"}, "cases[7]"),
    (("cases", 7, "units"), {"day": "Infinity"}, "cases[7]"),
    (("cases", 7, "on_date"), "2012-13-01", "cases[7]"),
    (("cases", 7, "on_date"), "2018-04-01", "cases[7]"),
    (("cases", 7), "F008", "cases[7]"),
    (("schemes", 1, "from"), "soon", "schemes[1]"),
    (("schemes", 1, "to"), None, "scheme_choice_cases[5]"),
    (("scheme_choice_cases", 2, "on_date"), 7, "scheme_choice_cases[2]"),
    (("scheme_choice_cases", 2, "family"), "xgfs", "scheme_choice_cases[2]"),
]


@pytest.mark.parametrize(("path", "value", "where"), MALFORMED)
def test_a_malformed_suite_is_refused_with_the_offending_line_named(
    path: tuple[Any, ...], value: Any, where: str
) -> None:
    broken = deepcopy(SUITE)
    _set(broken, path, value)
    with pytest.raises(SuiteMalformed) as refusal:
        price_suite(broken)
    assert refusal.value.values["where"] == where
    assert str(refusal.value).startswith(f"suite_malformed: {where}：")


def test_what_is_no_suite_at_all_is_refused() -> None:
    with pytest.raises(SuiteMalformed):
        price_suite([])  # type: ignore[arg-type]
