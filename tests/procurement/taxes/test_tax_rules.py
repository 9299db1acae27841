"""Tax on labour remuneration: deductions, brackets, and a month as one income, to the fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.taxes.rules import (
    Bracket,
    Income,
    KindOf,
    Month,
    Scale,
    TaxKind,
    deduction_of,
    taxed,
    withheld,
)

SCALE = Scale(
    80_000, 400_000, 20, (Bracket(0, 20, 0), Bracket(2_000_000, 30, 200_000), Bracket(5_000_000, 40, 700_000))
)


@pytest.mark.parametrize(
    ("yuan", "tax_yuan"),
    [
        (500, 0), (800, 0), (801, 0.2), (2_000, 240), (4_000, 640), (4_001, 640.16), (5_000, 800), (10_000, 1_600),
        (25_000, 4_000), (30_000, 5_200), (62_500, 13_000), (100_000, 25_000),
    ],
)  # fmt: skip
def test_worked_examples(yuan: int, tax_yuan: float) -> None:
    made = withheld(yuan * 100, Month(), SCALE)
    assert made.tax_fen == round(tax_yuan * 100)
    assert made.net_fen + made.tax_fen == yuan * 100


def test_the_deduction_changes_where_the_law_says() -> None:
    assert deduction_of(79_999, SCALE) == 79_999
    assert deduction_of(400_000, SCALE) == 80_000
    assert deduction_of(400_001, SCALE) == 80_000  # a fifth, rounded to fen
    assert deduction_of(500_000, SCALE) == 100_000


@given(st.lists(st.integers(1, 3_000_000), min_size=1, max_size=8))
def test_a_month_in_parts_is_taxed_as_the_month_at_once(parts: list[int]) -> None:
    before = Month()
    for part in parts:
        made = withheld(part, before, SCALE)
        assert 0 <= made.tax_fen <= part
        before = Month(before.income_fen + part, before.tax_fen + made.tax_fen)
    assert before.tax_fen == withheld(sum(parts), Month(), SCALE).tax_fen


def test_what_was_withheld_too_much_is_not_taken_again() -> None:
    assert withheld(10_000, Month(100_000, 500_000), SCALE).tax_fen == 0


def test_each_programme_of_a_payment_is_taxed_as_its_kind() -> None:
    kinds = {
        "on_site": KindOf(TaxKind.WITHHELD, True),
        "legal_aid_case": KindOf(TaxKind.EXEMPT, False),
        "expenses": KindOf(TaxKind.OUTSIDE, False),
        "mediation_case": KindOf(TaxKind.WITHHELD, False),
    }
    incomes = [Income(1, 7, name, 200_000) for name in kinds]
    [made] = taxed(incomes, kinds, {}, SCALE).values()
    assert [(one.kind, one.income_fen, one.tax_fen, one.unverified) for one in made] == [
        (TaxKind.WITHHELD, 400_000, 64_000, True),
        (TaxKind.EXEMPT, 200_000, 0, False),
        (TaxKind.OUTSIDE, 200_000, 0, False),
    ]
