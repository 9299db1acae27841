"""What modifiers do to a line, rule by rule."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from procurement.tariffs.engine.exact import Count
from procurement.tariffs.engine.model import (
    Bounds,
    Choice,
    Dimensions,
    Grades,
    Line,
    Modifier,
    Result,
    TariffSet,
    When,
    Work,
)
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.engine.refusals import (
    ChoiceNeeded,
    ChoiceRefused,
    GradeUnknown,
    TariffRefused,
)


def modifier(name: str, **values: Any) -> Modifier:
    """Return a modifier whose amounts are written as text."""
    decimals = ("fixed_percent", "percent_per_unit", "add", "add_per_unit")
    return Modifier(id=name, **{key: Decimal(value) if key in decimals else value for key, value in values.items()})


def care(days: Count = 1, **values: Any) -> Work:
    """Return so many days of care."""
    return Work(item="care", units={"day": days}, **values)


def keys(result: Result) -> list[str]:
    """Return the keys of a trace."""
    return [step.key for step in result.trace]


def test_modifiers_of_equal_priority_add_on_one_base(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(
        line(fixed="100", modifiers=("a", "b")),
        modifiers=(
            modifier("a", count="x", fixed_percent="10"),
            modifier("b", count="x", fixed_percent="20"),
        ),
    )
    assert price(small, care(counts={"x": 1})).fen == 13000


def test_a_modifier_of_higher_priority_compounds_whatever_the_order_of_writing(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(
        line(fixed="100", modifiers=("late", "early")),
        modifiers=(
            modifier("late", count="x", fixed_percent="20", priority=5),
            modifier("early", count="x", fixed_percent="10"),
        ),
    )
    assert price(small, care(counts={"x": 1})).fen == 13200


def test_the_percent_per_unit_counts_covered_units(tariff: Callable[..., TariffSet], line: Callable[..., Line]) -> None:
    more = modifier("more", count="x", from_=2, to=4, percent_per_unit="20")
    small = tariff(line(fixed="100", modifiers=("more",)), modifiers=(more,))
    amounts = [price(small, care(counts={"x": count})).fen for count in range(7)]
    assert amounts == [10000, 10000, 12000, 14000, 16000, 16000, 16000]


def test_a_fixed_percent_goes_on_beyond_the_range_unless_it_counts_within_it_only(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    def amount(in_range_only: bool) -> list[int]:
        more = modifier("m", count="x", from_=2, to=4, fixed_percent="50", in_range_only=in_range_only)
        small = tariff(line(fixed="100", modifiers=("m",)), modifiers=(more,))
        return [price(small, care(counts={"x": count})).fen for count in (1, 2, 4, 5)]

    assert amount(False) == [10000, 15000, 15000, 15000]
    assert amount(True) == [10000, 15000, 15000, 10000]


def test_a_modifier_adds_yuan_once_and_yuan_per_unit_up_to_its_most_units(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(
        line(fixed="100", modifiers=("once", "each")),
        modifiers=(
            modifier("once", count="far", add="50"),
            modifier("each", count="x", from_=2, add_per_unit="7", max_units=3),
        ),
    )
    assert price(small, care(counts={"far": 9})).fen == 15000
    assert [price(small, care(counts={"x": count})).fen for count in (1, 2, 4, 9)] == [10000, 10700, 12100, 12100]


def test_added_yuan_are_the_base_of_the_next_priority(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(
        line(fixed="100", modifiers=("once", "half")),
        modifiers=(
            modifier("once", count="x", add="50"),
            modifier("half", count="x", fixed_percent="-50", priority=1),
        ),
    )
    assert price(small, care(counts={"x": 1})).fen == 7500


def test_a_required_modifier_that_is_absent_makes_only_its_line_nothing(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(
        line("long", per_unit="39", modifiers=("needed",)),
        line("basis", unit="case", fixed="5"),
        modifiers=(modifier("needed", count="length", from_=21, required=True),),
    )
    work = {"units": {"day": 2, "case": 1}, "item": "care"}
    assert price(small, Work(**work, counts={"length": 20})).fen == 500
    assert "required_absent" in keys(price(small, Work(**work)))
    assert price(small, Work(**work, counts={"length": 21})).fen == 8300


def test_a_modifier_may_depend_on_the_value_of_a_dimension(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    half = modifier("h", when=When(dimension="provider", value="worker"), fixed_percent="-50")
    small = tariff(line(fixed="100", modifiers=("h",)), modifiers=(half,))
    assert price(small, care(dimensions=Dimensions(provider="worker"))).fen == 5000
    assert price(small, care(dimensions=Dimensions(provider="lawyer"))).fen == 10000


def test_a_grade_pays_by_its_table_and_no_grade_yet_pays_the_base(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    table = Grades(of="quality", percents={"A": Decimal(10), "B": Decimal(0), "C": Decimal(-100)})
    small = tariff(line(fixed="100", modifiers=("q",)), modifiers=(modifier("q", grades=table),))
    amounts = [price(small, care(grades={"quality": grade})).fen for grade in "ABC"]
    assert [*amounts, price(small, care()).fen] == [11000, 10000, 0, 10000]
    with pytest.raises(GradeUnknown):
        price(small, care(grades={"quality": "D"}))


def test_a_percent_chosen_in_a_range_needs_its_bounds_and_a_reason(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    early = modifier("early", choice=Bounds(min=Decimal(-80), max=Decimal(0)))
    small = tariff(line(fixed="100", modifiers=("early",)), modifiers=(early,))

    def chosen(percent: Any, reason: str = "撤回申请") -> int:
        return price(small, care(choices={"early": Choice(value=Decimal(percent), reason=reason)})).fen

    assert [price(small, care()).fen, chosen(-50), chosen(-80)] == [10000, 5000, 2000]
    for percent, reason in ((-81, "x"), (1, "x"), (-50, " ")):
        with pytest.raises(ChoiceRefused):
            chosen(percent, reason)


def test_a_modifier_that_counts_nothing_covers_one_unit(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    far = modifier("m", when=When(dimension="area", value="far"), percent_per_unit="10", add_per_unit="7")
    small = tariff(line(fixed="100", modifiers=("m",)), modifiers=(far,))
    assert price(small, care(dimensions=Dimensions(area="far"))).fen == 11700


def test_a_refusal_names_the_title_or_else_the_id(tariff: Callable[..., TariffSet], line: Callable[..., Line]) -> None:
    def refusal(kind: type[TariffRefused], work: Work, **title: Any) -> str:
        table = Grades(of="quality", percents={})
        graded = modifier("q", grades=table, **title)
        early = modifier("e", choice=Bounds(max=Decimal(0)), **title)
        care_line = line(choice=Bounds(min=Decimal(1)), modifiers=("q", "e"), **title)
        with pytest.raises(kind) as caught:
            price(tariff(care_line, modifiers=(graded, early)), work)
        return str(caught.value.values["name"])

    chosen = {"care": Choice(value=Decimal(2), reason="x")}
    late = {**chosen, "e": Choice(value=Decimal(1), reason="x")}
    for kind, work, name in (
        (ChoiceNeeded, care(), "care"),
        (GradeUnknown, care(choices=chosen, grades={"quality": "A"}), "q"),
        (ChoiceRefused, care(choices=late), "e"),
    ):
        assert refusal(kind, work) == name
        assert refusal(kind, work, title_zh="名称") == "名称"
