"""The worked numbers and printed composites of tariffs.yaml, from sets re-entered in our schema."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from procurement.tariffs.engine.model import Choice, Dimensions, Result, TariffSet, Work
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.engine.validation import validate

REAL = (
    *("city385", "hanjiang", "rizhao", "unnamed_b", "mediation_town_village", "yongding", "ningde", "mediation_other"),
    *("village_and_community_adviser", "lecture", "observed_payments"),
)
TRIAL = Dimensions(stage="trial", area="local", class_="ordinary")
CIVIL = "civil_admin_arbitration"
TWELVE = (
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
)


def joint_action(persons: int) -> Work:
    """Return a Rizhao case at 1200 yuan for so many aided persons."""
    return Work(
        item="civil_admin_arbitration_or_trial",
        dimensions=Dimensions(area="local"),
        units={"case": 1},
        counts={"aided_persons": persons},
        choices={"trial_local": Choice(value=Decimal(1200), reason="普通案件")},
    )


def same_matter(cases: int) -> Work:
    """Return a Hanjiang civil case with so many cases of one matter."""
    return Work(item=CIVIL, units={"case": 1}, counts={"same_matter_cases": cases})


def labour(half_days: int) -> Work:
    """Return labour of so many half days."""
    return Work(item="labour", units={"half_day": half_days})


CRIMINAL, STAGE = "criminal_defence", {"case_stage": 1}
GRASSROOTS = Dimensions(stage="trial", provider="grassroots_worker")
FAST_TRACK = Dimensions(stage="trial", class_="no_hearing_or_fast_track")
WORKED = [
    ("city385", Work(item=CRIMINAL, dimensions=TRIAL, units=STAGE, counts={"attached_civil": 1}), "2240.00"),
    ("city385", Work(item="interrogation_check", units={"case": 1}), "548.00"),
    ("city385", Work(item="legal_help_file", units={"case": 1}), "1096.00"),
    ("city385", Work(item="duty", units={"work_day": 3}, counts={"cross_county_days": 3}), "1695.00"),
    ("city385", labour(5), "965.00"),
    ("city385", labour(7), "1350.00"),
    ("hanjiang", same_matter(8), "2600.00"),
    ("hanjiang", same_matter(20), "5000.00"),
    ("hanjiang", same_matter(25), "5000.00"),
    ("hanjiang", Work(item=CRIMINAL, dimensions=GRASSROOTS, units=STAGE), "600.00"),
    ("rizhao", joint_action(101), "21200.00"),
    ("rizhao", joint_action(180), "21200.00"),
    ("unnamed_b", Work(item=CRIMINAL, dimensions=FAST_TRACK, units=STAGE), "1300.00"),
]
COMPOSITES = [
    ("investigation", "local", None, "1370.00"),
    ("prosecution", "cross_county", None, "1765.00"),
    ("investigation", "cross_city", None, "2155.00"),
    ("trial", "local", "ordinary", "1855.00"),
    ("trial", "local", "capital", "2820.00"),
    ("trial", "cross_county", "ordinary", "2350.00"),
    ("trial", "cross_county", "capital", "3505.00"),
    ("trial", "cross_city", "ordinary", "3225.00"),
    ("trial", "cross_city", "capital", "4765.00"),
]


def yuan(result: Result) -> str:
    """Return a result's fen as decimal text."""
    return str(Decimal(result.fen).scaleb(-2))


@pytest.mark.parametrize("name", REAL)
def test_each_real_tariff_could_be_published(real_set: Callable[[str], TariffSet], name: str) -> None:
    assert validate(real_set(name)) == []


@pytest.mark.parametrize(("name", "work", "expected"), WORKED)
def test_each_worked_number_comes_out(
    real_set: Callable[[str], TariffSet], name: str, work: Work, expected: Any
) -> None:
    assert yuan(price(real_set(name), work)) == expected


@pytest.mark.parametrize(("stage", "area", "class_", "expected"), COMPOSITES)
def test_each_printed_composite_is_direct_cost_plus_rounded_labour(
    real_set: Callable[[str], TariffSet], stage: str, area: str, class_: str | None, expected: Any
) -> None:
    dimensions = Dimensions(stage=stage, area=area, class_=class_)
    work = Work(item=CRIMINAL, dimensions=dimensions, units=STAGE)
    assert yuan(price(real_set("city385"), work)) == expected


def test_the_printed_half_day_is_rounded_up_to_the_step(real_set: Callable[[str], TariffSet]) -> None:
    assert yuan(price(real_set("city385"), Work(item="duty", units={"half_day": 1}))) == "195.00"


@pytest.mark.parametrize("absent", TWELVE)
def test_a_major_village_dispute_without_one_of_twelve_documents_is_held_at_nothing(
    real_set: Callable[[str], TariffSet], absent: str
) -> None:
    work = Work(
        item="mediation",
        on=date(2010, 11, 8),
        dimensions=Dimensions(area="village", class_="major"),
        units={"dispute": 1},
        documents=frozenset(TWELVE) - {absent},
    )
    result = price(real_set("mediation_town_village"), work)
    assert (result.fen, result.missing, result.held) == (0, (absent,), True)


def test_a_major_village_dispute_with_all_documents_is_paid(real_set: Callable[[str], TariffSet]) -> None:
    work = Work(
        item="mediation",
        dimensions=Dimensions(area="village", class_="major"),
        units={"dispute": 1},
        documents=frozenset(TWELVE),
    )
    assert price(real_set("mediation_town_village"), work).fen == 15000
