"""Guards of the audit view: flags that are kept, reviews by others, samples that only their seed draws."""

from tests.mutants.mutant import Mutant

SQL = "procurement/piccolo_migrations/oversight.sql"
FLAGS = "tests/procurement/oversight/flags"
SAMPLES = "tests/procurement/oversight/samples/test_samples.py"
TRACE = "tests/procurement/oversight/trace/test_trace.py"

OVERSIGHT = (
    Mutant(
        "a flag stays as it was found", SQL,
        "OR to_jsonb(NEW) - 'closed_at' <> to_jsonb(OLD) - 'closed_at' THEN", "OR false THEN",
        f"{FLAGS}/test_guards.py::test_a_flag_stays_as_it_was_found_and_rests_on_enough_cases",
    ),
    Mutant(
        "an explanation is the end", SQL,
        "r.flag_id = NEW.flag_id AND r.outcome = 'explained') THEN", "false) THEN",
        f"{FLAGS}/test_reviewing.py::test_what_is_explained_or_closed_is_not_reviewed_again_by_raw_sql_either",
    ),
    Mutant(
        "nobody reviews what they did", SQL,
        "AND NEW.reviewed_by IN (p.requested_by, p.approved_by,", "AND NEW.reviewed_by IN (p.requested_by,",
        f"{FLAGS}/test_reviewing.py::test_an_auditor_says_what_was_found_and_nobody_else_does",
    ),
    Mutant(
        "no auditor learns before the deadline", "procurement/oversight/flags/buying.py",
        "WHERE r.deadline < clock_timestamp() AND", "WHERE",
        f"{FLAGS}/test_looking.py::test_quotations_show_what_stands_out_and_nothing_before_the_deadline",
    ),
    Mutant(
        "changed figures ask again", "procurement/oversight/flags/service.py",
        "if found and all(", "if found or all(",
        f"{FLAGS}/test_looking.py::test_figures_that_changed_close_the_flag_with_its_explanation_and_open_another",
    ),
    Mutant(
        "a sample is the one its seed draws", SQL,
        "AS digest\n              FROM unnest(NEW.population_refs) AS reference ORDER BY digest LIMIT NEW.size",
        "AS digest\n              FROM unnest(NEW.population_refs) AS reference ORDER BY reference = (SELECT max("
        "i.reference) FROM audit_sample_item i WHERE i.sample_id = NEW.id) DESC LIMIT NEW.size",
        f"{SAMPLES}::test_raw_sql_draws_nothing_but_what_the_seed_draws",
    ),
    Mutant(
        "the way of the money is whole", "procurement/piccolo_migrations/deduction_repayments.sql",
        "coalesce(claim.contract_id, a.contract_id, back.contract_id)", "coalesce(a.contract_id, back.contract_id)",
        f"{TRACE}::test_what_was_paid_hangs_below_its_purchase",
    ),
)  # fmt: skip
