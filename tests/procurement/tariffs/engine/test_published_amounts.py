"""Every line of every real tariff: the amount that its document prints comes out, and a range holds at both ends."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from procurement.tariffs.engine.model import Choice, Dimensions, TariffSet, Work
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.engine.refusals import ChoiceNeeded, ChoiceRefused

PRINTED = {
    "yongding": {
        "crim_investigation": "600.00", "crim_prosecution": "600.00", "crim_trial": "1200.00",
        "civil_admin_arbitration": "1400.00", "duty_consultation": "200.00", "non_litigation": "250.00",
    },
    "hanjiang": {
        "civil_admin_arbitration": "1200.00", "crim_investigation": "800.00", "crim_prosecution": "1000.00",
        "crim_trial": "1200.00", "own_centre_lawyer": "300.00", "non_litigation_mediation": "200.00",
        "drafting": "100.00", "duty_or_consultation": "100.00",
    },
    "rizhao": {"duty_or_hotline": "150.00"},
    "unnamed_b": {
        "crim_investigation": "900.00", "crim_prosecution": "1300.00", "crim_trial": "1800.00",
        "crim_trial_no_hearing_or_fast_track": "1300.00", "civil_or_admin_litigation": "2000.00",
        "crim_attached_civil_or_labour_arbitration": "1600.00", "enforcement_or_non_litigation": "1300.00",
    },
    "city385": {"duty_day": "385.00", "duty_other_half": "195.00"},
    "mediation_town_village": {
        "town_ordinary": "50.00", "town_difficult": "200.00", "town_major": "400.00", "village_ordinary": "30.00",
        "village_difficult": "80.00", "village_major": "150.00",
    },
    "mediation_other": {
        "jiande_2006_simple_success": "4.00", "jiande_2006_simple_fail": "2.00", "jiande_2006_major_success": "100.00",
        "xiangyin_ordinary": "100.00",
    },
    "village_and_community_adviser": {
        "longwen_village": "5000.00", "hangzhou_community_2010": "6036.22", "guangdong_village": "10000.00",
    },
    "observed_payments": {"cases_59": "79860.00", "duty_70": "100.00"},
}  # fmt: skip
RANGES = {
    "yongding": {"duty_help": ("200.00", None)},
    "rizhao": {
        "trial_local": ("1200.00", "1890.00"), "trial_away": ("1500.00", "2200.00"), "early": ("600.00", "900.00"),
    },
    "ningde": {
        "case_in_city": ("600.00", "1200.00"), "case_out_of_city": ("800.00", "1500.00"),
        "case_cross_province": ("3500.00", "4000.00"),
    },
    "mediation_other": {
        "xiangyin_major": ("300.00", "500.00"), "xingtai_major": ("50.00", "150.00"),
        "shenzhen_2023_four_grades": ("400.00", "4000.00"),
    },
    "lecture": {
        "lecturer_associate": (None, "500.00"), "lecturer_full": (None, "1000.00"),
        "lecturer_academician": (None, "1500.00"),
    },
}  # fmt: skip
FEN = Decimal("0.01")


def cases(table: dict[str, dict[str, object]]) -> list[tuple[str, str, object]]:
    return [(name, line, said) for name, lines in table.items() for line, said in lines.items()]


def work_for(tariff: TariffSet, line_id: str, count: int = 1, **values: object) -> Work:
    """Return work that just this line is for, with all its documents."""
    line = next(line for line in tariff.lines if line.id == line_id)
    return Work(
        item=line.item, dimensions=line.dimensions, units={line.unit: count}, documents=frozenset(line.needs), **values
    )


@pytest.mark.parametrize(("name", "line", "printed"), cases(PRINTED))
def test_the_printed_amount_comes_out(real_set: Callable[[str], TariffSet], name: str, line: str, printed: str) -> None:
    tariff = real_set(name)
    assert Decimal(price(tariff, work_for(tariff, line)).fen).scaleb(-2) == Decimal(printed)


@pytest.mark.parametrize(("name", "line", "ends"), cases(RANGES))
def test_a_range_needs_a_reasoned_choice_and_holds_at_both_ends(
    real_set: Callable[[str], TariffSet], name: str, line: str, ends: tuple[str | None, str | None]
) -> None:
    tariff = real_set(name)
    with pytest.raises(ChoiceNeeded):
        price(tariff, work_for(tariff, line))
    for end, beyond in zip(ends, (-FEN, FEN), strict=True):
        if end is None:
            continue
        chosen = {line: Choice(value=Decimal(end), reason="R")}
        assert Decimal(price(tariff, work_for(tariff, line, choices=chosen)).fen).scaleb(-2) == Decimal(end)
        with pytest.raises(ChoiceRefused):
            price(tariff, work_for(tariff, line, choices={line: Choice(value=Decimal(end) + beyond, reason="R")}))


def test_a_published_quarter_adds_up(real_set: Callable[[str], TariffSet]) -> None:
    tariff = real_set("observed_payments")
    assert price(tariff, work_for(tariff, "duty_70", 70)).fen == 700_000


def test_a_lecture_of_half_a_day_counts_four_periods_at_most(real_set: Callable[[str], TariffSet]) -> None:
    tariff = real_set("lecture")
    chosen = {"lecturer_full": Choice(value=Decimal(1000), reason="R")}
    assert price(tariff, work_for(tariff, "lecturer_full", 6, choices=chosen)).fen == 400_000


def test_sixty_villages_cost_what_the_notice_says(real_set: Callable[[str], TariffSet]) -> None:
    tariff = real_set("village_and_community_adviser")
    assert price(tariff, work_for(tariff, "longwen_village", 60)).fen == 30_000_000


def test_what_no_line_is_for_costs_nothing_and_says_so(real_set: Callable[[str], TariffSet]) -> None:
    away = Work(item="village_adviser", dimensions=Dimensions(area="elsewhere"), units={"village_year": 1})
    result = price(real_set("village_and_community_adviser"), away)
    assert (result.fen, result.trace[1].key) == (0, "no_line")
