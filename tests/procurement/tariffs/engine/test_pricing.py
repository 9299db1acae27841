"""What lines give, what holds a claim, which set applies: each rule has a test that fails when it breaks."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from procurement.tariffs.engine.choosing import choose
from procurement.tariffs.engine.coverage import units_covered
from procurement.tariffs.engine.exact import Count, is_exact
from procurement.tariffs.engine.kinds import Combine
from procurement.tariffs.engine.model import (
    Bounds,
    Choice,
    Dimensions,
    Line,
    PercentOf,
    Result,
    SecondDate,
    TariffSet,
    Work,
)
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.engine.refusals import (
    ChoiceNeeded,
    ChoiceRefused,
    CountRefused,
    OutsideValidity,
    ValidityOverlaps,
)


def care(days: Count = 1, **values: Any) -> Work:
    """Return so many days of care."""
    return Work(item="care", units={"day": days}, **values)


def keys(result: Result) -> list[str]:
    """Return the keys of a trace."""
    return [step.key for step in result.trace]


@pytest.mark.parametrize(
    ("count", "first", "last", "in_range_only", "covered"),
    [
        (0, 1, None, False, None),
        (1, 1, None, False, 1),
        (5, 1, None, False, 5),
        (5, 1, 3, False, 3),
        (2, 3, 40, False, None),
        (3, 3, 40, False, 1),
        (60, 3, 40, False, 38),
        (60, 3, 40, True, None),
        (40, 3, 40, True, 38),
        (2, 3, 40, True, None),
        (0, 0, None, False, 0),
        (7, 0, None, False, 7),
        (7, 0, 4, False, 4),
        (0, 0, 0, True, 0),
        (1, 0, 0, True, None),
        (Decimal("0.5"), 1, 30, False, None),
        (Decimal("4.5"), 1, 30, False, Decimal("4.5")),
        (9, 5, 2, False, 0),
    ],
)
def test_a_range_covers_the_units_that_the_rule_says(
    count: Count, first: Any, last: Any, in_range_only: bool, covered: Any
) -> None:
    assert units_covered(count, first, last, in_range_only) == covered


def test_a_line_is_its_fixed_amount_plus_each_covered_unit(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(line("base", fixed="100", to=2), line("more", per_unit="30.50", from_=3, to=4))
    assert [price(small, care(days)).fen for days in range(6)] == [0, 10000, 10000, 13050, 16100, 16100]


def test_an_empty_dimension_matches_anything_and_a_stated_one_only_itself(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(
        line("town", fixed="10", dimensions=Dimensions(area="town")),
        line("any", unit="hour", fixed="1"),
    )
    units = {"day": 1, "hour": 1}
    assert price(small, Work(item="care", units=units, dimensions=Dimensions(area="town"))).fen == 1100
    assert price(small, Work(item="care", units=units, dimensions=Dimensions(area="city"))).fen == 100
    assert price(small, Work(item="care", units=units)).fen == 100


def test_work_that_no_line_matches_is_nothing_and_says_so(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(line(fixed="10"))
    assert keys(price(small, Work(item="cure", units={"day": 1}))) == ["set", "no_line", "total"]
    assert keys(price(small, care(0))) == ["set", "not_reached", "total"]


def test_an_amount_chosen_in_a_range_is_paid_per_unit_with_its_reason(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(line(choice=Bounds(min=Decimal(600), max=Decimal(900))))

    def chosen(value: Any, reason: str = "案情复杂") -> int:
        return price(small, care(2, choices={"care": Choice(value=Decimal(value), reason=reason)}))

    assert [chosen(600).fen, chosen(900).fen] == [120000, 180000]
    assert chosen(700).trace[1].values["reason"] == "案情复杂"
    for value, reason in (("599.99", "x"), ("900.01", "x"), (700, "")):
        with pytest.raises(ChoiceRefused):
            chosen(value, reason)
    with pytest.raises(ChoiceNeeded):
        price(small, care())


def test_a_percent_of_another_line_is_taken_for_the_same_units(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(
        line(per_unit="70"), line("share", item="check", percent_of=PercentOf(line="care", percent=Decimal(40)))
    )
    assert price(small, Work(item="check", units={"day": 2})).fen == 5600


def test_units_are_summed_unless_the_item_pays_the_highest(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    lines = (line("d", per_unit="10"), line("h", unit="hour", per_unit="3"))
    work = Work(item="care", units={"day": 1, "hour": 5})
    assert price(tariff(*lines), work).fen == 2500
    assert price(tariff(*lines, combine={"care": Combine.MAX}), work).fen == 1500
    assert price(tariff(*lines, combine={"cure": Combine.MAX}), work).fen == 2500


def test_a_missing_document_holds_the_whole_claim_and_names_it(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(line(fixed="10", needs=("笔录", "协议书", "回访")), line("h", unit="hour", fixed="1"))
    work = {"item": "care", "units": {"day": 1, "hour": 1}}
    held = price(small, Work(**work, documents=frozenset({"协议书"})))
    assert (held.fen, held.missing, held.held) == (0, ("笔录", "回访"), True)
    paid = price(small, Work(**work, documents=frozenset({"笔录", "协议书", "回访"})))
    assert (paid.fen, paid.missing, paid.held) == (1100, (), False)


def test_a_line_that_is_not_reached_needs_no_document(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(line(fixed="10"), line("late", per_unit="1", from_=5, needs=("回访",)))
    assert price(small, care(4)).fen == 1000
    assert price(small, care(5)).missing == ("回访",)


def test_a_set_prices_only_work_of_its_own_days(tariff: Callable[..., TariffSet], line: Callable[..., Line]) -> None:
    second = SecondDate(event="hearing", on_or_after=date(2026, 7, 1))
    small = tariff(line(fixed="10"), from_=date(2026, 1, 1), to=date(2026, 12, 31))
    for on in (date(2025, 12, 31), date(2027, 1, 1)):
        with pytest.raises(OutsideValidity, match="small"):
            price(small, care(on=on))
    with pytest.raises(OutsideValidity, match="名称"):
        price(tariff(line(), label_zh="名称", to=date(2026, 1, 1)), care(on=date(2026, 1, 2)))
    assert price(small, care(on=date(2026, 1, 1))).fen == price(small, care(on=date(2026, 12, 31))).fen == 1000
    special = tariff(line(fixed="10"), second_date=second)
    with pytest.raises(OutsideValidity):
        price(special, care(on=date(2026, 1, 1)))
    assert price(special, care(on=date(2026, 1, 1), second_on=date(2026, 7, 1))).fen == 1000


def test_two_sets_of_one_day_are_a_fault_not_a_guess(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    sets = [tariff(line(fixed="10"), id=name, from_=date(2026, 1, 1)) for name in ("a", "b")]
    with pytest.raises(ValidityOverlaps):
        choose(sets, date(2026, 1, 1))
    assert choose(sets, date(2025, 12, 31)) is None


@pytest.mark.parametrize("count", [-1, Decimal("NaN"), Decimal("Infinity"), 1.0, True, Decimal("1E+12"), 10**12])
def test_a_count_that_is_negative_endless_or_a_float_is_refused(count: Count) -> None:
    with pytest.raises(CountRefused):
        care(count)


@pytest.mark.parametrize("amount", [0.1, Decimal("NaN"), Decimal("1E+12"), Decimal("1E-13"), True, "1"])
def test_only_exact_numbers_enter_a_calculation(amount: Any) -> None:
    assert not is_exact(amount)


def test_a_line_built_with_a_float_is_refused(line: Callable[..., Line]) -> None:
    with pytest.raises(ValueError, match="per_unit"):
        line().__class__(id="x", item="x", unit="x", per_unit=0.1)  # type: ignore[arg-type]
