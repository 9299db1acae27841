"""The figures of income tax as seeds of the rulebook, and how they are looked up. All but one are from memory (†)."""

from collections.abc import Callable, Iterable
from datetime import date

from app.rulebook import Lawbook, Rule, RuleMissing, RuleSeed, lawbook, rely_on
from procurement.taxes.rules import Bracket, KindOf, Scale, TaxKind

_NOTICE, _LAW, _REGULATION = "国家税务总局公告2018年第61号", "个人所得税法", "个人所得税法实施条例"
_SINCE, _AID_SINCE = date(2019, 1, 1), date(2022, 1, 1)
FIXED, FIXED_UNTIL, SHARE, FILED = "tax.labour.fixed", "tax.labour.fixed_until", "tax.labour.share", "tax.labour.filed"
STEPS = (1, 2, 3)
OTHER = "other"


def over(step: int) -> str:
    """Return the key of where a bracket begins."""
    return f"tax.labour.over.{step}"


def rate(step: int) -> str:
    """Return the key of a bracket's rate."""
    return f"tax.labour.rate.{step}"


def quick(step: int) -> str:
    """Return the key of a bracket's quick deduction."""
    return f"tax.labour.quick.{step}"


def withheld_key(programme: str) -> str:
    """Return the key of whether a programme's payments are labour remuneration."""
    return f"tax.withheld.{programme}"


def reported_key(programme: str) -> str:
    """Return the key of whether a programme's exempt payments are reported."""
    return f"tax.reported.{programme}"


def _kind(programme: str, name: str, english: str, *, taxed: bool, reported: bool) -> tuple[RuleSeed, RuleSeed]:
    exempt = programme == "legal_aid_case"
    document, article = ("法律援助法", "第52条") if exempt else (_REGULATION, "第6条")
    since = _AID_SINCE if exempt else _SINCE
    return (
        RuleSeed(withheld_key(programme), document, article, int(taxed), "yes_no", f"{name}按劳务报酬代扣个税",
                 f"tax is withheld from {english}", read=exempt, effective_from=since),
        RuleSeed(reported_key(programme), document, article, int(reported), "yes_no", f"{name}向税务机关申报",
                 f"{english} are reported to the tax office", read=False, effective_from=since),
    )  # fmt: skip


def _steps() -> Iterable[RuleSeed]:
    for step, (begins, percent, deducted) in enumerate(((0, 20, 0), (20_000, 30, 2_000), (50_000, 40, 7_000)), 1):
        name, english = f"劳务报酬预扣第{step}级", f"labour remuneration, bracket {step}"
        yield _step(over(step), begins, "yuan", f"{name}：超过的应纳税所得额", f"{english}: taxable income above")
        yield _step(rate(step), percent, "percent", f"{name}：预扣率", f"{english}: rate")
        yield _step(quick(step), deducted, "yuan", f"{name}：速算扣除数", f"{english}: quick deduction")


def _step(key: str, value: int, unit: str, name: str, english: str) -> RuleSeed:
    return RuleSeed(key, _NOTICE, "第8条、预扣率表二", value, unit, name, english, read=False, effective_from=_SINCE)


SEEDS = (
    RuleSeed(FIXED, _NOTICE, "第8条", 800, "yuan", "劳务报酬减除费用：定额",
             "labour remuneration: fixed deduction", read=False, effective_from=_SINCE),
    RuleSeed(FIXED_UNTIL, _NOTICE, "第8条", 4_000, "yuan", "劳务报酬减除费用：每次收入不超过多少按定额",
             "labour remuneration: income up to which the deduction is fixed", read=False, effective_from=_SINCE),
    RuleSeed(SHARE, _NOTICE, "第8条", 20, "percent", "劳务报酬减除费用：超过的按收入的比例",
             "labour remuneration: share deducted above that", read=False, effective_from=_SINCE),
    *_steps(),
    RuleSeed(FILED, _LAW, "第14条", 15, "calendar_days", "次月几日内解缴代扣税款",
             "days of the next month within which withheld tax is paid over", read=False, effective_from=_SINCE),
    *_kind("on_site", "律师驻点服务补助", "subsidies for on-site service", taxed=True, reported=True),
    *_kind("mediation_case", "人民调解个案补贴", "mediation subsidies", taxed=True, reported=True),
    *_kind("legal_aid_case", "法律援助案件补贴", "legal aid subsidies", taxed=False, reported=True),
    *_kind("expenses", "误餐交通补助", "meal and travel expenses", taxed=False, reported=False),
    *_kind(OTHER, "其他项目付给个人的报酬", "payments to persons of any other programme", taxed=True, reported=True),
)  # fmt: skip


async def tax_law() -> Lawbook:
    """Return every row about tax, for any day, in one statement."""
    return await lawbook("tax.")


def kinds_on(law: Lawbook, day: date, programmes: Iterable[str]) -> dict[str, KindOf]:
    """Return what the payments of programmes are on a day; refuse outside the demonstration what nobody confirmed."""
    return {
        one: _kind_of(_rule(law, withheld_key, one, day), _rule(law, reported_key, one, day)) for one in set(programmes)
    }


def scale_on(law: Lawbook, day: date) -> Scale:
    """Return the scale of a day; refuse outside the demonstration what nobody confirmed."""
    keys = [FIXED, FIXED_UNTIL, SHARE, *(key(step) for step in STEPS for key in (over, rate, quick))]
    found = {key: _in_force(law, key, day) for key in keys}
    brackets = tuple(
        Bracket(_fen(found[over(step)]), found[rate(step)].whole, _fen(found[quick(step)])) for step in STEPS
    )
    unverified = any(not rule.verified for rule in found.values())
    return Scale(_fen(found[FIXED]), _fen(found[FIXED_UNTIL]), found[SHARE].whole, brackets, unverified)


def _rule(law: Lawbook, key: Callable[[str], str], programme: str, day: date) -> Rule:
    """Return the row of a programme; one that the rulebook does not name is judged like any other work."""
    named = key(programme) if law.on(key(programme), day) else key(OTHER)
    return _in_force(law, named, day)


def _in_force(law: Lawbook, key: str, day: date) -> Rule:
    found = law.on(key, day)
    if found is None:
        raise RuleMissing(key=key, on=day.isoformat())
    rely_on([found])
    return found


def _kind_of(taxed: Rule, reported: Rule) -> KindOf:
    unverified = not (taxed.verified and reported.verified)
    if taxed.whole:
        return KindOf(TaxKind.WITHHELD, unverified)
    return KindOf(TaxKind.EXEMPT if reported.whole else TaxKind.OUTSIDE, unverified)


def _fen(rule: Rule) -> int:
    return int(rule.value * 100)
