"""Guards of what ends an approved claim otherwise than a payment: taken back, given back, returned, counted."""

from tests.mutants.mutant import Mutant

NO_ROOM_SQL = "procurement/piccolo_migrations/returns_without_room.sql"
TALLIES_SQL = "procurement/piccolo_migrations/approval_tallies.sql"
WITHDRAWALS_SQL = "procurement/piccolo_migrations/approval_withdrawals.sql"
REPAYMENTS_SQL = "procurement/piccolo_migrations/deduction_repayments.sql"
WITHDRAWN = "tests/procurement/claims/test_withdrawals.py"
REPAID = "tests/procurement/settlement/repayments/test_repayments.py"
A_DAY = "tests/procurement/claims/test_sampling_a_day.py"
NO_ROOM = "tests/procurement/settlement/returns/test_returns_without_room.py"

OWING = (
    Mutant(
        "an approval is taken back in its transaction or not at all", WITHDRAWALS_SQL,
        "WHEN (NEW.status = 'rejected' AND OLD.status IN ('approved', 'returned_by_bank'))", "WHEN (false)",
        f"{WITHDRAWN}::test_raw_sql_takes_no_approval_back_alone_unfounded_or_without_its_books",
    ),
    Mutant(
        "an approval is taken back by another person", WITHDRAWALS_SQL,
        "CHECK (withdrawn_by <> approved_by)", "CHECK (withdrawn_by > 0)",
        f"{WITHDRAWN}::test_raw_sql_takes_no_approval_back_alone_unfounded_or_without_its_books",
    ),
    Mutant(
        "an approval is taken back of who is not paid alone", WITHDRAWALS_SQL,
        "IF NOT EXISTS (SELECT FROM unfit_payee u", "IF false AND NOT EXISTS (SELECT FROM unfit_payee u",
        f"{WITHDRAWN}::test_raw_sql_takes_no_approval_back_alone_unfounded_or_without_its_books",
    ),
    Mutant(
        "an approval is taken back in books and budget", WITHDRAWALS_SQL,
        "CREATE CONSTRAINT TRIGGER approval_withdrawal_booked AFTER INSERT ON approval_withdrawal\n"
        "    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_withdrawal_booked();", "",
        f"{WITHDRAWN}::test_raw_sql_takes_no_approval_back_alone_unfounded_or_without_its_books",
    ),
    Mutant(
        "an approval is taken back with its entries reversed", "procurement/claims/withdrawals/service.py",
        "    await posting.reverse_many(principal, \"claim\", ids, \"withdrawn\")\n", "",
        f"{WITHDRAWN}::test_another_officer_takes_the_approval_back_and_books_budget_and_payee_know",
    ),
    Mutant(
        "what is approved anew is reserved and booked anew", "procurement/claims/service.py",
        "(f\":{again}\" if (again := claim[\"withdrawal_id\"]) else \"\")", "\"\"",
        f"{WITHDRAWN}::test_an_objection_that_is_upheld_brings_it_back_to_be_approved_and_paid_anew",
    ),
    Mutant(
        "a repayment settles a deduction once", REPAYMENTS_SQL,
        "CREATE UNIQUE INDEX deduction_repayment_once", "CREATE INDEX deduction_repayment_once",
        f"{REPAID}::test_raw_sql_settles_no_deduction_without_the_money_and_takes_none_twice",
    ),
    Mutant(
        "a repayment is the whole deduction", REPAYMENTS_SQL,
        "IF NEW.amount_fen <> -owed.amount_fen THEN", "IF false THEN",
        f"{REPAID}::test_raw_sql_settles_no_deduction_without_the_money_and_takes_none_twice",
    ),
    Mutant(
        "a repayment of no deduction that a batch holds", REPAYMENTS_SQL,
        "OR owed.part <> 'deduction' OR owed.status NOT IN ('approved', 'returned_by_bank') THEN", "THEN",
        f"{REPAID}::test_raw_sql_settles_no_deduction_without_the_money_and_takes_none_twice",
    ),
    Mutant(
        "a repayment is confirmed by another person", REPAYMENTS_SQL,
        "CHECK (decided_by <> recorded_by)", "CHECK (decided_by > 0)",
        f"{REPAID}::test_raw_sql_settles_no_deduction_without_the_money_and_takes_none_twice",
    ),
    Mutant(
        "a repayment is booked", REPAYMENTS_SQL,
        "WHEN (NEW.status = 'confirmed') EXECUTE FUNCTION check_repayment_booked()",
        "WHEN (false) EXECUTE FUNCTION check_repayment_booked()",
        f"{REPAID}::test_raw_sql_settles_no_deduction_without_the_money_and_takes_none_twice",
    ),
    Mutant(
        "a repayment keeps its deduction out of every batch", REPAYMENTS_SQL,
        "WHEN (NEW.status = 'batched' AND NEW.amount_fen < 0)", "WHEN (false)",
        f"{REPAID}::test_raw_sql_settles_no_deduction_without_the_money_and_takes_none_twice",
    ),
    Mutant(
        "nothing but a repayment pays a claim without a batch", REPAYMENTS_SQL,
        "WHEN (NEW.status = 'paid' AND OLD.status IN ('approved', 'returned_by_bank'))", "WHEN (false)",
        f"{REPAID}::test_raw_sql_settles_no_deduction_without_the_money_and_takes_none_twice",
    ),
    Mutant(
        "a repayment is frozen", REPAYMENTS_SQL,
        "IF TG_OP = 'DELETE' OR OLD.status <> 'recorded'\n", "IF TG_OP = 'DELETE'\n",
        f"{REPAID}::test_raw_sql_settles_no_deduction_without_the_money_and_takes_none_twice",
    ),
    Mutant(
        "a repayment bars its deduction from preview and run", REPAYMENTS_SQL,
        "THEN 'repaid'\n", "THEN NULL\n",
        f"{REPAID}::test_from_its_record_on_no_batch_takes_it_and_a_refusal_gives_it_back_to_the_batches",
    ),
    Mutant(
        "a repayment gives its budget back once", "procurement/settlement/repayments/service.py",
        "    if not claim[\"given_back\"]:\n", "    if claim:\n",
        f"{REPAID}::test_a_deduction_whose_budget_stayed_given_back_brings_it_no_second_time",
    ),
    Mutant(
        "a bank return is recorded without room in the budget", "procurement/settlement/returns/service.py",
        "if await movements.has_room(line, fen):", "if fen:",
        f"{NO_ROOM}::test_what_came_back_is_recorded_although_others_used_what_the_deduction_had_set_free",
    ),
    Mutant(
        "a bank return leaves no deduction given back where there is room", NO_ROOM_SQL,
        "OR l.approved_fen - l.reserved_fen - l.committed_fen - l.spent_fen - l.closed_fen >= -i.amount_fen", "",
        f"{NO_ROOM}::test_the_database_leaves_no_deduction_given_back_where_the_line_has_room",
    ),
    Mutant(
        "a bank return without room gives back no second time", "procurement/settlement/payout.py",
        "    if row[\"given_back\"]:\n        return []\n", "",
        f"{NO_ROOM}::test_paid_again_the_deduction_gives_its_budget_back_no_second_time",
    ),
    Mutant(
        "a day of approvals is counted over its statements", TALLIES_SQL,
        "size := sample_size(cardinality(bulk.claims) + before);", "size := sample_size(cardinality(bulk.claims));",
        f"{A_DAY}::test_raw_sql_splits_nothing_and_counts_nothing_by_hand",
    ),
    Mutant(
        "a day of approvals is counted by the database alone", TALLIES_SQL,
        "IF pg_trigger_depth() = 1 THEN", "IF false THEN",
        f"{A_DAY}::test_raw_sql_splits_nothing_and_counts_nothing_by_hand",
    ),
    Mutant(
        "a day of approvals is not forgotten for a look at one", TALLIES_SQL,
        "WHEN cardinality(bulk.claims) < size THEN before ELSE 0 END", "ELSE 0 END",
        f"{A_DAY}::test_one_by_one_each_is_looked_at_once_there_are_twenty_and_stands_for_no_other",
    ),
)  # fmt: skip
