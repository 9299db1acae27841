"""Guards of challenges: who is held, until when, and what the law of their steps asks."""

from tests.mutants.mutant import Mutant

SQL = "procurement/piccolo_migrations/challenges.sql"
RULES = "procurement/purchases/tenders/challenges/rules.py"
FOLDER = "tests/procurement/purchases/tenders/challenges"
GUARDS, WAY, LAW = (f"{FOLDER}/test_challenge_{name}.py" for name in ("guards", "pages", "rules"))
SERVICE = f"{FOLDER}/test_challenges.py"

CHALLENGES = (
    Mutant(
        "a challenge stops the signature", SQL,
        "OR OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL", "",
        f"{GUARDS}::test_signing_stops_whoever_signs",
    ),
    Mutant(
        "a challenge stops orders", SQL,
        "IF purchase_is_held(NEW.purchase_id) THEN", "IF false THEN",
        "tests/procurement/purchases/tenders/test_tenders.py"
        "::test_an_open_challenge_stops_signing_and_performance_until_it_is_settled",
    ),
    Mutant(
        "a challenge stops work that was taken", SQL,
        "WHERE n.status IN ('taken', 'scheduled')", "WHERE n.status IN ('taken')",
        f"{GUARDS}::test_work_stops_and_what_was_delivered_is_still_accepted",
    ),
    Mutant(
        "a challenge stops the approval of claims", SQL,
        "(o.status, n.status) = ('accrued', 'approved')", "false",
        f"{GUARDS}::test_payment_stops_at_each_of_its_doors",
    ),
    Mutant(
        "a challenge stops a batch", SQL,
        "i.live AND purchase_is_held(c.purchase_id)", "false",
        f"{GUARDS}::test_payment_stops_at_each_of_its_doors",
    ),
    Mutant(
        "a suspension ends by itself", SQL,
        "AND (held_until IS NULL OR held_until >= (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date)", "",
        f"{SERVICE}::test_a_suspension_ends_by_itself_and_both_sides_are_told_once",
    ),
    Mutant(
        "a suspension is no longer than the law", SQL,
        "IF until IS NOT NULL AND", "IF false AND",
        f"{GUARDS}::test_finances_words_are_kept_as_served_and_within_the_law",
    ),
    Mutant(
        "nothing goes on while finance suspends", RULES,
        "if order is not None and one.suspended_on(day_of(step)):", "if False:",
        f"{LAW}::test_while_finance_suspends_nothing_goes_on_and_afterwards_it_does",
    ),
    Mutant(
        "a challenge takes its steps in their turn", SQL,
        "AND NOT challenge_may_go(OLD.status, NEW.status)", "AND false",
        f"{GUARDS}::test_a_challenge_moves_by_recorded_steps_only_and_in_its_turn",
    ),
    Mutant(
        "only finance revokes a contract", SQL,
        "x.status = 'overturned' AND s.detail ->> 'remedy' = 'revoke'", "true",
        f"{SERVICE}::test_a_performed_contract_that_should_not_have_been_is_compensated_and_not_held",
    ),
    Mutant(
        "the rank whose result fell is not taken again", RULES,
        "if award.facts.rank in {", "if False and award.facts.rank in {",
        f"{LAW}::test_after_a_result_fell_it_is_another_rank_that_is_taken_however_late",
    ),
    Mutant(
        "the time to sign stands still while a purchase is held", "procurement/contracts/service.py",
        "timedelta(days=held[row[\"id\"]])", "timedelta()",
        f"{SERVICE}::test_a_suspension_ends_by_itself_and_both_sides_are_told_once",
    ),
    Mutant(
        "an unanswered challenge goes on holding", SQL,
        "WHEN 'complained' THEN about.holds", "WHEN 'complained' THEN false",
        f"{SERVICE}::test_an_unanswered_challenge_is_taken_to_finance_and_goes_on_holding",
    ),
)  # fmt: skip
