"""The tariffs of the domain notes reckoned by hand, in fractions of yuan, without engine or documents.

Amounts are typed from that page, the arithmetic from settlement.md. ``None`` says that the amount may not be paid: a
choice is missing, unreasoned or outside the range that the tariff leaves.
"""

from collections.abc import Collection
from fractions import Fraction
from math import floor

FEN = Fraction(1, 100)

LABOUR_DAY = 385
DEFENCE = {
    ("investigation", "local", None): (600, "2"),
    ("investigation", "cross_county", None): (800, "2.5"),
    ("investigation", "cross_city", None): (1000, "3"),
    ("prosecution", "local", None): (600, "2"),
    ("prosecution", "cross_county", None): (800, "2.5"),
    ("prosecution", "cross_city", None): (1000, "3"),
    ("trial", "local", "ordinary"): (700, "3"),
    ("trial", "local", "capital"): (700, "5.5"),
    ("trial", "cross_county", "ordinary"): (1000, "3.5"),
    ("trial", "cross_county", "capital"): (1000, "6.5"),
    ("trial", "cross_city", "ordinary"): (1300, "5"),
    ("trial", "cross_city", "capital"): (1300, "9"),
}
HANJIANG = {
    ("civil_admin_arbitration", None): 1200,
    ("criminal_defence", "investigation"): 800,
    ("criminal_defence", "prosecution"): 1000,
    ("criminal_defence", "trial"): 1200,
}
RIZHAO = {
    ("civil_admin_arbitration_or_trial", "local"): (1200, 1890),
    ("civil_admin_arbitration_or_trial", "away"): (1500, 2200),
    ("non_litigation_or_early_criminal", None): (600, 900),
}
MEDIATION = {
    ("town", "ordinary"): (50, ()),
    ("town", "difficult"): (200, ()),
    ("town", "major"): (400, ()),
    ("village", "ordinary"): (30, ("案情记录", "调解协议书")),
    ("village", "difficult"): (80, ("规范材料", "调解笔录", "调解协议书", "回访记录")),
    ("village", "major"): (
        150,
        (
            "卷宗封面",
            "受理调解登记表",
            "申请书",
            "当事人身份证明",
            "调查笔录及证据",
            "调解通知书",
            "当事人须知",
            "调解笔录",
            "调解协议书",
            "回访记录",
            "调解案件认定表",
            "附件",
        ),
    ),
}
DEMO_CASES = {
    ("civil", None, None): 2000,
    ("admin", None, None): 2000,
    ("labour_arbitration", None, None): 1600,
    ("non_litigation", None, None): 800,
    ("criminal_defence", "investigation", None): 1200,
    ("criminal_defence", "prosecution", None): 1200,
    ("criminal_defence", "trial", "ordinary"): 1800,
    ("criminal_defence", "trial", "capital"): 2800,
}
DEMO_GRADES = {None: 0, "优秀": 10, "合格": 0, "不合格": -100}

EACH = {
    "yongding": {
        ("criminal_defence", "case_stage", "investigation", None): "600",
        ("criminal_defence", "case_stage", "prosecution", None): "600",
        ("criminal_defence", "case_stage", "trial", None): "1200",
        ("civil_admin_arbitration", "case", None, None): "1400",
        ("duty_consultation", "day", None, None): "200",
        ("non_litigation", "case", None, None): "250",
    },
    "hanjiang": {("drafting", "document", None, None): "100", ("duty", "person_day", None, None): "100"},
    "rizhao": {("duty", "person_day", None, None): "150"},
    "unnamed_b": {
        ("civil_or_admin_litigation", "case", None, None): "2000",
        ("criminal_defence", "case_stage", "investigation", None): "900",
        ("criminal_defence", "case_stage", "prosecution", None): "1300",
        ("enforcement_or_non_litigation", "case", None, None): "1300",
        ("crim_attached_civil_or_labour_arbitration", "case", None, None): "1600",
    },
    "village_and_community_adviser": {
        ("village_adviser", "village_year", None, "longwen"): "5000",
        ("village_adviser", "village_year", None, "guangdong"): "10000",
        ("village_adviser", "community_year", None, "hangzhou"): "6036.22",
    },
    "observed_payments": {("duty", "duty", None, None): "100"},
    "hangzhou_demo": {
        ("drafting", "document", None, None): "200",
        ("duty", "day", None, None): "500",
        ("duty", "half_day", None, None): "250",
        ("desk", "half_day", None, None): "200",
        ("hotline", "half_day", None, None): "200",
        ("lecture", "lecture", None, None): "800",
        ("village_adviser", "village_year", None, None): "6000",
    },
}
"""So much for each unit."""
WITHIN = {
    "ningde": {
        ("case", "case", "in_city", None): ("600", "1200"),
        ("case", "case", "out_of_city", None): ("800", "1500"),
        ("case", "case", "cross_province", None): ("3500", "4000"),
    },
    "mediation_other": {
        ("mediation", "dispute", "xiangyin", "major"): ("300", "500"),
        ("mediation", "dispute", "xingtai", "major"): ("50", "150"),
        ("mediation", "dispute", "shenzhen", None): ("400", "4000"),
    },
    "lecture": {
        ("lecture", "period", None, "associate"): ("0", "500"),
        ("lecture", "period", None, "full"): ("0", "1000"),
        ("lecture", "period", None, "academician"): ("0", "1500"),
    },
}
"""A choice for each unit between two amounts, with its reason; a lecture of half a day counts four periods at most."""


def half_up(amount: Fraction, step: Fraction = FEN) -> Fraction:
    """Round to a multiple of the step, half of it upwards."""
    return floor(amount / step + Fraction(1, 2)) * step


def city385_labour(days: Fraction) -> Fraction:
    """Labour for k half-days is k × 192.50 rounded half up to the next 5.00."""
    return half_up(days * LABOUR_DAY, Fraction(5))


def city385_defence(stage: str, area: str, class_: str | None, attached_civil: int) -> Fraction:
    """Direct cost and labour; 385 more for the attached civil action, which only a trial has."""
    direct, days = DEFENCE[stage, area, class_]
    more = LABOUR_DAY if attached_civil >= 1 and stage == "trial" else 0
    return direct + city385_labour(Fraction(days)) + more


def city385_duty(days: Fraction, cross_county_days: int) -> Fraction:
    """The labour of the days, and 180 for each day in another county."""
    return city385_labour(days) + 180 * cross_county_days


def city385_share(percent: int) -> Fraction:
    """A percent of an early stage at home."""
    return half_up(city385_defence("investigation", "local", None, 0) * percent / 100)


def hanjiang(item: str, stage: str | None, grassroots: bool, same_matter: int, district: bool, major: bool) -> Fraction:
    """Half for a grassroots worker; 200 for each case of the matter after the first; 500; 1000; 5000 in all."""
    base = Fraction(HANJIANG[item, stage])
    changed = base - (base / 2 if grassroots else 0) + 200 * max(same_matter - 1, 0)
    return min(changed + (500 if district else 0) + (1000 if major else 0), Fraction(5000))


def rizhao(
    item: str, area: str | None, chosen: Fraction, persons: int, more_percent: Fraction | None
) -> Fraction | None:
    """200 for each further aided person, 100 persons at most; a major case up to twice the ordinary amount."""
    low, high = RIZHAO[item, area]
    if not low <= chosen <= high or (more_percent is not None and not 0 <= more_percent <= 100):
        return None
    return half_up(chosen + 200 * min(max(persons - 1, 0), 100) + chosen * (more_percent or 0) / 100)


def town_village(area: str, grade: str, disputes: int, papers: Collection[str]) -> Fraction:
    """So much for a dispute; nothing while a paper is missing."""
    each, needed = MEDIATION[area, grade]
    return Fraction(each * disputes if set(needed) <= set(papers) else 0)


def demo_case(
    item: str, stage: str | None, class_: str | None, grade: str | None, early_percent: Fraction | None
) -> Fraction | None:
    """An early end takes off up to 80 percent; the grade's percent is of what is left."""
    amount = Fraction(DEMO_CASES[item, stage, class_])
    if early_percent is not None:
        if not -80 <= early_percent <= 0:
            return None
        amount += amount * early_percent / 100
    return half_up(amount + amount * DEMO_GRADES[grade] / 100)
