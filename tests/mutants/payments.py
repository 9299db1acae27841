"""Guards of how contracts are paid."""

from tests.mutants.mutant import Mutant

PAYMENTS = "procurement/piccolo_migrations/payments.sql"
NUDGES = "procurement/piccolo_migrations/nudges.sql"
CLAIMING = "tests/procurement/payments/test_claiming.py"
RAW = f"{CLAIMING}::test_raw_sql_pays_nothing_beyond_what_was_agreed_and_accepted"

CONTRACT_PAYMENTS = (
    Mutant(
        "only accepted units are paid", PAYMENTS,
        "AND a.verdict = 'accepted')) THEN", "AND a.verdict = 'accepted') AND false) THEN",
        RAW,
    ),
    Mutant(
        "one advance for a contract", PAYMENTS,
        "CONSTRAINT contract_payment_once UNIQUE (contract_id, kind, percent)",
        "CONSTRAINT contract_payment_once UNIQUE (id)",
        RAW,
    ),
    Mutant(
        "a milestone is paid when it is reached", PAYMENTS,
        "AND agreed.accepted * 100 >= NEW.percent * agreed.quantity", "",
        f"{CLAIMING}::test_raw_sql_claims_no_milestone_before_it_is_reached_and_no_rest_before_the_end",
    ),
    Mutant(
        "a contract's claim goes to its supplier", PAYMENTS,
        "REFERENCES contract (id, organization_id) ON DELETE RESTRICT;",
        "REFERENCES contract (id, organization_id) ON DELETE RESTRICT NOT ENFORCED;",
        RAW,
    ),
    Mutant(
        "an advance that was offset is not rejected", PAYMENTS,
        "AND offset_so_far(p.contract_id) > 0) THEN", "AND false) THEN",
        f"{CLAIMING}::test_an_advance_that_units_were_reduced_by_is_not_rejected",
    ),
    Mutant(
        "contracts are locked before their units are counted", "procurement/payments/accrual.py",
        "ORDER BY id FOR NO KEY UPDATE\", list(contract_ids))", "ORDER BY id\", list(contract_ids))",
        f"{CLAIMING}::test_two_runs_at_once_make_one_advance",
    ),
    Mutant(
        "an advance comes back when it is due", "procurement/payments/ending.py",
        "dict.fromkeys(_NOT_DUE, NothingToReturn)", "{}",
        f"{CLAIMING}::test_an_advance_comes_back_once_and_only_when_it_is_due",
    ),
    Mutant(
        "one nudge for a thing and working day", NUDGES,
        "CREATE UNIQUE INDEX nudge_order_once", "CREATE INDEX nudge_order_once",
        "tests/procurement/payments/test_nudges.py::test_raw_sql_neither_nudges_twice_nor_rewrites_an_answer",
    ),
)  # fmt: skip
