"""Figures that a year of purchases proves: without each of these a page would say something else than what happened."""

from tests.mutants.mutant import Mutant

YEAR = "tests/procurement/year/test_a_year.py::test_every_figure_of_a_year_equals_independent_sql"
FIGURES = (
    Mutant(
        "what a lower price frees is no longer reserved", "procurement/piccolo_migrations/deduction_repayments.sql",
        "coalesce(c.purchase_id, r.purchase_id, award.purchase_id,", "coalesce(c.purchase_id,", YEAR,
    ),
    Mutant(
        "an advance is no piece of work, a milestone several", "procurement/ledger/disclosure/queries.py",
        "WHEN c.contract_payment_id IS NULL THEN 1 ELSE coalesce(together.units, 0) END)::bigint",
        "ELSE 1 END)::bigint", YEAR,
    ),
    Mutant(
        "an advance that came back is not paid", "procurement/payments/holding/queries.py",
        'sums["paid"] - returned_fen', 'sums["paid"]', YEAR,
    ),
    Mutant(
        "a closing file's costs hold every claim", "procurement/deliveries/closing_file/queries.py",
        "FROM claim LEFT JOIN village_order o", "FROM claim JOIN village_order o", YEAR,
    ),
)  # fmt: skip
