"""Publishing refuses every fault, names it, and lists them all."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from procurement.tariffs.engine.faults import Fault
from procurement.tariffs.engine.kinds import Combine, Scope
from procurement.tariffs.engine.model import (
    Bounds,
    Cap,
    Dimensions,
    Grades,
    Line,
    Modifier,
    Parts,
    PercentOf,
    Rounding,
    SecondDate,
    TariffSet,
    When,
)
from procurement.tariffs.engine.validation import validate


def found(faults: list[Fault]) -> list[tuple[str, str]]:
    """Return faults as (key, where)."""
    return [(fault.key, fault.where) for fault in faults]


def test_the_demonstration_set_may_be_published(demo: TariffSet) -> None:
    assert validate(demo) == []


def test_consecutive_bands_and_a_threshold_are_no_fault(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    bands = (line("a", fixed="1", to=2), line("b", from_=3, to=9), line("c", from_=10))
    threshold = line("witness", unit="witness", from_=11)
    assert validate(tariff(*bands, threshold)) == []


def test_a_gap_between_bands_is_found_with_its_range(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    (fault,) = validate(tariff(line("a", to=2), line("b", from_=5)))
    assert fault == Fault("gap", "b", {"other": "a", "first": 3, "last": 4})
    assert str(fault.message) == "b：与“a”之间缺少 3 到 4 的数量范围"
    (smallest,) = validate(tariff(line("a", to=2), line("b", from_=4)))
    assert smallest == Fault("gap", "b", {"other": "a", "first": 3, "last": 3})


def test_bands_that_overlap_are_found(tariff: Callable[..., TariffSet], line: Callable[..., Line]) -> None:
    assert found(validate(tariff(line("a", to=3), line("b", from_=3)))) == [("overlap", "b")]
    assert found(validate(tariff(line("a"), line("b", from_=9)))) == [("overlap", "b")]
    assert found(validate(tariff(line("b", from_=3), line("a", to=3)))) == [("overlap", "a")]


def test_two_lines_that_would_both_match_are_ambiguous(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    wide = line("wide")
    town, city = (line(area, dimensions=Dimensions(area=area)) for area in ("town", "city"))
    stage = line("stage", dimensions=Dimensions(stage="trial"))
    assert found(validate(tariff(wide, town))) == [("ambiguous", "town")]
    assert found(validate(tariff(town, stage))) == [("ambiguous", "stage")]
    assert validate(tariff(town, city)) == []


def test_lines_of_other_items_or_units_do_not_compete(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    assert validate(tariff(line("a"), line("b", unit="hour"), line("c", item="cure"))) == []


def test_lines_whose_requirements_exclude_each_other_do_not_compete(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    def between(first: Any, last: Any, only: bool) -> Modifier:
        name = f"{first}-{last}"
        return Modifier(id=name, count="length", from_=first, to=last, in_range_only=only, required=True)

    def faults(only: bool, required: bool = True) -> list[tuple[str, str]]:
        short, long = between(0, 20, only), between(21, None, False)
        if not required:
            short = Modifier(id=short.id, count="length", from_=0, to=20, in_range_only=True)
        lines = (line("a", modifiers=(short.id,)), line("b", modifiers=(long.id,)))
        return found(validate(tariff(*lines, modifiers=(short, long))))

    assert faults(only=True) == []
    assert faults(only=False) == [("overlap", "b")]
    assert faults(only=True, required=False) == [("overlap", "b")]


def test_lines_required_for_different_values_of_a_dimension_do_not_compete(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    town, city = (
        Modifier(id=area, when=When(dimension="area", value=area), required=True) for area in ("town", "city")
    )
    lines = (line("a", modifiers=("town",)), line("b", modifiers=("city",)))
    assert validate(tariff(*lines, modifiers=(town, city))) == []


def test_sets_of_one_region_and_family_may_neither_overlap_nor_leave_days_out(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    def dated(name: str, first: Any, last: Any, **values: Any) -> TariffSet:
        return tariff(line(), id=name, from_=first, to=last, **values)

    old = dated("old", date(2025, 1, 1), date(2025, 12, 31))
    assert validate(dated("new", date(2026, 1, 1), None), [old]) == []
    assert found(validate(dated("new", date(2025, 12, 31), None), [old])) == [("dates_overlap", "new")]
    (gap,) = validate(dated("new", date(2026, 1, 11), None), [old])
    named = {"other": "old", "first": date(2026, 1, 1), "last": date(2026, 1, 10), "days": 10}
    assert gap == Fault("dates_gap", "new", named)
    assert "2026-01-01 到 2026-01-10（10 天）没有标准适用：请把日期改到相接" in str(gap.message)
    assert found(validate(dated("old", date(2026, 1, 11), None), [old])) == [("dates_gap", "old")]
    assert validate(dated("new", date(2026, 1, 11), None, region="330200"), [old]) == []
    second = SecondDate(event="hearing", on_or_after=date(2026, 1, 1))
    assert validate(dated("new", date(2025, 6, 1), None, second_date=second), [old]) == []


def percent(name: str, value: Any, **values: Any) -> Modifier:
    """Return a modifier of so many percent."""
    return Modifier(id=name, fixed_percent=Decimal(value), **{"count": name, **values})


@pytest.mark.parametrize(
    ("modifiers", "refused"),
    [
        ([percent("a", -60), percent("b", -40)], False),
        ([percent("a", -60), percent("b", -41)], True),
        ([percent("a", -60), percent("b", -60, priority=1)], False),
        (
            [
                percent("a", -60, count="x", from_=0, to=0, in_range_only=True),
                percent("b", -60, count="x"),
            ],
            False,
        ),
        ([percent("a", -60, count="x"), percent("b", -60, count="x", from_=3)], True),
        ([Modifier(id="a", count="x", percent_per_unit=Decimal(-30), to=3)], False),
        ([Modifier(id="a", count="x", percent_per_unit=Decimal(-30), to=4)], True),
        ([Modifier(id="a", count="x", percent_per_unit=Decimal(-30), max_units=3)], False),
        ([Modifier(id="a", count="x", percent_per_unit=Decimal(-1))], True),
        ([Modifier(id="a", count="x", percent_per_unit=Decimal(-30), to=9, max_units=3)], False),
        ([Modifier(id="a", count="x", percent_per_unit=Decimal(-30), from_=2, to=4)], False),
        ([Modifier(id="a", count="x", percent_per_unit=Decimal(-30), from_=0, to=4)], True),
        (
            [
                percent("a", 50, count="x", from_=0, to=4, in_range_only=True),
                percent("b", -110, count="x"),
            ],
            True,
        ),
        ([Modifier(id="a", count="x", add_per_unit=Decimal(-30), max_units=3)], False),
        ([Modifier(id="a", count="x", add_per_unit=Decimal(-40), max_units=3)], True),
        ([Modifier(id="a", count="x", add=Decimal(50)), Modifier(id="b", count="y", add=Decimal(-120))], True),
        ([Modifier(id="a", grades=Grades(of="q", percents={"A": Decimal(10), "C": Decimal(-101)}))], True),
        ([Modifier(id="a", when=When(dimension="area", value="far"), percent_per_unit=Decimal(-100))], False),
        ([Modifier(id="a", when=When(dimension="area", value="far"), add_per_unit=Decimal(-100))], False),
        ([Modifier(id="a", choice=Bounds(min=Decimal(-101), max=Decimal(0)))], True),
        ([Modifier(id="a", choice=Bounds(max=Decimal(0)))], True),
        ([Modifier(id="a", count="x", add=Decimal(-100))], False),
        ([Modifier(id="a", count="x", add=Decimal(-101))], True),
        ([Modifier(id="a", count="x", add_per_unit=Decimal(-1))], True),
    ],
)
def test_modifiers_that_could_take_a_line_below_zero_are_found(
    tariff: Callable[..., TariffSet], line: Callable[..., Line], modifiers: list[Modifier], refused: bool
) -> None:
    care = line(fixed="100", modifiers=tuple(modifier.id for modifier in modifiers))
    keys = [fault.key for fault in validate(tariff(care, modifiers=tuple(modifiers)))]
    assert keys == (["below_zero"] if refused else [])


ONE = Decimal(1)
X = Modifier(id="x", count="x")


@pytest.mark.parametrize(
    ("lines", "values", "fault"),
    [
        ([], {}, ("no_lines", "small")),
        ([{}, {"unit": "hour"}], {}, ("duplicate", "care")),
        ([{"modifiers": ("x", "x")}], {"modifiers": (X,)}, ("duplicate", "care.x")),
        ([{}], {"modifiers": (X, X)}, ("duplicate", "x")),
        ([{}], {"from_": date(2026, 1, 2), "to": date(2026, 1, 1)}, ("dates_reversed", "small")),
        ([{"from_": 5, "to": 4}], {}, ("range_reversed", "care")),
        ([{"from_": -1}], {}, ("range_reversed", "care")),
        ([{}], {"modifiers": (Modifier(id="x", count="x", from_=2, to=1),)}, ("range_reversed", "x")),
        ([{"modifiers": ("y",)}], {}, ("unknown_modifier", "care")),
        ([{"percent_of": PercentOf(line="y", percent=ONE)}], {}, ("unknown_line", "care")),
        ([{"percent_of": PercentOf(line="care", percent=ONE)}], {}, ("percent_cycle", "care")),
        ([{"fixed": "1", "parts": Parts(direct=ONE)}], {}, ("several_forms", "care")),
        ([{"parts": Parts(direct=ONE), "choice": Bounds(min=ONE)}], {}, ("several_forms", "care")),
        ([{"parts": Parts(labour_days=ONE)}], {}, ("no_labour_day", "care")),
        ([{"choice": Bounds()}], {}, ("bounds", "care")),
        ([{"choice": Bounds(min=ONE, max=Decimal(0))}], {}, ("bounds", "care")),
        ([{"per_unit": "-1"}], {}, ("negative_amount", "care")),
        ([{"parts": Parts(direct=-ONE)}], {}, ("negative_amount", "care")),
        ([{"choice": Bounds(min=-ONE)}], {}, ("negative_amount", "care")),
        ([{}], {"modifiers": (Modifier(id="x"),)}, ("no_condition", "x")),
        (
            [{}],
            {"modifiers": (Modifier(id="x", when=When(dimension="colour", value="red")),)},
            ("unknown_dimension", "x"),
        ),
        ([{}], {"modifiers": (Modifier(id="x", choice=Bounds()),)}, ("bounds", "x")),
        ([{}], {"combine": {"cure": Combine.MAX}}, ("unknown_item", "small")),
        ([{}], {"caps": (Cap(id="c", scope=Scope.CLAIM),)}, ("cap_form", "c")),
        ([{}], {"caps": (Cap(id="c", scope=Scope.CLAIM, amount=-ONE),)}, ("cap_form", "c")),
        ([{}], {"caps": (Cap(id="c", scope=Scope.CLAIM, amount=ONE, multiple=ONE),)}, ("cap_form", "c")),
        ([{}], {"caps": (Cap(id="c", scope=Scope.CLAIM, amount=ONE, lines=("care",)),)}, ("cap_lines", "c")),
        ([{}], {"caps": (Cap(id="c", scope=Scope.LINE, amount=ONE, lines=("y",)),)}, ("unknown_line", "c")),
        ([{}], {"caps": (Cap(id="c", scope=Scope.LINE, amount=ONE, items=("y",)),)}, ("unknown_item", "c")),
        ([{}], {"rounding": Rounding(step=Decimal("0.005"))}, ("step", "small")),
        ([{}], {"rounding": Rounding(step=Decimal(0))}, ("step", "small")),
    ],
)
def test_each_other_fault_is_found_alone_and_has_words(
    tariff: Callable[..., TariffSet],
    line: Callable[..., Line],
    lines: list[dict[str, Any]],
    values: Any,
    fault: tuple[str, str],
) -> None:
    faults = validate(tariff(*(line(**given) for given in lines), **values))
    assert found(faults) == [fault]
    assert fault[1] in str(faults[0].message)


def test_a_longer_cycle_of_percents_is_found_from_each_of_its_lines(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    share = {name: PercentOf(line=name, percent=ONE) for name in "ab"}
    small = tariff(line("a", percent_of=share["b"]), line("b", item="cure", percent_of=share["a"]))
    assert found(validate(small)) == [("percent_cycle", "a"), ("percent_cycle", "b")]


def test_all_faults_are_returned_not_only_the_first(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(line("a", to=3, modifiers=("y",)), line("b", from_=2), rounding=Rounding(step=Decimal(0)))
    assert {fault.key for fault in validate(small)} == {"step", "unknown_modifier", "overlap"}


def test_requirements_on_different_counts_do_not_exclude_each_other(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    short = Modifier(id="short", count="length", from_=0, to=20, in_range_only=True, required=True)
    many = Modifier(id="many", count="persons", from_=21, required=True)
    town = Modifier(id="town", when=When(dimension="area", value="town"), required=True)
    for other in (many, town):
        lines = (line("a", modifiers=("short",)), line("b", modifiers=(other.id,)))
        assert found(validate(tariff(*lines, modifiers=(short, other)))) == [("overlap", "b")]


def test_the_narrowest_things_that_make_sense_are_no_fault(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    day = date(2026, 1, 1)
    nothing = Cap(id="c", scope=Scope.CLAIM, amount=Decimal(0))
    narrow = line(choice=Bounds(min=ONE, max=ONE), to=1)
    assert validate(tariff(narrow, from_=day, to=day, caps=(nothing,))) == []


def test_a_set_for_earlier_days_is_checked_too_and_others_gaps_are_not_its_fault(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    def of_year(name: str, first: date | None, last: date | None) -> TariffSet:
        return tariff(line(), id=name, from_=first, to=last)

    later = of_year("later", date(2026, 1, 1), date(2026, 6, 30))
    latest = of_year("latest", date(2026, 8, 1), None)
    others = [later, latest]
    assert validate(of_year("new", None, date(2025, 12, 31)), others) == []
    assert found(validate(of_year("new", None, date(2026, 1, 1)), others)) == [("dates_overlap", "new")]
    (gap,) = validate(of_year("new", None, date(2025, 12, 30)), others)
    assert gap.values == {"other": "later", "first": date(2025, 12, 31), "last": date(2025, 12, 31), "days": 1}
    assert found(validate(of_year("new", None, None), others)) == [("dates_overlap", "new")] * 2
