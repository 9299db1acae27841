"""What becomes of a line's rest, for any line: every fen has one fate, and what is bound never outlives its years."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.core.text import Words
from procurement.budgets.rules import Amounts, Fund
from procurement.budgets.year_ends.rules import (
    Fate,
    Held,
    Line,
    Pot,
    Why,
    blocks,
    fate_of,
    fingerprint,
    judge,
)

YEAR = 2026
held = st.builds(
    Held,
    pot=st.sampled_from([Pot.RESERVED, Pot.COMMITTED]),
    fen=st.integers(1, 10**12),
    origin_year=st.integers(YEAR - 5, YEAR),
    purchase_id=st.integers(1, 10**6),
)
funds, limits = st.sampled_from(Fund), st.integers(0, 5)


def standing(bound: list[Held], spent: int, free: int) -> Amounts:
    reserved = sum(one.fen for one in bound if one.pot is Pot.RESERVED)
    committed = sum(one.fen for one in bound if one.pot is Pot.COMMITTED)
    return Amounts(reserved + committed + spent + free, reserved, committed, spent)


@given(st.lists(held, max_size=8), st.integers(0, 10**12), st.integers(0, 10**12), funds, limits)
def test_every_fen_is_spent_lapses_or_goes_over(
    bound: list[Held], spent: int, free: int, fund: Fund, limit: int
) -> None:
    amounts = standing(bound, spent, free)
    judged = judge(amounts, fund, YEAR, limit, bound)
    assert amounts.spent + judged.lapsed + judged.carried == amounts.approved
    assert sum(fen for _, fen in judged.by_reason().values()) == amounts.approved - amounts.spent
    assert sum(count for count, _ in judged.by_reason().values()) == len(judged.items)
    if fund is Fund.DONATED:
        assert judged.lapsed == 0
    else:
        assert judged.lapsed >= free
        kept = [one.fen for one in bound if YEAR - one.origin_year < limit]
        assert judged.carried == sum(kept)


@given(held, limits)
def test_bound_money_goes_over_as_often_as_the_rule_says_and_then_lapses(one: Held, limit: int) -> None:
    fates = [fate_of(one, Fund.FISCAL, one.origin_year + passed, limit)[0] for passed in range(limit + 3)]
    assert fates == [Fate.CARRIED] * limit + [Fate.LAPSED] * 3
    assert {fate_of(one, Fund.DONATED, one.origin_year + passed, limit)[0] for passed in range(9)} == {Fate.CARRIED}


@given(held, limits)
def test_the_reason_fits_the_fate(one: Held, limit: int) -> None:
    fate, why = fate_of(one, Fund.FISCAL, YEAR, limit)
    own = Why.CONTRACT if one.pot is Pot.COMMITTED else Why.CLAIM
    assert why is (own if fate is Fate.CARRIED else Why.TOO_OLD)


@given(st.lists(held, min_size=1, max_size=6))
def test_the_same_figures_in_another_order_are_the_same_and_any_other_are_not(
    bound: list[Held],
) -> None:
    amounts = standing(bound, 7, 3)
    turned = list(reversed(bound))
    one = fingerprint(2, {1: (amounts, judge(amounts, Fund.FISCAL, YEAR, 2, bound))})
    assert one == fingerprint(2, {1: (amounts, judge(amounts, Fund.FISCAL, YEAR, 2, turned))})
    assert one != fingerprint(1, {1: (amounts, judge(amounts, Fund.FISCAL, YEAR, 2, bound))})
    more = amounts + Amounts(approved=1)
    assert one != fingerprint(2, {1: (more, judge(more, Fund.FISCAL, YEAR, 2, bound))})


def test_a_year_that_runs_has_open_months_or_years_before_it_is_not_closed() -> None:
    line = Line(
        1, Words("西湖区 采购"), Amounts(10, 4), ("2040607", "30227"), None, (), (Held(Pot.RESERVED, 4, YEAR, 7),)
    )
    found = blocks(YEAR, date(YEAR, 12, 31), [date(YEAR, 12, 1)], [YEAR - 1], [line])
    assert [one.code for one in found] == [
        *("year_still_runs", "year_months_open", "earlier_year_open", "purchase_undecided"),
    ]
    decided = Line(1, Words(""), Amounts(10, 0, 4), ("1", "2"), ("1", "2"), (Held(Pot.COMMITTED, 4, YEAR, 7),), ())
    assert blocks(YEAR, date(YEAR + 1, 1, 1), [], [], [decided]) == []
