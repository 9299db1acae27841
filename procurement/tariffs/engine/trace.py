"""From trace steps to text a person can read: Chinese source templates, translated at the edge.

A step holds a message key and plain values (amounts in yuan as decimals, counts, ids, titles). It survives
JSON: a step read back renders the same words.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from app.core.text import N_, Message
from procurement.tariffs.engine.exact import shortest
from procurement.tariffs.engine.model import Phrase, Step

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
FEN = Decimal("0.01")
CURRENCY_SIGNS = {"CNY": "¥", "GBP": "£"}

AMOUNTS = frozenset({"amount", "rate", "fixed", "direct", "labour", "base", "limit", "before", "after", "step"})
TITLES = frozenset({"line", "of", "modifier", "cap", "title"})
NUMBERS = frozenset({"percent", "days"})
WRITTEN_ONCE = AMOUNTS | NUMBERS | {"count", "unit"}
REMEMBERED = 16_384
"""How many texts of one kind of number are kept: a run of many cases says the same ones again and again."""

Translate = Callable[[str], str]
Values = Mapping[str, Any]
Fill = Callable[[Values], Any]
Prepared = tuple[str, tuple[tuple[Fill, str], ...]]
"""The beginning of a text, and how each further place is filled with what stands after it."""
_PLACE = re.compile(r"%\((\w+)\)s")
_PHRASES = {key: Phrase(key) for key in TEMPLATES}


def message_of(step: Step, lang: str = "zh", currency: str = "CNY") -> Message:
    """Return a step as a translatable message; ``lang`` picks the title of content that has two (zh or en).

    Inputs: a step of this engine (or read back from JSON), amounts in yuan. Errors: KeyError for a key that
    is not in TEMPLATES. Source: settlement.md, "Result … a trace".
    """
    template = TEMPLATES[step.key]
    return Message(template, {name: _said(name, lang, currency)(step.values) for name in _PLACE.findall(template)})


class Reader:
    """Reads many steps out in one language: each template and unit is translated once, each number written once."""

    __slots__ = ("_currency", "_lang", "_prepared", "_translate")

    def __init__(self, translate: Translate = str, lang: str = "zh", currency: str = "CNY") -> None:
        """Take a gettext-like function; ``str`` leaves the Chinese source text."""
        self._translate, self._lang, self._currency = translate, lang, currency
        self._prepared: dict[Phrase, Prepared] = {}

    def text(self, step: Step) -> str:
        """Return what ``message_of`` says of a step, translated."""
        return self.said(_PHRASES[step.key], step.values)

    def said(self, phrase: Phrase, values: Values) -> str:
        """Return the text of a phrase with its further values; what the phrase states is put in once for all."""
        prepared = self._prepared.get(phrase)
        if prepared is None:
            prepared = self._prepared[phrase] = self._prepare(phrase)
        text, places = prepared
        for fill, after in places:
            text += fill(values) + after
        return text

    def _prepare(self, phrase: Phrase) -> Prepared:
        text, *rest = _PLACE.split(self._translate(TEMPLATES[phrase.key]))
        said, places = [text % ()], list[Fill]()
        for name, after in zip(rest[::2], rest[1::2], strict=True):
            fill = self._filling(name)
            if name in phrase.stated:
                said[-1] += fill(phrase.stated) + after % ()
            else:
                places.append(fill)
                said.append(after % ())
        return said[0], tuple(zip(places, said[1:], strict=True))

    def _filling(self, name: str) -> Fill:
        said = _said(name, self._lang, self._currency)
        if name not in WRITTEN_ONCE:
            return said
        texts = _Texts(lambda value: _rendered(said({name: value}), self._translate))
        return lambda values: texts[values[name]]


class _Texts(dict[Any, str]):
    """Texts by what they stand for, each written when it is first asked for."""

    def __init__(self, write: Callable[[Any], str]) -> None:
        self._write = write

    def __missing__(self, value: Any) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        text = self[value] = self._write(value)
        return text


def amount_text(amount: Decimal | str | int, currency: str = "CNY") -> str:
    """Write yuan with their sign, separators and at least two decimals: ¥1,234.50, ¥0.005."""
    value = Decimal(amount)
    places = 2 if value == value.quantize(FEN) else -int(value.normalize().as_tuple().exponent)
    sign = CURRENCY_SIGNS.get(currency) or f"{currency} "
    return f"{'-' if value < 0 else ''}{sign}{abs(value):,.{places}f}"


def unit_text(code: str) -> Message:
    """Return a unit in words."""
    known = UNIT_NAMES.get(code)
    return Message(known) if known else Message(UNKNOWN_UNIT, {"code": code})


def count_text(value: Decimal | str | int) -> Message | str:
    """Return a small whole number in words, any other in digits."""
    number = Decimal(value)
    if number == number.to_integral_value() and 0 <= number < len(NUMERALS):
        return Message(NUMERALS[int(number)])
    return f" {shortest(number)} "


@cache
def _said(name: str, lang: str, currency: str) -> Fill:
    """Return how the place of that name in a template is filled from a step's values."""
    if name in TITLES:
        return _title(name, lang)
    if name in AMOUNTS:
        return lambda values: amount_text(values[name], currency)
    if name in NUMBERS:
        return lambda values: shortest(values[name])
    if name == "count":
        return lambda values: count_text(values[name])
    if name == "unit":
        return lambda values: unit_text(values[name])
    if name == "documents":
        separator = LIST_SEPARATOR if lang == "zh" else ", "
        return lambda values: separator.join(values[name])
    return lambda values: values[name]


def _title(name: str, lang: str) -> Fill:
    own, chinese = f"{name}_{lang}", f"{name}_zh"
    return lambda values: values.get(own) or values.get(chinese) or values[name]


def _rendered(said: Message | str, translate: Translate) -> str:
    if isinstance(said, str):
        return said
    text = translate(said.msgid)
    return text % said.values if said.values else text
