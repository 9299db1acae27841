"""Guards of contracts after their signatures, and of tenders."""

from tests.mutants.mutant import Mutant

CHANGES = "procurement/piccolo_migrations/contract_changes.sql"
CHALLENGES = "procurement/piccolo_migrations/challenges.sql"
ENDS = "procurement/piccolo_migrations/contract_ends.sql"
AWARDS = "procurement/piccolo_migrations/tender_awards.sql"
SPLITTING = "procurement/piccolo_migrations/purchase_splitting.sql"
METHODS = "procurement/purchases/tenders/methods/rules.py"
AMENDING = "tests/procurement/contracts/test_amendments.py"
ENDING = "tests/procurement/contracts/test_terminations.py"
TENDERING = "tests/procurement/purchases/tenders/test_tenders.py"
JUDGING = "tests/procurement/purchases/tenders/test_tender_rules.py"
PROVIDERS = "tests/procurement/contracts/test_ends_by_the_provider.py"
DECIDING = "tests/procurement/purchases/tenders/test_awards.py"
CHOOSING = "tests/procurement/purchases/tenders/test_methods.py"

CONTRACTS = (
    Mutant(
        "supplements within a tenth", CHANGES,
        "IF NEW.added > 0 AND (bought.added + NEW.added) * 100", "IF NEW.added > 0 AND NEW.added * 100",
        f"{AMENDING}::test_raw_sql_cannot_exceed_the_share_of_the_day",
    ),
    Mutant(
        "the share of the amendment's own day", CHANGES,
        "(NEW.approved_at AT TIME ZONE 'Asia/Shanghai')::date, place_code)", "current_date, place_code)",
        f"{AMENDING}::test_raw_sql_cannot_exceed_the_share_of_the_day",
    ),
    Mutant(
        "a second person approves an amendment", CHANGES,
        "CHECK (approved_by <> proposed_by AND approved_by <> signed_by_provider)", "CHECK (approved_by > 0)",
        f"{AMENDING}::test_each_step_belongs_to_its_own_person",
    ),
    Mutant(
        "nothing is ordered after the end", CHANGES,
        "IF NEW.terminated_at IS NOT NULL AND NEW.ordered > OLD.ordered THEN", "IF false THEN",
        f"{ENDING}::test_raw_sql_cannot_end_alone_order_after_the_end_or_settle_with_something_open",
    ),
    Mutant(
        "the rest is freed when nothing is open", "procurement/contracts/terminations/service.py",
        "o.status IN ('placed', 'taken', 'scheduled', 'delivered'))\n\"\"\"\n", "o.status = 'placed')\n\"\"\"\n",
        f"{ENDING}::test_orders_not_yet_arranged_are_cancelled_and_what_was_delivered_is_paid",
    ),
    Mutant(
        "a breach has time to be cured", "procurement/contracts/terminations/rules.py",
        "today <= cure_by", "today < cure_by",
        f"{ENDING}::test_a_breach_ends_the_contract_only_after_the_time_to_cure_it",
    ),
    Mutant(
        "authors do not review", CHALLENGES,
        "NEW.kind IN ('review_requirement', 'award') AND", "NEW.kind = 'award' AND",
        f"{TENDERING}::test_raw_sql_cannot_alter_a_step_nor_let_an_author_review",
    ),
    Mutant(
        "a past purchase is judged by the law of its day", "procurement/oversight/reexamination/rules.py",
        "LawOfDay(lambda key: look_up(key, step.day))", "LawOfDay(lambda key: look_up(key, another_day))",
        "tests/procurement/oversight/reexamination/test_rules.py::"
        "test_a_past_tender_is_right_by_the_law_of_its_day_whatever_the_law_says_later",
    ),
    Mutant(
        "splitting sums up the year", METHODS,
        "budget + facts.others_fen > most.value * 100", "budget > most.value * 100",
        f"{JUDGING}::test_each_guard_refuses_one_wrong_fact_and_names_its_source",
    ),
    Mutant(
        "every way that is not open counts as a part", SPLITTING,
        "WHEN 'tender' THEN method.detail ->> 'procedure' <> 'open_tender'", "WHEN 'tender' THEN false",
        f"{CHOOSING}::test_quotations_count_what_the_line_bought_of_the_category_in_every_way_that_is_not_open",
    ),
    Mutant(
        "a tender is no part below the figure either", SPLITTING,
        "ELSIF NOT approved AND bought.amount_fen + non_open_fen(", "ELSIF false AND bought.amount_fen + non_open_fen(",
        f"{CHOOSING}::test_raw_sql_neither_splits_nor_takes_a_method_that_is_not_its_own",
    ),
    Mutant(
        "additions count together", SPLITTING,
        "(bought.amount_fen + added_to_contract(c.reference, bought.id)) * 100", "bought.amount_fen * 0",
        f"{CHOOSING}::test_raw_sql_adds_no_more_than_a_tenth_whatever_the_file_says",
    ),
    Mutant(
        "each side ends a contract through its own people", ENDS,
        "OR NEW.answered_by_buyer IS NOT NULL\n"
        "          AND works_for_provider(NEW.answered_by_buyer, NEW.contract_id, NEW.answered_at)", "",
        f"{PROVIDERS}::test_each_side_acts_through_its_own_people_whoever_writes",
    ),
    Mutant(
        "what the provider proposes needs the officer's yes", ENDS,
        "WHEN 'provider' THEN answered_by_buyer IS NOT NULL", "WHEN 'provider' THEN true",
        f"{PROVIDERS}::test_each_side_acts_through_its_own_people_whoever_writes",
    ),
    Mutant(
        "another result begins the chain anew", AWARDS,
        "ELSIF NEW.round <> approval_round(NEW.purchase_id)\n          OR NEW.step", "ELSIF NEW.step",
        f"{DECIDING}::test_raw_sql_records_no_other_result_nor_approves_what_nobody_recorded",
    ),
)  # fmt: skip
