"""Guards of the ledger's balances and of settlement runs; the first twelve are the promises of docs/settlement.md."""

from tests.mutants.mutant import Mutant

BALANCES = "procurement/piccolo_migrations/ledger_balances.sql"
RUNS = "procurement/piccolo_migrations/settlement_runs.sql"
PAYING = "procurement/piccolo_migrations/paying.sql"
SERVICE = "procurement/settlement/service.py"
PROMISES = "tests/procurement/settlement/test_promises.py"
RUN_TESTS = "tests/procurement/settlement/test_runs.py"
BALANCE_TESTS = "tests/procurement/ledger/test_balances.py"
LEDGER = "tests/procurement/ledger/test_ledger.py"
OUTSIDE = "tests/procurement/ledger/test_outside_proof.py"
KILLED = (
    "tests/procurement/settlement/test_killed_everywhere.py"
    "::test_killed_before_any_statement_and_taken_up_again_it_ends_in_the_same_bytes"
)

SETTLEMENTS = (
    Mutant(
        "promise 1: an entry sums to zero in each currency", "procurement/piccolo_migrations/donations.sql",
        "SELECT currency, sum(amount_fen) AS total FROM ledger_posting\n"
        "                 WHERE transaction_id = checked GROUP BY currency",
        "SELECT min(currency) AS currency, sum(amount_fen) AS total FROM ledger_posting\n"
        "                 WHERE transaction_id = checked",
        f"{PROMISES}::test_1_every_entry_sums_to_zero_in_each_currency",
    ),
    Mutant(
        "promise 2: no float in money modules", "procurement/settlement/rules.py",
        "return sum(claim.amount_fen for claim in self.claims)",
        "return int(sum(claim.amount_fen * 1.0 for claim in self.claims))",
        f"{PROMISES}::test_2_money_is_whole_fen_and_no_float_comes_near_it",
    ),
    Mutant(
        "promise 3: what is booked is neither changed nor deleted", BALANCES,
        "ALTER TABLE ledger_posting ENABLE TRIGGER append_only;", "",
        f"{PROMISES}::test_3_what_is_booked_is_neither_changed_nor_deleted",
    ),
    Mutant(
        "promise 4: one claim, one live payment", PAYING,
        "CREATE UNIQUE INDEX settlement_item_once", "CREATE INDEX settlement_item_once",
        f"{PROMISES}::test_4_one_claim_has_one_live_payment_however_many_run_at_once",
    ),
    Mutant(
        "promise 5: another cap with the same key is a conflict", SERVICE,
        'row["period_to"], row["cap_fen"]) != asked', 'row["period_to"], asked[3]) != asked',
        f"{PROMISES}::test_5_the_same_key_and_input_give_the_same_batch_and_another_input_is_a_conflict",
    ),
    Mutant(
        "promise 5: the cap of a batch stays", RUNS,
        "WHEN (NEW.cap_fen IS DISTINCT FROM OLD.cap_fen)", "WHEN (false)",
        f"{PROMISES}::test_5_the_same_key_and_input_give_the_same_batch_and_another_input_is_a_conflict",
    ),
    Mutant(
        "promise 6: a reversal is an exact mirror", BALANCES,
        "EXCEPT ALL SELECT account_id, amount_fen", "INTERSECT SELECT account_id, 0",
        f"{PROMISES}::test_6_a_reversal_is_an_exact_mirror_and_happens_once",
    ),
    Mutant(
        "promise 6: a reversal takes nothing more once it mirrors", BALANCES,
        "IF of_transaction.reverses IS NOT NULL AND", "IF false AND",
        f"{PROMISES}::test_6_a_reversal_is_an_exact_mirror_and_happens_once",
    ),
    Mutant(
        "promise 7: a line's room is judged under its lock", "procurement/budgets/movements.py",
        "        if not (amounts + change).possible:", "        if False:",
        f"{PROMISES}::test_7_what_is_paid_and_reserved_never_exceeds_what_was_appropriated",
    ),
    Mutant(
        "promise 8: a closed month stays closed", BALANCES,
        "OR OLD.closed_at IS NOT NULL) THEN", "OR false) THEN",
        f"{PROMISES}::test_8_a_closed_month_takes_nothing_and_corrections_land_in_the_open_one",
    ),
    Mutant(
        "promise 9: recomputed from the tariff that priced it", "procurement/settlement/recompute/service.py",
        "LEFT JOIN tariff_set t ON t.id = c.tariff_set_id", "LEFT JOIN tariff_set t ON t.id > c.tariff_set_id",
        "tests/procurement/settlement/test_recompute.py"
        "::test_a_batch_is_the_same_bytes_a_year_and_a_new_tariff_later",
    ),
    Mutant(
        "promise 10: balances go by what is seen, not by the order of ids", BALANCES,
        "DELETE FROM ledger_fresh WHERE id IN (\n            SELECT id FROM ledger_fresh ORDER BY id LIMIT at_most"
        " FOR UPDATE SKIP LOCKED)",
        "DELETE FROM ledger_fresh WHERE id IN (\n            SELECT id FROM ledger_fresh ORDER BY id LIMIT at_most"
        " FOR UPDATE SKIP LOCKED)\n            AND id >= pg_sequence_last_value('ledger_fresh_id_seq')",
        f"{BALANCE_TESTS}::test_with_many_that_post_and_commit_late_and_others_that_fold_nothing_is_lost",
    ),
    Mutant(
        "promise 10: a fresh row is folded once", BALANCES,
        "DELETE FROM ledger_fresh WHERE id IN (", "UPDATE ledger_fresh SET id = DEFAULT WHERE id IN (",
        f"{PROMISES}::test_10_no_commit_is_too_late_for_a_balance",
    ),
    Mutant(
        "promise 10: nobody writes a balance by hand", BALANCES,
        "IF current_user <> (", "IF false AND current_user <> (",
        f"{BALANCE_TESTS}::test_raw_sql_changes_no_balance",
    ),
    Mutant(
        "promise 11: the clearing account is where its batch stands", RUNS,
        "WHERE a.batch_id = NEW.id) <> (", "WHERE a.batch_id = NEW.id AND false) <> 0 * (",
        f"{PROMISES}::test_11_a_batchs_clearing_account_ends_at_zero_and_what_failed_is_owed_again",
    ),
    Mutant(
        "promise 11: whoever posts to a clearing account has its batch judged", RUNS,
        "WHERE a.batch_id IS NOT NULL AND a.id IN (SELECT account_id FROM new_postings)", "WHERE false",
        f"{PROMISES}::test_11_a_batchs_clearing_account_ends_at_zero_and_what_failed_is_owed_again",
    ),
    Mutant(
        "promise 12: what a payment is made of is what it pays", SERVICE,
        "SELECT batch.id, nullif(c.person_id, 0), nullif(c.organization_id, 0), sum(c.amount_fen), 'pending'",
        "SELECT batch.id, nullif(c.person_id, 0), nullif(c.organization_id, 0), max(c.amount_fen), 'pending'",
        f"{PROMISES}::test_12_sub_ledger_general_ledger_bank_file_and_public_totals_are_one_sum",
    ),
    Mutant(
        "a complete transaction takes no more postings", BALANCES,
        "AND t.xmin = pg_current_xact_id()::xid", "",
        f"{LEDGER}::test_a_posting_cannot_join_a_transaction_that_is_complete",
    ),
    Mutant(
        "months close in their order", BALANCES,
        "OR EXISTS (SELECT FROM ledger_period p WHERE p.closed_at IS NULL AND p.starts_on < NEW.starts_on)", "",
        f"{BALANCE_TESTS}::test_months_close_in_their_order_once_they_are_over",
    ),
    Mutant(
        "nobody is left out for one whose turn is later", "procurement/piccolo_migrations/deductions.sql",
        "WHERE settlement_turn(c.approved_at, c.amount_fen, c.id) > first.turn) THEN", "WHERE false) THEN",
        f"{RUN_TESTS}::test_raw_sql_leaves_nobody_out_for_one_whose_turn_is_later",
    ),
    Mutant(
        "the oldest approvals are paid first", "procurement/settlement/lineup.py",
        "PARTITION BY w.bar ORDER BY w.turn) >", "PARTITION BY w.bar ORDER BY w.id) >",
        f"{RUN_TESTS}::test_when_money_is_short_the_oldest_approvals_are_paid_and_the_others_keep_their_place",
    ),
    Mutant(
        "a run is within its cap, whoever writes", RUNS,
        "CHECK (total_fen <= cap_fen)", "CHECK (total_fen >= 0)",
        f"{RUN_TESTS}::test_raw_sql_leaves_nobody_out_for_one_whose_turn_is_later",
    ),
    Mutant(
        "a month is planned once", RUNS,
        "CONSTRAINT settlement_plan_once UNIQUE (place_id, month)", "CONSTRAINT settlement_plan_once UNIQUE (id)",
        f"{RUN_TESTS}::test_the_month_that_has_ended_is_planned_once_and_its_run_is_computed_once",
    ),
    Mutant(
        "an approved batch is given up with its entries reversed", "procurement/settlement/revoking.py",
        "await _payments(batch_id), ", "[], ",
        f"{RUN_TESTS}::test_an_approved_batch_that_cannot_be_paid_is_given_up_and_issued_anew",
    ),
    Mutant(
        "a killed run gives its number back", RUNS,
        "DEFAULT next_batch_reference();\nDROP SEQUENCE reference_js;", "DEFAULT next_reference('js');",
        f"{RUN_TESTS}::test_a_run_that_fails_gives_its_number_back",
    ),
    Mutant(
        "a batch's number keeps its seventh digit", "procurement/piccolo_migrations/long_batch_references.sql",
        "written_reference('js', this_year, number)",
        "format('JS-%s-%s', this_year, lpad(number::text, 6, '0'))",
        f"{RUN_TESTS}::test_the_batch_after_the_last_of_six_digits_has_seven",
    ),
    Mutant(
        "whoever pays books it", "procurement/settlement/payout.py",
        "        await _book_payout(principal, batch, taxes)\n", "",
        f"{PROMISES}::test_11_a_batchs_clearing_account_ends_at_zero_and_what_failed_is_owed_again",
    ),
    Mutant(
        "a run that was killed is found by its key", SERVICE,
        "        if found:\n            return found\n", "",
        KILLED,
    ),
    Mutant(
        "a payout booked twice shows in the journal", "procurement/ledger/engine/journal.py",
        'yield f"{morning} balance', 'yield f"; {morning} balance',
        f"{OUTSIDE}::test_a_payout_booked_twice_is_found_by_both",
    ),
    Mutant(
        "a paid batch's account is closed in the journal", "procurement/ledger/engine/journal.py",
        'yield f"{morning} close', 'yield f"; {morning} close',
        f"{OUTSIDE}::test_each_fault_is_found[a posting to a closed account]",
    ),
)  # fmt: skip
