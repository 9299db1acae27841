"""How advances are offset and milestones reached, to the fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.blocks import Figure, Source
from procurement.payments import rules
from procurement.payments.clauses import payment_clause
from procurement.payments.rules import Group, PaymentTerms, Standing

MOST = Figure(30, Source("政府采购法实施条例", "第51条", verified=False))


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (PaymentTerms(), []),
        (PaymentTerms(30), []),
        (PaymentTerms(31), [("advance_too_large", "政府采购法实施条例 第51条 †")]),
        (PaymentTerms(-1), [("advance_too_large", "政府采购法实施条例 第51条 †")]),
        (PaymentTerms(0, (50, 100)), []),
        (PaymentTerms(0, (50,)), [("milestones_not_rising", "本平台规则 付款方式")]),
        (PaymentTerms(0, (50, 50, 100)), [("milestones_not_rising", "本平台规则 付款方式")]),
        (PaymentTerms(0, (0, 100)), [("milestones_not_rising", "本平台规则 付款方式")]),
        (PaymentTerms(0, (10, 20, 30, 40, 50, 100)), [("milestones_not_rising", "本平台规则 付款方式")]),
    ],
)
def test_each_guard_of_the_terms_names_its_source(terms: PaymentTerms, expected: list[tuple[str, str]]) -> None:
    assert [(block.code, str(block.source)) for block in rules.terms_blocks(terms, MOST)] == expected


def test_the_clause_says_how_it_is_paid() -> None:
    assert payment_clause(PaymentTerms(), 600_000) == "付款方式：不预付。每次服务验收合格后付款。"
    said = payment_clause(PaymentTerms(30, (50, 100)), 600_000)
    assert "30%，计 1800.00 元" in said
    assert "50%, 100%" in said


def test_fen_that_do_not_divide_are_borne_by_the_first_units() -> None:
    assert rules.shares(11, 4, 4, 60_000) == [3, 3, 3, 2]
    assert rules.shares(11, 4, 2, 60_000) == [3, 3]
    assert rules.shares(11, 4, 4, 2) == [2, 2, 2, 2]
    assert rules.shares(0, 4, 4, 2) == [0] * 4


def test_milestones_take_the_units_accepted_up_to_them() -> None:
    half = Standing(10, 60_000, (50, 100), waiting=4)
    assert rules.groups(half) == []
    assert rules.groups(Standing(10, 60_000, (50, 100), waiting=5)) == [Group(50, 5)]
    assert rules.groups(Standing(10, 60_000, (50, 100), waiting=10)) == [Group(50, 5), Group(100, 5)]
    assert rules.groups(Standing(10, 60_000, (50, 100), frozenset({50}), claimed=5, waiting=2)) == []
    ended = Standing(10, 60_000, (50, 100), frozenset({50}), claimed=5, waiting=2, ended=True)
    assert rules.groups(ended) == [Group(None, 2)]
    assert rules.groups(Standing(10, 60_000, waiting=2)) == [Group(None, 1)] * 2


@given(
    quantity=st.integers(1, 40),
    price=st.integers(1, 100_000),
    percent=st.integers(0, 100),
    milestones=st.sampled_from([(), (100,), (50, 100), (33, 66, 100), (1, 2, 3, 4, 100)]),
    steps=st.lists(st.integers(1, 9), max_size=40),
)
def test_offsets_sum_to_the_advance_however_acceptance_goes(
    quantity: int, price: int, percent: int, milestones: tuple[int, ...], steps: list[int]
) -> None:
    advance = PaymentTerms(percent).advance_fen(quantity * price)
    claimed = waiting = offset = paid = 0
    made: set[int] = set()
    shares: list[int] = []
    for step in [*steps, quantity]:
        waiting += min(step, quantity - claimed - waiting)
        ended = step == quantity
        standing = Standing(quantity, price, milestones, frozenset(made), claimed, waiting, advance, offset, ended)
        due = rules.groups(standing)
        made |= {group.percent for group in due if group.percent}
        for units in rules.offsets(standing, due):
            shares += units
            claimed, waiting, offset = claimed + len(units), waiting - len(units), offset + sum(units)
            paid += len(units) * price - sum(units)
        assert offset <= advance
        assert advance + paid <= min(advance + claimed * price, quantity * price)
    assert (claimed, waiting) == (quantity, 0)
    assert offset == advance
    assert advance + paid == quantity * price
    assert max(shares) - min(shares) <= 1
