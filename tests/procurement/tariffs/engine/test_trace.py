"""A person reads why an amount is what it is, in both languages."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.tariffs.engine.faults import FAULTS
from procurement.tariffs.engine.model import (
    Choice,
    Dimensions,
    Line,
    Modifier,
    Result,
    Step,
    TariffSet,
    Work,
)
from procurement.tariffs.engine.plan import plan_of
from procurement.tariffs.engine.pricing import price, priced
from procurement.tariffs.engine.trace import TEMPLATES, UNIT_NAMES, Reader, amount_text, message_of

ENGLISH = {
    "按《%(title)s》计价": "Priced under “%(title)s”",
    "%(line)s：%(count)s%(unit)s × %(rate)s = %(amount)s": "%(line)s: %(count)s %(unit)s × %(rate)s = %(amount)s",
    "两": "two",
    "个半天": "half-days",
    "应付 %(amount)s": "Payable: %(amount)s",
}
MORE = Modifier(
    id="more", count="persons", from_=2, add=Decimal(5), add_per_unit=Decimal(2), percent_per_unit=Decimal("12.5")
)
CARE = TariffSet(
    id="t",
    region="r",
    family="f",
    modifiers=(MORE,),
    lines=(
        Line(id="base", item="care", unit="day", to=1, fixed=Decimal(100), title_zh="基础"),
        Line(
            id="more", item="care", unit="day", from_=2, fixed=Decimal(1), per_unit=Decimal("30.5"), modifiers=("more",)
        ),
    ),
)
TWO_HALF_DAYS = Work(item="duty", units={"half_day": 2})


def texts(result: Result, **values: Any) -> list[str]:
    """Return a trace as text."""
    return [Reader(**values).text(step) for step in result.trace]


def test_two_half_days_read_as_a_person_would_say_it(demo: TariffSet) -> None:
    assert texts(price(demo, TWO_HALF_DAYS)) == [
        "按《演示标准（非官方）》计价",
        "值班律师（半天）：两个半天 × ¥250.00 = ¥500.00",
        "应付 ¥500.00",
    ]


def test_the_same_trace_reads_in_english(demo: TariffSet) -> None:
    assert texts(price(demo, TWO_HALF_DAYS), translate=ENGLISH.__getitem__, lang="en") == [
        "Priced under “Demonstration tariff (not official)”",
        "Duty lawyer, half day: two half-days × ¥250.00 = ¥500.00",
        "Payable: ¥500.00",
    ]


def test_a_trace_read_back_from_json_renders_the_same_words(demo: TariffSet) -> None:
    early = Choice(value=-50, reason="撤回申请")
    work = Work(item="civil", units={"case": 1}, grades={"quality": "优秀"}, choices={"ended_early": early})
    result = price(demo, work)
    again = msgspec.json.decode(msgspec.json.encode(result.trace), type=tuple[Step, ...])
    assert [Reader().text(step) for step in again] == texts(result)
    assert texts(result)[1:] == [
        "民事法律援助案件：一件案件 × ¥2,000.00 = ¥2,000.00",
        "提前终止：¥2,000.00 × -50% = -¥1,000.00",
        "质量评定：¥1,000.00 × 10% = ¥100.00",
        "应付 ¥1,100.00",
    ]


def test_missing_documents_are_listed_by_name(demo: TariffSet) -> None:
    dimensions = Dimensions(class_="ordinary")
    work = Work(item="mediation", dimensions=dimensions, units={"dispute": 1}, documents=frozenset({"登记"}))
    assert texts(price(demo, work))[-1] == "缺少材料：调解笔录、调解协议书。补齐前不付款"


VALUES = {
    "line": "l",
    "of": "o",
    "modifier": "m",
    "cap": "c",
    "title": "t",
    "unit": "furlong",
    "count": "12.50",
    "percent": "-20.00",
    "days": "2.5",
    "reason": "r",
    "documents": ["a", "b"],
    **dict.fromkeys(
        ("amount", "rate", "fixed", "direct", "labour", "base", "limit", "before", "after", "step"), "0.005"
    ),
}


@pytest.mark.parametrize("key", TEMPLATES)
def test_each_kind_of_step_renders(key: str) -> None:
    text = Reader().text(Step(key, VALUES))
    assert "%(" not in text
    assert "None" not in text
    if "(unit)" in TEMPLATES[key]:
        assert " 12.5 个“furlong”单位" in text


def test_what_a_tariff_says_may_hold_any_sign(line: Callable[..., Line], tariff: Callable[..., TariffSet]) -> None:
    small = tariff(line(per_unit="10", title_zh="按 50% 计的 %(amount)s"))
    suite_reader, result = Reader(), priced(plan_of(small), Work(item="care", units={"day": 1}))
    assert suite_reader.said(*result.said[1]) == "按 50% 计的 %(amount)s：一整天 × ¥10.00 = ¥10.00"


@given(work=st.builds(lambda days, persons: {"days": days, "persons": persons}, st.integers(0, 40), st.integers(0, 9)))
def test_a_step_reads_the_same_with_what_its_set_states_put_in_before(work: dict[str, int]) -> None:
    reader = Reader(lang="en")
    found = priced(plan_of(CARE), Work(item="care", units={"day": work["days"]}, counts={"persons": work["persons"]}))
    for said in found.said:
        assert reader.said(*said) == reader.text(Step.of(said)) == str(message_of(Step.of(said), "en"))


@pytest.mark.parametrize(
    ("amount", "text"),
    [("250", "¥250.00"), ("1234.5", "¥1,234.50"), ("0.005", "¥0.005"), ("-1.10", "-¥1.10"), (0, "¥0.00")],
)
def test_an_amount_is_written_with_its_sign_separators_and_two_places(amount: Any, text: str) -> None:
    assert amount_text(amount) == text


def test_another_currency_shows_its_own_sign() -> None:
    assert amount_text("5", "GBP") == "£5.00"
    assert amount_text("5", "EUR") == "EUR 5.00"


def test_a_title_without_translation_falls_back_to_chinese() -> None:
    step = Step("total", {"amount": "1"})
    assert message_of(step, "en").values == {"amount": "¥1.00"}
    assert message_of(Step("set", {"title": "id", "title_zh": "标准"}), "en").values == {"title": "标准"}


def test_every_unit_of_the_demonstration_set_has_a_name(demo: TariffSet) -> None:
    assert {line.unit for line in demo.lines} <= UNIT_NAMES.keys()


def test_every_fault_and_step_is_written_in_chinese() -> None:
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in FAULTS.values())
