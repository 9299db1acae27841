"""A person reads why an amount is what it is, in both languages."""

from typing import Any

import msgspec
import pytest

from procurement.tariffs.engine.faults import FAULTS
from procurement.tariffs.engine.model import Choice, Dimensions, Result, Step, TariffSet, Work
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.engine.trace import TEMPLATES, UNIT_NAMES, amount_text, message_of, text_of

ENGLISH = {
    "按《%(title)s》计价": "Priced under “%(title)s”",
    "%(line)s：%(count)s%(unit)s × %(rate)s = %(amount)s": "%(line)s: %(count)s %(unit)s × %(rate)s = %(amount)s",
    "两": "two",
    "个半天": "half-days",
    "应付 %(amount)s": "Payable: %(amount)s",
}
TWO_HALF_DAYS = Work(item="duty", units={"half_day": 2})


def texts(result: Result, **values: Any) -> list[str]:
    """Return a trace as text."""
    return [text_of(step, **values) for step in result.trace]


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
    assert [text_of(step) for step in again] == texts(result)
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
    text = text_of(Step(key, VALUES))
    assert "%(" not in text
    assert "None" not in text
    if "(unit)" in TEMPLATES[key]:
        assert " 12.5 个“furlong”单位" in text


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
