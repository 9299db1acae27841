"""Guards of claims beside those of money: cases and their papers, doubles, disputes, samples, payees, posts."""

from tests.mutants.mutant import Mutant

CASES_SQL = "procurement/piccolo_migrations/closed_cases.sql"
JUDGING_SQL = "procurement/piccolo_migrations/judging_claims.sql"
SAMPLES_SQL = "procurement/piccolo_migrations/samples_looked_at.sql"
NO_ROOM_SQL = "procurement/piccolo_migrations/returns_without_room.sql"
TALLIES_SQL = "procurement/piccolo_migrations/approval_tallies.sql"
DEDUCTIONS_SQL = "procurement/piccolo_migrations/deductions.sql"
SUCCESSION_SQL = "procurement/piccolo_migrations/tariff_succession.sql"
LEFT_OPEN_SQL = "procurement/piccolo_migrations/tariff_left_open.sql"
WAITING_SQL = "procurement/piccolo_migrations/waiting_claims.sql"
GRADING = "tests/procurement/claims/test_grading_down.py"
SUCCESSION = "tests/procurement/tariffs/test_succession.py"
WAITING = "tests/procurement/settlement/test_waiting_claims.py"
CASES = "tests/procurement/claims/test_cases.py"
JUDGING = "tests/procurement/claims/test_judging.py"
OTHERS = "tests/procurement/claims/test_expenses_and_posts.py"

CLAIMS = (
    Mutant(
        "no day is left without a tariff between two sets", "procurement/piccolo_migrations/tariff_days.sql",
        "IF last_earlier + 1 < NEW.effective_from OR first_later - 1 > NEW.effective_to THEN", "IF false THEN",
        "tests/procurement/tariffs/test_days.py::test_raw_sql_neither_leaves_days_out_nor_gives_one_to_two_sets",
    ),
    Mutant(
        "no day has two tariffs, the last day of a set included", "procurement/piccolo_migrations/tariff_days.sql",
        "daterange(effective_from, effective_to, '[]')", "daterange(effective_from, effective_to)",
        "tests/procurement/tariffs/test_days.py::test_raw_sql_neither_leaves_days_out_nor_gives_one_to_two_sets",
    ),
    Mutant(
        "publishing looks at the sets that are in force beside it", "procurement/tariffs/publishing.py",
        "validate(tariff, beside)", "validate(tariff)",
        "tests/procurement/tariffs/test_days.py::test_days_left_out_between_two_sets_are_named_with_what_to_do",
    ),
    Mutant(
        "a tariff in succession gets an end only once", SUCCESSION_SQL,
        "OLD.effective_to IS NULL AND NEW", "NEW",
        f"{SUCCESSION}::test_raw_sql_ends_a_set_only_once_and_changes_nothing_else",
    ),
    Mutant(
        "a tariff in succession gets an end and nothing else", SUCCESSION_SQL,
        "AND to_jsonb(OLD) - 'effective_to' IS NOT DISTINCT FROM to_jsonb(NEW) - 'effective_to')", ")",
        f"{SUCCESSION}::test_raw_sql_ends_a_set_only_once_and_changes_nothing_else",
    ),
    Mutant(
        "a tariff in succession ends on the day before the next", SUCCESSION_SQL,
        "IF NOT EXISTS (", "IF false AND NOT EXISTS (",
        f"{SUCCESSION}::test_raw_sql_ends_a_set_only_on_the_day_before_its_successor",
    ),
    Mutant(
        "a tariff in succession does not end before work it priced", SUCCESSION_SQL,
        "AND service_day > NEW.effective_to", "AND false",
        f"{SUCCESSION}::test_raw_sql_ends_no_set_behind_work_that_it_priced",
    ),
    Mutant(
        "a tariff in succession prices nothing after its end", SUCCESSION_SQL,
        "WHERE n.service_day > t.effective_to", "WHERE false",
        f"{SUCCESSION}::test_no_claim_is_priced_by_a_set_that_had_ended",
    ),
    Mutant(
        "a tariff in succession waits for who prices by it", SUCCESSION_SQL,
        "FOR SHARE;", "FOR KEY SHARE;",
        f"{SUCCESSION}::test_pricing_and_ending_at_once_wait_for_each_other",
    ),
    Mutant(
        "a tariff in succession leaves no days after it without one", LEFT_OPEN_SQL,
        "IF NOT EXISTS (", "IF false AND NOT EXISTS (",
        f"{SUCCESSION}::test_raw_sql_ends_no_open_set_for_days_without_a_tariff",
    ),
    Mutant(
        "a successor with an end is told which days it leaves out", "procurement/tariffs/publishing.py",
        ", *days_left_out(tariff, ended)]", "]",
        f"{SUCCESSION}::test_a_successor_with_an_end_is_refused_and_the_days_without_a_tariff_named",
    ),
    Mutant(
        "a successor is not published behind priced work", "procurement/tariffs/service.py",
        "    if refusal:\n        raise refusal\n", "",
        f"{SUCCESSION}::test_work_priced_already_is_counted_and_the_earliest_first_day_told",
    ),
    Mutant(
        "a claim that lacks papers does not go on", CASES_SQL,
        "claim_documents_gate CHECK (status <> 'accrued' OR missing_documents = '{}')",
        "claim_documents_gate CHECK (status <> '' OR missing_documents = '{}')",
        f"{CASES}::test_raw_sql_neither_prices_nor_completes_what_lacks_a_paper",
    ),
    Mutant(
        "a paper is there when it was handed in", CASES_SQL,
        "WHERE n.closed_case_id IS NOT NULL AND NOT missing", "WHERE false AND NOT missing",
        f"{CASES}::test_raw_sql_neither_prices_nor_completes_what_lacks_a_paper",
    ),
    Mutant(
        "a priced claim of a case is frozen", "procurement/piccolo_migrations/approval_withdrawals.sql",
        "IS DISTINCT FROM ('held', 0::bigint, false)", "IS NULL",
        f"{CASES}::test_a_priced_claim_of_a_case_never_changes",
    ),
    Mutant(
        "each part of a case is claimed once", CASES_SQL,
        "CREATE UNIQUE INDEX claim_case_part", "CREATE INDEX claim_case_part",
        f"{CASES}::test_a_priced_claim_of_a_case_never_changes",
    ),
    Mutant(
        "nobody records or grades a case of their own", CASES_SQL,
        "IF provider IN (NEW.recorded_by, NEW.graded_by) THEN", "IF false THEN",
        f"{CASES}::test_nobody_records_grades_or_approves_a_case_of_their_own",
    ),
    Mutant(
        "what a case recorded is frozen", CASES_SQL,
        "TRIGGER closed_case_frozen AFTER UPDATE ON", "TRIGGER closed_case_frozen AFTER UPDATE OF grade ON",
        f"{CASES}::test_what_was_recorded_stays",
    ),
    Mutant(
        "who recorded a case does not approve its claim", "procurement/claims/service.py",
        "in (claim[\"payee_account\"], claim[\"recorded_by\"])", "in (claim[\"payee_account\"],)",
        f"{CASES}::test_nobody_records_grades_or_approves_a_case_of_their_own",
    ),
    Mutant(
        "a pair is decided before one of it is approved", JUDGING_SQL,
        "WHERE n.status = 'approved' AND o.status = 'accrued') THEN", "WHERE false) THEN",
        f"{JUDGING}::test_raw_sql_does_not_approve_one_of_an_undecided_pair",
    ),
    Mutant(
        "a disputed claim is not batched", JUDGING_SQL,
        "OR n.status = 'batched') THEN", ") THEN",
        f"{JUDGING}::test_a_disputed_claim_is_neither_approved_nor_batched",
    ),
    Mutant(
        "who judged a claim does not answer the objection", "procurement/claims/disputes/service.py",
        "raise rules.JudgeAnswers", "pass",
        f"{JUDGING}::test_a_rejected_claimant_objects_and_another_person_takes_the_claim_up_again",
    ),
    Mutant(
        "many are approved only after a look at the sample", "procurement/claims/sampling/service.py",
        "if sample is not None and sample.waiting:", "if sample is None and claim_ids == []:",
        f"{JUDGING}::test_many_are_approved_only_after_those_drawn_were_looked_at",
    ),
    Mutant(
        "the database approves many only after a look at the sample", TALLIES_SQL,
        "AND s.looked_at IS NOT NULL))) THEN", "))) THEN",
        f"{JUDGING}::test_raw_sql_approves_no_twenty_at_once_whose_sample_nobody_looked_at",
    ),
    Mutant(
        "the database draws the sample again from its seed", TALLIES_SQL,
        "SELECT FROM drawn_claims(bulk.claims, a.seed, before) AS drawn",
        "SELECT FROM (SELECT claim_id FROM sampled_claim WHERE sample_id = a.id) AS known (drawn)",
        f"{JUDGING}::test_an_easier_sample_of_the_same_selection_does_not_count",
    ),
    Mutant(
        "a claim is drawn unseen and looked at once", SAMPLES_SQL,
        "IF TG_OP = 'INSERT' AND NEW.looked_at IS NOT NULL\n       OR", "IF",
        f"{JUDGING}::test_raw_sql_approves_no_twenty_at_once_whose_sample_nobody_looked_at",
    ),
    Mutant(
        "a graded case lives no longer than its worth", DEDUCTIONS_SQL,
        "IF claimed.fen > worth OR", "IF false OR",
        f"{GRADING}::test_raw_sql_claims_no_more_of_a_graded_case_than_it_is_worth_and_deducts_no_other_sum",
    ),
    Mutant(
        "a claim is reversed in the books or not at all", DEDUCTIONS_SQL,
        "WHEN (NEW.status = 'reversed' AND OLD.status <> 'reversed')", "WHEN (false)",
        f"{GRADING}::test_raw_sql_reverses_no_claim_without_its_books",
    ),
    Mutant(
        "what was approved beyond its grade is reversed in its budget", "procurement/claims/cases/grading.py",
        "await movements.post_movements(principal, freed)", "assert freed is not None",
        f"{GRADING}::test_what_is_approved_and_waits_is_reversed_in_the_books_and_its_budget_is_free",
    ),
    Mutant(
        "what was paid beyond its grade is deducted", "procurement/claims/cases/grading.py",
        "    rest = balance(result.fen, claimed_fen)", "    rest = max(balance(result.fen, claimed_fen), 0)",
        f"{GRADING}::test_what_was_paid_is_deducted_from_the_next_payment_and_every_sum_holds",
    ),
    Mutant(
        "a deduction comes from its own budget line", "procurement/settlement/lineup.py",
        "LEFT JOIN earned e USING (person_id, organization_id, budget_line_id))",
        "LEFT JOIN (SELECT person_id, organization_id, sum(fen) * 100 AS fen FROM earned GROUP BY 1, 2) e\n"
        "         USING (person_id, organization_id))",
        f"{GRADING}::test_a_deduction_comes_from_its_own_budget_line_alone",
    ),
    Mutant(
        "a deduction that the bank returned is spent again", NO_ROOM_SQL,
        "AND m.kind = CASE WHEN i.amount_fen > 0 THEN 'return' ELSE 'spend' END", "AND m.kind = 'return'",
        f"{GRADING}::test_a_payment_with_a_deduction_that_the_bank_returns_is_booked_back_and_paid_again",
    ),
    Mutant(
        "a disputed claim is barred from preview and run", "procurement/piccolo_migrations/deduction_repayments.sql",
        "WHEN c.id IN (SELECT claim_id FROM claim_dispute WHERE status = 'open') THEN 'disputed'", "",
        f"{WAITING}::test_preview_run_and_first_in_line_leave_the_same_claims_out_for_the_same_reason",
    ),
    Mutant(
        "a new source of entries restates none", WAITING_SQL,
        "FROM ledger_source;", "FROM ledger_source WHERE source_type = new_type;",
        f"{WAITING}::test_a_new_source_of_entries_says_where_it_belongs_in_one_line_of_data",
    ),
    Mutant(
        "payees who may be one person wait", JUDGING_SQL,
        "    UNION SELECT person_id, 'twin' FROM twin_payee\n", "",
        f"{JUDGING}::test_payees_who_share_an_account_wait_until_somebody_found_them_to_be_two",
    ),
    Mutant(
        "public officials wait", JUDGING_SQL,
        "FROM person WHERE public_official", "FROM person WHERE false",
        f"{JUDGING}::test_who_became_a_public_official_after_approval_is_left_out_of_the_batch",
    ),
    Mutant(
        "a receipt is paid once", CASES_SQL,
        "sha256 bytea NOT NULL UNIQUE", "sha256 bytea NOT NULL",
        f"{OTHERS}::test_an_expense_with_its_receipt_is_a_claim_and_a_receipt_is_paid_once",
    ),
    Mutant(
        "nobody is full-time at two places", CASES_SQL,
        "daterange(from_day, until_day, '[]') WITH &&)", "daterange(from_day, until_day, '[]') WITH -|-)",
        f"{OTHERS}::test_each_month_of_a_post_that_is_over_is_claimed_once",
    ),
    Mutant(
        "a person's month is capped over all runs", "procurement/claims/caps.py",
        "self._fen[key] += await _stored", "self._fen[key] += 0 * await _stored",
        f"{OTHERS}::test_a_persons_month_is_capped_over_all_their_claims_whatever_run_they_came_in",
    ),
)  # fmt: skip
