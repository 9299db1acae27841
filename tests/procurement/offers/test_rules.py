"""The pure rules of quotations: thresholds, rounds, who is related, which prices are low."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.blocks import Figure, Source
from procurement.offers import rules
from procurement.offers.rules import Compared, LowFigures, RoundFigures, Standing, Threshold

LAW = Source("文件", "第1条")
LIMITS = Threshold(Figure(10_000, LAW), Figure(10_000, LAW), Figure(0, LAW))
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
FIGURES = RoundFigures(Figure(3, LAW), Figure(3, LAW), Figure(3, LAW), Figure(2, LAW))
THREE = FIGURES.suppliers
STANDING = Standing(NOW, NOW - timedelta(hours=1), quotations=3, live_keys=3, needed=2)
LOW = LowFigures(Figure(50, LAW), Figure(50, LAW), Figure(45, LAW))


@pytest.mark.parametrize(
    ("amount", "spent", "codes"),
    [
        (999_999, 0, []),
        (1_000_000, 0, ["quotation_above_limit"]),
        (400_000, 600_000, []),
        (400_001, 600_000, ["quotation_splitting"]),
        (1_000_001, 1, ["quotation_above_limit", "quotation_splitting"]),
    ],
)
def test_quotations_are_for_what_lies_below_the_figure(amount: int, spent: int, codes: list[str]) -> None:
    blocks = rules.threshold_blocks(amount, spent, LIMITS)
    assert [block.code for block in blocks] == codes
    assert all(block.value and str(block.remedy) for block in blocks)


def test_what_is_on_the_central_catalogue_goes_another_way() -> None:
    [block] = rules.threshold_blocks(1, 0, replace(LIMITS, centralized=Figure(1, LAW)))
    assert block.code == "quotation_centralized"


@given(st.integers(-100, 100), st.integers(0, 6), st.integers(0, 6))
def test_a_round_has_its_days_suppliers_and_keepers(hours: int, suppliers: int, keepers: int) -> None:
    deadline = NOW + timedelta(days=3, hours=hours)
    codes = {block.code for block in rules.round_blocks(deadline, NOW, suppliers, keepers, FIGURES)}
    assert ("quotation_days" in codes) == (hours < 0)
    assert ("quotation_suppliers" in codes) == (suppliers < 3)
    assert ("quotation_keepers" in codes) == (keepers < 3)


@given(st.booleans(), st.integers(0, 5), st.integers(0, 4), st.booleans(), st.integers(0, 5))
def test_a_round_is_opened_or_invited_again_never_both(
    over: bool, quotations: int, live: int, opened: bool, countable: int
) -> None:
    deadline = NOW + timedelta(hours=-1 if over else 1)
    standing = Standing(NOW, deadline, quotations, live, 2, opened=opened, countable=countable)
    may_open = not rules.opening_blocks(standing, THREE)
    may_invite = not rules.again_blocks(standing, THREE)
    assert may_open == (over and quotations >= 3 and live >= 2)
    if opened:
        assert may_invite == (over and countable < 3)
    else:
        assert may_invite == (live < 2 or (over and quotations < 3))
        assert not (may_open and may_invite)
    if not over:
        shown = rules.opening_blocks(standing, THREE)
        assert shown == rules.opening_blocks(replace(standing, quotations=0), THREE)  # the count is nobody's business
        assert rules.again_blocks(standing, THREE) == rules.again_blocks(replace(standing, quotations=9), THREE)


def test_names_are_compared_without_spaces_and_case() -> None:
    said = [
        Compared(1, 1, "王 一", ""),
        Compared(2, 1, "李二", "Acme Group"),
        Compared(3, 1, "张三", "acmegroup"),
        Compared(4, 1, "赵四", "王一"),
        Compared(5, 1, "钱五", ""),
    ]
    assert rules.related(said) == {1, 2, 3, 4}
    assert rules.related([Compared(1, 1, "王一", "王一"), Compared(2, 1, "", "")]) == set()


@given(st.lists(st.integers(1, 100), min_size=1, max_size=8))
def test_low_prices_fall_below_the_mean_the_next_or_the_ceiling(prices: list[int]) -> None:
    ceiling = 100
    low = rules.low_prices([Compared(at, price) for at, price in enumerate(prices)], ceiling, LOW)
    for at, price in enumerate(prices):
        others = prices[:at] + prices[at + 1 :]
        expected = [price * 100 < 45 * ceiling]
        if others:
            expected += [price * 100 * len(prices) < 50 * sum(prices), price * 100 < 50 * min(others)]
        assert len(low.get(at, [])) == sum(expected)


@pytest.mark.parametrize("countable", range(6))
def test_three_that_count_are_compared(countable: int) -> None:
    assert bool(rules.comparison_blocks(countable, THREE)) == (countable < 3)
