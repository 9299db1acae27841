"""Caps and rounding, rule by rule."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from procurement.tariffs.engine.exact import Count
from procurement.tariffs.engine.kinds import Mode, Place, Scope
from procurement.tariffs.engine.model import (
    Cap,
    Line,
    Modifier,
    Rounding,
    TariffSet,
    Work,
)
from procurement.tariffs.engine.pricing import price


def modifier(name: str, **values: Any) -> Modifier:
    """Return a modifier whose amounts are written as text."""
    decimals = ("fixed_percent", "percent_per_unit", "add", "add_per_unit")
    return Modifier(id=name, **{key: Decimal(value) if key in decimals else value for key, value in values.items()})


def care(days: Count = 1, **values: Any) -> Work:
    """Return so many days of care."""
    return Work(item="care", units={"day": days}, **values)


def cap(scope: Scope, **values: Any) -> Cap:
    """Return a cap."""
    return Cap(id="cap", scope=scope, **values)


def test_a_line_cap_limits_each_line_and_a_claim_cap_their_total(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    lines = (line("d", per_unit="10"), line("h", unit="hour", per_unit="10"))
    work = Work(item="care", units={"day": 9, "hour": 9})
    ten = Decimal(50)
    assert price(tariff(*lines, caps=(cap(Scope.LINE, amount=ten),)), work).fen == 10000
    assert price(tariff(*lines, caps=(cap(Scope.LINE, amount=ten, lines=("d",)),)), work).fen == 14000
    assert price(tariff(*lines, caps=(cap(Scope.CLAIM, amount=ten),)), work).fen == 5000
    assert price(tariff(*lines, caps=(cap(Scope.CLAIM, amount=ten, items=("cure",)),)), work).fen == 18000


@pytest.mark.parametrize("scope", [Scope.MATTER, Scope.PAYEE_PERIOD])
def test_a_cap_over_several_claims_leaves_what_earlier_ones_did_not_use(
    tariff: Callable[..., TariffSet], line: Callable[..., Line], scope: Scope
) -> None:
    small = tariff(line(per_unit="10"), caps=(cap(scope, amount=Decimal(50)),))
    used = [price(small, care(4, used_fen={"cap": fen})).fen for fen in (0, 1000, 2000, 5000, 9000)]
    assert used == [4000, 4000, 3000, 0, 0]


def test_what_earlier_claims_used_does_not_touch_a_cap_of_this_claim_alone(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(line(per_unit="10"), caps=(cap(Scope.CLAIM, amount=Decimal(50)),))
    assert price(small, care(4, used_fen={"cap": 2000})).fen == 4000


@pytest.mark.parametrize("scope", [Scope.LINE, Scope.CLAIM])
def test_a_cap_may_be_a_multiple_of_the_amount_before_modifiers(
    tariff: Callable[..., TariffSet], line: Callable[..., Line], scope: Scope
) -> None:
    triple = modifier("x", count="x", fixed_percent="200")
    limit = cap(scope, multiple=Decimal(2))
    small = tariff(line(fixed="100", modifiers=("x",)), modifiers=(triple,), caps=(limit,))
    assert price(small, care(counts={"x": 1})).fen == 20000


def test_the_lowest_of_several_caps_holds(tariff: Callable[..., TariffSet], line: Callable[..., Line]) -> None:
    caps = tuple(Cap(id=str(limit), scope=Scope.CLAIM, amount=Decimal(limit)) for limit in (70, 50, 60))
    assert price(tariff(line(per_unit="10"), caps=caps), care(9)).fen == 5000


@pytest.mark.parametrize(
    ("mode", "expected"), [(Mode.HALF_UP, 13), (Mode.HALF_EVEN, 12), (Mode.UP, 13), (Mode.DOWN, 12)]
)
def test_the_mode_of_rounding_decides_the_half_fen(
    tariff: Callable[..., TariffSet], line: Callable[..., Line], mode: Mode, expected: Any
) -> None:
    small = tariff(line(per_unit="0.125"), rounding=Rounding(mode=mode))
    assert price(small, care()).fen == expected


@pytest.mark.parametrize(("place", "expected"), [(Place.CLAIM, 2), (Place.LINE, 4), (Place.PART, 2)])
def test_the_place_of_rounding_decides_what_is_rounded(
    tariff: Callable[..., TariffSet], line: Callable[..., Line], place: Place, expected: Any
) -> None:
    lines = [line(unit, unit=unit, per_unit="0.005") for unit in ("a", "b", "c", "d")]
    small = tariff(*lines, rounding=Rounding(place=place))
    assert price(small, Work(item="care", units=dict.fromkeys("abcd", 1))).fen == expected


def test_rounding_up_never_passes_a_cap(tariff: Callable[..., TariffSet], line: Callable[..., Line]) -> None:
    rounding = Rounding(step=Decimal(5), mode=Mode.HALF_UP)
    small = tariff(line(per_unit="10"), rounding=rounding, caps=(cap(Scope.CLAIM, amount=Decimal(53)),))
    assert price(small, care(9)).fen == 5000


def test_a_cap_over_several_claims_is_whole_while_nothing_has_used_it(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(line(per_unit="10"), caps=(cap(Scope.MATTER, amount=Decimal(50)),))
    assert price(small, care(9)).fen == 5000


def test_a_line_cap_may_be_for_some_items_only(tariff: Callable[..., TariffSet], line: Callable[..., Line]) -> None:
    limit = cap(Scope.LINE, amount=Decimal(50), items=("care",))
    small = tariff(line(per_unit="10"), line("cure", item="cure", per_unit="10"), caps=(limit,))
    assert [price(small, Work(item=item, units={"day": 9})).fen for item in ("care", "cure")] == [5000, 9000]


def test_an_amount_exactly_at_its_cap_is_not_said_to_be_capped(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    small = tariff(line(per_unit="10"), caps=(cap(Scope.CLAIM, amount=Decimal(50)),))
    assert [step.key for step in price(small, care(5)).trace] == ["set", "units", "total"]
    assert [step.key for step in price(small, care(6)).trace] == ["set", "units", "cap", "total"]


def test_an_amount_below_its_cap_may_be_rounded_up_to_it(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    limit = (cap(Scope.CLAIM, amount=Decimal(50)),)
    assert price(tariff(line(per_unit="49.995"), caps=limit), care()).fen == 5000


def test_rounding_stays_under_the_lowest_of_several_caps(
    tariff: Callable[..., TariffSet], line: Callable[..., Line]
) -> None:
    caps = tuple(Cap(id=str(limit), scope=Scope.CLAIM, amount=Decimal(limit)) for limit in (70, 53, 60))
    small = tariff(line(per_unit="10"), rounding=Rounding(step=Decimal(5)), caps=caps)
    assert price(small, care(9)).fen == 5000
