"""Work drawn at random for each tariff of tariffs.yaml: the engine pays to the fen what a reckoning by hand gives."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.tariffs.engine.model import Choice, Dimensions, TariffSet, Work
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.engine.refusals import ChoiceNeeded, ChoiceRefused
from tests.conftest import rounds
from tests.procurement.tariffs.engine import by_hand

Asked = tuple[Work, Fraction | None]
LINES = {
    ("civil_admin_arbitration_or_trial", "local"): "trial_local",
    ("civil_admin_arbitration_or_trial", "away"): "trial_away",
    ("non_litigation_or_early_criminal", None): "early",
    "in_city": "case_in_city",
    "out_of_city": "case_out_of_city",
    "cross_province": "case_cross_province",
    "xiangyin": "xiangyin_major",
    "xingtai": "xingtai_major",
    "shenzhen": "shenzhen_2023_four_grades",
    "associate": "lecturer_associate",
    "full": "lecturer_full",
    "academician": "lecturer_academician",
}
"""The lines in which something is chosen, by what they are for."""


def yuan(least: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(least, most, places=2)


def chosen(draw: Any, low: str, high: str) -> Decimal:
    """Return a choice, as often as not just at an end of the range or a fen beside it."""
    ends = [Decimal(end) + by for end in (low, high) for by in (Decimal("-0.01"), Decimal(0), Decimal("0.01"))]
    return draw(st.sampled_from(ends) | yuan(int(low), int(high)))


def some_counts(**counts: int) -> dict[str, int]:
    """Return the counts that are not 0: what is not stated is as if it were 0."""
    return {name: count for name, count in counts.items() if count}


@st.composite
def city385(draw: Any) -> Asked:
    kind = draw(st.sampled_from(("defence", "duty", "labour", "interrogation_check", "legal_help_file")))
    if kind == "defence":
        stage, area, class_ = draw(st.sampled_from(sorted(by_hand.DEFENCE, key=str)))
        attached = draw(st.integers(0, 2))
        dimensions, counts = Dimensions(stage=stage, area=area, class_=class_), some_counts(attached_civil=attached)
        work = Work(item="criminal_defence", dimensions=dimensions, units={"case_stage": 1}, counts=counts)
        return work, by_hand.city385_defence(stage, area, class_, attached)
    count = draw(st.integers(1, 30))
    if kind == "duty":
        unit, days = draw(st.sampled_from((("work_day", Fraction(count)), ("half_day", Fraction(count, 2)))))
        away = draw(st.integers(0, 30))
        work = Work(item="duty", units={unit: count}, counts=some_counts(cross_county_days=away))
        return work, by_hand.city385_duty(days, away)
    if kind == "labour":
        return Work(item="labour", units={"half_day": count}), by_hand.city385_labour(Fraction(count, 2))
    return Work(item=kind, units={"case": 1}), by_hand.city385_share(40 if kind == "interrogation_check" else 80)


@st.composite
def hanjiang(draw: Any) -> Asked:
    item, stage = draw(st.sampled_from(sorted(by_hand.HANJIANG, key=str)))
    grassroots, district, major = (draw(st.booleans()) for _ in range(3))
    same = draw(st.integers(0, 30))
    counts = some_counts(same_matter_cases=same, cross_district=district, cross_province_or_major=major)
    work = Work(
        item=item,
        units={"case" if stage is None else "case_stage": 1},
        counts={name: int(n) for name, n in counts.items()},
        dimensions=Dimensions(stage=stage, provider="grassroots_worker" if grassroots else "lawyer"),
    )
    return work, by_hand.hanjiang(item, stage, grassroots, same, district, major)


@st.composite
def rizhao(draw: Any) -> Asked:
    item, area = draw(st.sampled_from(sorted(by_hand.RIZHAO, key=str)))
    low, high = by_hand.RIZHAO[item, area]
    amount, persons, major = chosen(draw, str(low), str(high)), draw(st.integers(0, 250)), draw(st.booleans())
    more = draw(yuan(-1, 101)) if major else None
    choices = {LINES[item, area]: Choice(value=amount, reason="普通案件")}
    if more is not None:
        choices["major"] = Choice(value=more, reason="重大案件")
    work = Work(
        item=item,
        dimensions=Dimensions(area=area),
        units={"case": 1},
        choices=choices,
        counts=some_counts(aided_persons=persons, major=int(major)),
    )
    return work, by_hand.rizhao(item, area, Fraction(amount), persons, None if more is None else Fraction(more))


@st.composite
def mediation_town_village(draw: Any) -> Asked:
    area, grade = draw(st.sampled_from(sorted(by_hand.MEDIATION)))
    needed = by_hand.MEDIATION[area, grade][1]
    papers = draw(st.just(needed) | st.sets(st.sampled_from((*needed, "照片"))))
    disputes = draw(st.integers(1, 9))
    work = Work(
        item="mediation",
        dimensions=Dimensions(area=area, class_=grade),
        units={"dispute": disputes},
        documents=frozenset(papers),
    )
    return work, by_hand.town_village(area, grade, disputes, papers)


@st.composite
def hangzhou_demo(draw: Any) -> Asked:
    item, stage, class_ = draw(st.sampled_from(sorted(by_hand.DEMO_CASES, key=str)))
    grade = draw(st.sampled_from(sorted(by_hand.DEMO_GRADES, key=str)))
    early = draw(st.none() | yuan(-81, 1))
    work = Work(
        item=item,
        units={"case" if stage is None else "case_stage": 1},
        dimensions=Dimensions(stage=stage, class_=class_),
        grades={"quality": grade} if grade else {},
        choices={} if early is None else {"ended_early": Choice(value=early, reason="撤回申请")},
    )
    return work, by_hand.demo_case(item, stage, class_, grade, None if early is None else Fraction(early))


@st.composite
def each(draw: Any, name: str) -> Asked:
    """Work that is paid so much for each unit."""
    item, unit, stage, area = draw(st.sampled_from(sorted(by_hand.EACH[name], key=str)))
    count = draw(st.integers(1, 400))
    work = Work(item=item, dimensions=Dimensions(stage=stage, area=area), units={unit: count})
    return work, Fraction(by_hand.EACH[name][item, unit, stage, area]) * count


@st.composite
def within(draw: Any, name: str) -> Asked:
    """Work for which somebody chooses an amount within a range and says why."""
    item, unit, area, class_ = draw(st.sampled_from(sorted(by_hand.WITHIN[name], key=str)))
    low, high = by_hand.WITHIN[name][item, unit, area, class_]
    amount, count, reason = (
        chosen(draw, low, high),
        draw(st.integers(1, 6)),
        draw(st.sampled_from(("普通案件", " ", ""))),
    )
    fits = Fraction(amount) <= Fraction(high) and (name == "lecture" or Fraction(amount) >= Fraction(low))
    work = Work(
        item=item,
        dimensions=Dimensions(area=area, class_=class_),
        units={unit: count},
        choices={LINES[class_ if name == "lecture" else area]: Choice(value=amount, reason=reason)},
    )
    paid = min(count, 4) if name == "lecture" else count
    return work, Fraction(amount) * paid if fits and reason.strip() else None


SCHEMES = {
    "city385": city385(),
    "rizhao": rizhao() | each("rizhao"),
    "hanjiang": hanjiang() | each("hanjiang"),
    "mediation_town_village": mediation_town_village(),
    "hangzhou_demo": hangzhou_demo() | each("hangzhou_demo"),
    "yongding": each("yongding"),
    "unnamed_b": each("unnamed_b"),
    "observed_payments": each("observed_payments"),
    "village_and_community_adviser": each("village_and_community_adviser"),
    "ningde": within("ningde"),
    "mediation_other": within("mediation_other"),
    "lecture": within("lecture"),
}


@pytest.mark.parametrize("name", SCHEMES)
def test_the_engine_pays_to_the_fen_what_a_reckoning_by_hand_gives(
    real_set: Callable[[str], TariffSet], demo: TariffSet, name: str
) -> None:
    tariff = demo if name == "hangzhou_demo" else real_set(name)

    @settings(max_examples=rounds(15, 1_000), deadline=None)
    @given(SCHEMES[name])
    def agree(asked: Asked) -> None:
        work, expected = asked
        if expected is None:
            with pytest.raises((ChoiceNeeded, ChoiceRefused)):
                price(tariff, work)
        else:
            assert Fraction(price(tariff, work).fen, 100) == expected

    agree()
