"""A tariff in words: what each line pays, what changes an amount, what limits it."""

from collections.abc import Iterable

from app.core.text import N_, Message
from app.web import i18n
from app.web.components import Tag
from procurement.tariffs.engine.exact import shortest
from procurement.tariffs.engine.kinds import Mode, Period, Place
from procurement.tariffs.engine.kinds import Scope as CapScope
from procurement.tariffs.engine.model import Cap, Line, Modifier, Rounding, TariffSet
from procurement.tariffs.engine.trace import LIST_SEPARATOR, amount_text, unit_text

TAGS = {"draft": Tag("wait", N_("草稿")), "published": Tag("done", N_("已发布"))}
ACTION_NAMES = {"tariff.drafted": N_("录入草稿"), "tariff.published": N_("发布"), "tariff.ended": N_("定终止日")}
FAMILY_NAMES = {"legal_service_subsidy": N_("公共法律服务补贴")}

CONTENT_NAMES = {
    "investigation": N_("侦查阶段"),
    "prosecution": N_("审查起诉阶段"),
    "trial": N_("审判阶段"),
    "simple": N_("简易"),
    "ordinary": N_("一般"),
    "difficult": N_("疑难"),
    "major": N_("重大"),
    "capital": N_("可能判处死刑、无期徒刑"),
}
"""What a tariff's dimensions are called; documents and grades are named in Chinese by the tariff itself."""

REGISTRATION_ZH = "登记"
DOCUMENT_NAMES = (
    N_("登记表"),
    N_("全卷"),
    N_("口头协议记录"),
    N_("调解笔录"),
    N_("调解协议书"),
    N_("调查笔录"),
    N_("回访记录"),
    N_("等级认定"),
    N_("优秀"),
    N_("合格"),
    N_("不合格"),
)
"""Documents and grades that tariffs name, marked so that they have their English."""

_ROUNDED = {
    Mode.HALF_UP: N_("四舍五入到 %(step)s 的倍数"),
    Mode.HALF_EVEN: N_("四舍六入五成双到 %(step)s 的倍数"),
    Mode.UP: N_("向上取整到 %(step)s 的倍数"),
    Mode.DOWN: N_("向下取整到 %(step)s 的倍数"),
}
_PLACES = {Place.PART: N_("每一部分取整"), Place.LINE: N_("每一条取整"), Place.CLAIM: N_("最后取整一次")}
_CAPS = {
    CapScope.LINE: N_("每条最高 %(limit)s"),
    CapScope.CLAIM: N_("每次申领最高 %(limit)s"),
    CapScope.MATTER: N_("同一案件合计最高 %(limit)s"),
}
_PERSONAL_CAPS = {
    Period.MONTH: N_("每人每月合计最高 %(limit)s"),
    Period.QUARTER: N_("每人每季度合计最高 %(limit)s"),
    Period.YEAR: N_("每人每年合计最高 %(limit)s"),
}


def title(part: Line | Modifier | Cap) -> str:
    """Return a part's title in the reader's language, or its id."""
    english = part.title_en if i18n.locale() == "en" else ""
    return english or part.title_zh or part.id


def pays(tariff: TariffSet, line: Line) -> Message:
    """Say what a line pays."""
    unit, currency = unit_text(line.unit), tariff.currency
    if line.percent_of is not None:
        return Message(
            N_("条目“%(line)s”的 %(percent)s%%"),
            {"line": line.percent_of.line, "percent": shortest(line.percent_of.percent)},
        )
    if line.parts is not None:
        return Message(
            N_("每%(unit)s：直接费用 %(direct)s + 劳务费 %(days)s 天"),
            {
                "unit": unit,
                "direct": amount_text(line.parts.direct, currency),
                "days": shortest(line.parts.labour_days),
            },
        )
    if line.choice is not None:
        low, high = (amount_text(b, currency) if b is not None else "–" for b in (line.choice.min, line.choice.max))
        return Message(
            N_("每%(unit)s在 %(low)s 到 %(high)s 之间确定，写明理由"), {"unit": unit, "low": low, "high": high}
        )
    fixed, each = amount_text(line.fixed, currency), amount_text(line.per_unit, currency)
    if line.fixed and line.per_unit:
        return Message(N_("%(fixed)s，另每%(unit)s %(each)s"), {"fixed": fixed, "unit": unit, "each": each})
    if line.fixed:
        return Message(N_("定额 %(fixed)s"), {"fixed": fixed})
    return Message(N_("每%(unit)s %(each)s"), {"unit": unit, "each": each})


def conditions(tariff: TariffSet, line: Line) -> list[Message | str]:
    """List what a line applies to, which documents it needs and what changes its amount."""
    said: list[Message | str] = [
        Message(CONTENT_NAMES.get(value, value))
        for name in line.dimensions.__struct_fields__
        if (value := getattr(line.dimensions, name))
    ]
    if line.from_ > 1 or line.to is not None:
        said.append(Message(N_("第 %(first)s 到 %(last)s 个"), {"first": line.from_, "last": line.to or "∞"}))
    if line.needs:
        named = i18n.gettext(LIST_SEPARATOR).join(_document(name) for name in line.needs)
        said.append(Message(N_("需要：%(documents)s"), {"documents": named}))
    titles = {modifier.id: title(modifier) for modifier in tariff.modifiers}
    said.extend(titles.get(name, name) for name in line.modifiers)
    return said


def _document(name: str) -> str:
    """Return a document in the reader's language; the bare word for a registration means other things elsewhere."""
    return i18n.gettext(DOCUMENT_NAMES[0] if name == REGISTRATION_ZH else name)


def modifier_text(tariff: TariffSet, modifier: Modifier) -> list[Message]:
    """Say what a modifier does, one message for each of its effects."""
    said = []
    if modifier.choice is not None:
        low, high = (
            _percent(bound) if bound is not None else "–" for bound in (modifier.choice.min, modifier.choice.max)
        )
        said.append(Message(N_("在 %(low)s 到 %(high)s 之间确定，写明理由"), {"low": low, "high": high}))
    if modifier.grades is not None:
        said += [
            Message(N_("%(grade)s：%(percent)s"), {"grade": Message(grade), "percent": _percent(percent)})
            for grade, percent in modifier.grades.percents.items()
        ]
    for value, words in (
        (modifier.fixed_percent, N_("调整 %(value)s")),
        (modifier.percent_per_unit, N_("每增加一个调整 %(value)s")),
    ):
        if value:
            said.append(Message(words, {"value": _percent(value)}))
    for value, words in ((modifier.add, N_("加 %(value)s")), (modifier.add_per_unit, N_("每增加一个加 %(value)s"))):
        if value:
            said.append(Message(words, {"value": amount_text(value, tariff.currency)}))
    if modifier.required:
        said.append(Message(N_("必备条件，缺少时不付")))
    return said


def cap_text(tariff: TariffSet, cap: Cap) -> Message:
    """Say what a cap limits."""
    words = _PERSONAL_CAPS[cap.period] if cap.scope is CapScope.PAYEE_PERIOD else _CAPS[cap.scope]
    if cap.amount is not None:
        return Message(words, {"limit": amount_text(cap.amount, tariff.currency)})
    return Message(words, {"limit": f"{shortest(cap.multiple or 0)}×"})


def rounding_text(rounding: Rounding, currency: str) -> list[Message]:
    """Say how amounts are rounded."""
    return [
        Message(_ROUNDED[rounding.mode], {"step": amount_text(rounding.step, currency)}),
        Message(_PLACES[rounding.place]),
    ]


def _percent(value: object) -> str:
    text = shortest(value)  # type: ignore[arg-type]
    return f"{text if text.startswith('-') or text == '0' else '+' + text}%"


def words(tariff: TariffSet) -> Iterable[tuple[str, str, Message, list[Message | str]]]:
    """Return the lines of a set as a table: id, title, what it pays, under which conditions."""
    return [(line.id, title(line), pays(tariff, line), conditions(tariff, line)) for line in tariff.lines]
