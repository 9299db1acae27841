"""Guards of who approves which amount, and of the year's money."""

from tests.mutants.mutant import Mutant

APPROVALS = "procurement/piccolo_migrations/approvals.sql"
STEPS = "procurement/piccolo_migrations/tender_awards.sql"
FUNDS_SQL = "procurement/piccolo_migrations/funds.sql"
SEPARATION = "tests/procurement/purchases/approvals/test_separation.py"
AUTHORITY = "tests/procurement/purchases/approvals/test_authority.py"
ADJUSTMENTS = "tests/procurement/budgets/test_adjustments.py"
EXECUTION = "tests/procurement/budgets/test_execution.py"

FUNDS = (
    Mutant(
        "who asked for a purchase does not approve it", STEPS,
        "ELSIF bought.requested_by IN (NEW.decided_by, NEW.in_stead_of) THEN", "ELSIF false THEN",
        f"{SEPARATION}::test_raw_sql_cannot_take_a_step_that_is_not_ones_own",
    ),
    Mutant(
        "each step of a chain is another person's", STEPS,
        "AND (a.decided_by IN (NEW.decided_by, NEW.in_stead_of)", "AND (false",
        f"{SEPARATION}::test_raw_sql_cannot_take_a_step_that_is_not_ones_own",
    ),
    Mutant(
        "nobody takes two steps in whatever capacity", STEPS,
        "OR a.in_stead_of IN (NEW.decided_by, NEW.in_stead_of)))", "))",
        f"{AUTHORITY}::test_nobody_takes_two_steps_in_whatever_capacity",
    ),
    Mutant(
        "who is stood in for did not ask for the purchase", STEPS,
        "bought.requested_by IN (NEW.decided_by, NEW.in_stead_of)", "bought.requested_by = NEW.decided_by",
        f"{AUTHORITY}::test_neither_the_deputy_nor_who_is_stood_in_for_may_have_asked",
    ),
    Mutant(
        "a deputy stands in on the named days only", APPROVALS,
        "AND on_day BETWEEN d.starts_on AND d.ends_on", "",
        f"{AUTHORITY}::test_a_deputy_decides_in_the_principals_stead_and_only_within_the_days",
    ),
    Mutant(
        "a purchase is approved after its last step", APPROVALS,
        "CREATE TRIGGER purchase_approval_complete AFTER UPDATE OF approved_by ON purchase",
        "CREATE TRIGGER purchase_approval_complete AFTER UPDATE OF purpose_zh ON purchase",
        f"{SEPARATION}::test_raw_sql_cannot_approve_before_the_last_step_nor_change_what_is_judged",
    ),
    Mutant(
        "who took a step does not sign", APPROVALS,
        "AFTER INSERT OR UPDATE OF signed_by_provider ON contract", "AFTER UPDATE OF organization_id ON contract",
        f"{SEPARATION}::test_who_took_a_step_neither_signs_nor_accepts",
    ),
    Mutant(
        "figures are confirmed before their first day", APPROVALS,
        "OR effective_from > (decided_at AT TIME ZONE 'Asia/Shanghai')::date", "OR effective_from > '2000-01-01'",
        f"{AUTHORITY}::test_figures_hold_only_when_another_person_confirmed_them_before_their_day",
    ),
    Mutant(
        "an adjustment moves both sides or neither", FUNDS_SQL,
        "CREATE CONSTRAINT TRIGGER budget_movement_of_adjustment AFTER INSERT ON budget_movement\n"
        "    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.source_type = 'budget_adjustment')",
        "CREATE CONSTRAINT TRIGGER budget_movement_of_adjustment AFTER INSERT ON budget_movement\n"
        "    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.source_type = 'nothing')",
        f"{ADJUSTMENTS}::test_raw_sql_cannot_move_one_side_only_nor_decide_alone_nor_rewrite",
    ),
    Mutant(
        "fiscal and donated money never share a line", FUNDS_SQL,
        "ADD CONSTRAINT appropriation_of_one_fund FOREIGN KEY (budget_line_id, fund)\n"
        "    REFERENCES budget_line (id, fund)",
        "ADD CONSTRAINT appropriation_of_one_fund FOREIGN KEY (budget_line_id)\n    REFERENCES budget_line (id)",
        f"{ADJUSTMENTS}::test_a_fiscal_line_takes_no_donated_money_nor_the_other_way_round",
    ),
    Mutant(
        "officers are told once of a slow line", "procurement/budgets/execution/warnings.py",
        "ON CONFLICT (budget_line_id) DO NOTHING RETURNING", "ON CONFLICT (id) DO NOTHING RETURNING",
        f"{EXECUTION}::test_officers_are_told_once_of_a_slow_line_and_their_workbench_shows_it",
    ),
)  # fmt: skip
