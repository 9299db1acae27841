"""What holds for every tariff and every count."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from procurement.tariffs.engine.kinds import Mode, Place, Scope
from procurement.tariffs.engine.model import Cap, Line, Modifier, Rounding, TariffSet, Work
from procurement.tariffs.engine.pricing import price

yuan = st.decimals(min_value=0, max_value=100_000, places=3)
percents = st.decimals(min_value=0, max_value=200, places=2)
counts = st.integers(min_value=0, max_value=500)
modes = st.sampled_from(list(Mode))


@st.composite
def bands(draw: Any) -> tuple[Line, ...]:
    """Return consecutive bands of one item that cover every count from 1 on."""
    edges = sorted(draw(st.sets(st.integers(2, 60), max_size=3)))
    starts, ends = [1, *edges], [*(edge - 1 for edge in edges), None]
    return tuple(
        Line(
            id=f"band{start}",
            item="care",
            unit="day",
            from_=start,
            to=end,
            fixed=draw(yuan),
            per_unit=draw(yuan),
            modifiers=("more",),
        )
        for start, end in zip(starts, ends, strict=True)
    )


@st.composite
def tariffs(draw: Any, **values: Any) -> TariffSet:
    """Return a small set that only ever adds."""
    more = Modifier(
        id="more",
        count="persons",
        from_=draw(st.integers(0, 5)),
        to=draw(st.none() | st.integers(5, 20)),
        fixed_percent=draw(percents),
        percent_per_unit=draw(percents),
        add=draw(yuan),
        add_per_unit=draw(yuan),
        max_units=draw(st.none() | st.integers(0, 10)),
        priority=draw(st.integers(0, 2)),
    )
    rounding = values.pop("rounding", Rounding(mode=draw(modes)))
    lines = draw(bands())
    return TariffSet(id="t", region="r", family="f", lines=lines, modifiers=(more,), rounding=rounding, **values)


def care(days: int, persons: int = 0, **values: Any) -> Work:
    """Return so many days of care for so many persons."""
    return Work(item="care", units={"day": days}, counts={"persons": persons}, **values)


@given(tariffs(), counts, counts, counts, counts)
def test_more_units_and_more_persons_never_cost_less(
    tariff: TariffSet, days: int, more_days: int, persons: int, more_persons: int
) -> None:
    less = price(tariff, care(days, persons)).fen
    assert less <= price(tariff, care(days + more_days, persons)).fen
    assert less <= price(tariff, care(days, persons + more_persons)).fen


@given(
    st.data(),
    st.sampled_from([Scope.CLAIM, Scope.MATTER, Scope.PAYEE_PERIOD]),
    yuan,
    st.integers(0, 10**8),
    st.sampled_from(["0.01", "0.05", "1", "5"]),
    modes,
    counts,
)
def test_no_cap_is_ever_exceeded_whatever_the_rounding(
    data: st.DataObject, scope: Scope, limit: Decimal, used: int, step: str, mode: Mode, days: int
) -> None:
    rounding = Rounding(step=Decimal(step), mode=mode)
    cap = Cap(id="cap", scope=scope, amount=limit)
    tariff = data.draw(tariffs(rounding=rounding, caps=(cap,)))
    fen = price(tariff, care(days, days, used_fen={"cap": used})).fen
    assert fen <= limit * 100
    assert scope is Scope.CLAIM or fen == 0 or fen + used <= limit * 100


@given(tariffs(caps=(Cap(id="c", scope=Scope.LINE, amount=Decimal("33.33")),)), counts, counts)
def test_a_line_cap_holds_for_each_of_the_lines(tariff: TariffSet, days: int, persons: int) -> None:
    reached = sum(days >= line.from_ for line in tariff.lines)
    assert price(tariff, care(days, persons)).fen <= reached * 3333


@given(tariffs(), counts, counts)
def test_a_float_never_appears_in_a_result(tariff: TariffSet, days: int, persons: int) -> None:
    result = price(tariff, care(days, persons))
    assert type(result.fen) is int
    values = [value for step in result.trace for value in step.values.values()]
    assert not [value for value in values if isinstance(value, float)]
    assert b"NaN" not in msgspec.json.encode(result)


@given(st.lists(yuan, min_size=1, max_size=6))
def test_rounding_at_the_end_and_rounding_each_line_differ_only_in_the_place(amounts: list[Decimal]) -> None:
    units = {f"u{index}": 1 for index in range(len(amounts))}
    lines = tuple(
        Line(id=unit, item="care", unit=unit, fixed=amount) for unit, amount in zip(units, amounts, strict=True)
    )
    work, cent = Work(item="care", units=units), Decimal("0.01")

    def fen(place: Place) -> int:
        rounding = Rounding(place=place)
        return price(TariffSet(id="t", region="r", family="f", lines=lines, rounding=rounding), work).fen

    at_end = sum(amounts, Decimal(0)).quantize(cent, ROUND_HALF_UP)
    by_line = sum((amount.quantize(cent, ROUND_HALF_UP) for amount in amounts), Decimal(0))
    assert (fen(Place.CLAIM), fen(Place.LINE)) == (at_end * 100, by_line * 100)


@given(tariffs(), counts, counts)
def test_the_same_work_under_the_same_set_gives_the_same_bytes(tariff: TariffSet, days: int, persons: int) -> None:
    first, again = (msgspec.json.encode(price(tariff, care(days, persons))) for _ in range(2))
    assert first == again
