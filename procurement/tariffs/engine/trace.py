"""From trace steps to text a person can read: Chinese source templates, translated at the edge.

A step holds a message key and plain values (amounts in yuan as decimals, counts, ids, titles). It survives
JSON: a step read back renders the same words.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.core.text import N_, Message
from procurement.tariffs.engine.exact import shortest
from procurement.tariffs.engine.model import Step

TEMPLATES = {
    "set": N_("按《%(title)s》计价"),
    "fixed": N_("%(line)s：定额 %(amount)s"),
    "units": N_("%(line)s：%(count)s%(unit)s × %(rate)s = %(amount)s"),
    "fixed_units": N_("%(line)s：定额 %(fixed)s + %(count)s%(unit)s × %(rate)s = %(amount)s"),
    "parts": N_("%(line)s：直接费用 %(direct)s + 劳务费 %(labour)s（%(days)s 天 × %(rate)s）= %(amount)s"),
    "percent_of": N_("%(line)s：“%(of)s”%(base)s 的 %(percent)s%% = %(amount)s"),
    "chosen": N_("%(line)s：在幅度内定为 %(rate)s（理由：%(reason)s），%(count)s%(unit)s = %(amount)s"),
    "required_absent": N_("%(line)s：不符合必备条件“%(modifier)s”，计 %(amount)s"),
    "percent": N_("%(modifier)s：%(base)s × %(percent)s%% = %(amount)s"),
    "add": N_("%(modifier)s：%(amount)s"),
    "add_units": N_("%(modifier)s：%(count)s × %(rate)s = %(amount)s"),
    "sum": N_("各项合计 %(amount)s"),
    "max": N_("各项取最高 %(amount)s"),
    "cap": N_("%(cap)s：最高 %(limit)s，%(before)s 减为 %(after)s"),
    "rounded": N_("取整到 %(step)s 的倍数：%(before)s 计为 %(after)s"),
    "missing": N_("缺少材料：%(documents)s。补齐前不付款"),
    "no_line": N_("标准中没有与此项工作对应的条目"),
    "not_reached": N_("数量没有达到起算点"),
    "worth": N_("质量评定后共 %(amount)s"),
    "earlier": N_("减去结案时已申领的 %(amount)s"),
    "total": N_("应付 %(amount)s"),
    "take_back": N_("应扣回 %(amount)s"),
}

UNIT_NAMES = {
    "case": N_("件案件"),
    "case_stage": N_("个办案阶段"),
    "dispute": N_("件纠纷"),
    "document": N_("份文书"),
    "day": N_("整天"),
    "work_day": N_("个工作日"),
    "half_day": N_("个半天"),
    "person_day": N_("人日"),
    "hour": N_("小时"),
    "period": N_("课时"),
    "lecture": N_("场讲座"),
    "hearing": N_("次开庭"),
    "evidence_page": N_("页证据"),
    "witness": N_("名证人"),
    "village_year": N_("个村（社区）年度"),
    "community_year": N_("个社区年度"),
}
UNKNOWN_UNIT = N_("个“%(code)s”单位")
NUMERALS = (
    N_("零"),
    N_("一"),
    N_("两"),
    N_("三"),
    N_("四"),
    N_("五"),
    N_("六"),
    N_("七"),
    N_("八"),
    N_("九"),
    N_("十"),
)
LIST_SEPARATOR = N_("、")
CURRENCY_SIGNS = {"CNY": "¥", "GBP": "£"}

AMOUNTS = frozenset({"amount", "rate", "fixed", "direct", "labour", "base", "limit", "before", "after", "step"})
TITLES = frozenset({"line", "of", "modifier", "cap", "title"})
NUMBERS = frozenset({"percent", "days"})
_OTHER_TITLES = frozenset(f"{name}_{lang}" for name in TITLES for lang in ("zh", "en"))
REMEMBERED = 16_384
"""How many texts of amounts and counts are kept: a run of many cases says the same ones again and again."""

Translate = Callable[[str], str]


@lru_cache(maxsize=REMEMBERED)
def amount_text(amount: Decimal | str | int, currency: str = "CNY") -> str:
    """Write yuan with their sign, separators and at least two decimals: ¥1,234.50, ¥0.005."""
    value = Decimal(amount)
    places = 2 if value == round(value, 2) else -int(value.normalize().as_tuple().exponent)
    sign = CURRENCY_SIGNS.get(currency) or f"{currency} "
    return f"{'-' if value < 0 else ''}{sign}{abs(value):,.{places}f}"


def message_of(step: Step, lang: str = "zh", currency: str = "CNY") -> Message:
    """Return a step as a translatable message; ``lang`` picks the title of content that has two (zh or en).

    Inputs: a step of this engine (or read back from JSON), amounts in yuan. Errors: KeyError for a key that
    is not in TEMPLATES. Source: settlement.md, "Result … a trace".
    """
    said = step.values
    values: dict[str, Any] = {}
    for name, value in said.items():
        if name in AMOUNTS:
            values[name] = amount_text(value, currency)
        elif name in TITLES:
            values[name] = said.get(f"{name}_{lang}") or said.get(f"{name}_zh") or value
        elif name not in _OTHER_TITLES:
            values[name] = _readable(name, value, lang)
    return Message(TEMPLATES[step.key], values)


def text_of(step: Step, translate: Translate = str, lang: str = "zh", currency: str = "CNY") -> str:
    """Render a step with a gettext-like ``translate``; without one, the Chinese source text."""
    return rendered(message_of(step, lang, currency), translate)


def rendered(message: Message, translate: Translate = str) -> str:
    """Translate a message and the messages inside its values, and put the values in."""
    values = message.values
    for name, value in values.items():
        if type(value) is Message:
            values = {**values, name: rendered(value, translate)}
    return translate(message.msgid) % values if values else translate(message.msgid)


def _readable(name: str, value: Any, lang: str) -> Any:
    if name in NUMBERS:
        return shortest(value)
    if name == "count":
        return _count_text(value)
    if name == "unit":
        return _unit_text(value)
    if name == "documents":
        return (LIST_SEPARATOR if lang == "zh" else ", ").join(value)
    return value


@lru_cache(maxsize=REMEMBERED)
def _unit_text(code: str) -> Message:
    known = UNIT_NAMES.get(code)
    return Message(known) if known else Message(UNKNOWN_UNIT, {"code": code})


@lru_cache(maxsize=REMEMBERED)
def _count_text(value: Decimal | str | int) -> Message | str:
    number = Decimal(value)
    if number == number.to_integral_value() and 0 <= number < len(NUMERALS):
        return Message(NUMERALS[int(number)])
    return f" {shortest(number)} "
