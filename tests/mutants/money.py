"""Guards of what is bought, accepted and paid."""

from tests.mutants.mutant import Mutant

BUYING = "procurement/piccolo_migrations/buying.sql"
KEEPING = "procurement/piccolo_migrations/keeping.sql"
JUDGING = "procurement/piccolo_migrations/judging.sql"
PAYING = "procurement/piccolo_migrations/paying.sql"
SQL = "procurement/piccolo_migrations"
MARKETPLACE = "marketplace/piccolo_migrations/marketplace.sql"
BUDGETS = "tests/procurement/budgets/test_budgets.py"
ORDERS = "tests/procurement/deliveries/test_orders.py"
DELIVERIES = "tests/procurement/deliveries/test_deliveries.py"
LEDGER = "tests/procurement/ledger/test_ledger.py"
CLAIMS = "tests/procurement/claims/test_claims.py"
SETTLEMENT = "tests/procurement/settlement/test_settlement.py"
RETURNS = "tests/procurement/settlement/returns/test_returns.py"

MONEY = (
    Mutant(
        "a reviewer is not the author", MARKETPLACE,
        "CHECK (reviewer_id <> author_id)", "CHECK (reviewer_id > 0)",
        "tests/marketplace/products/test_reviewing.py::test_the_database_refuses_an_author_as_reviewer",
    ),
    Mutant(
        "spent, committed and reserved within the appropriation", f"{SQL}/year_ends.sql",
        "CHECK (closed_fen >= 0 AND spent_fen + committed_fen + reserved_fen + closed_fen <= approved_fen)",
        "CHECK (approved_fen >= 0)",
        f"{BUDGETS}::test_raw_sql_cannot_reserve_beyond_the_appropriation",
    ),
    Mutant(
        "a budget line is the sum of its movements", BUYING,
        "CREATE TRIGGER budget_line_is_summed BEFORE INSERT OR UPDATE ON budget_line",
        "CREATE TRIGGER budget_line_is_summed BEFORE INSERT ON budget_line",
        f"{BUDGETS}::test_nobody_writes_a_line_or_its_book_by_hand",
    ),
    Mutant(
        "a second person approves an appropriation", "procurement/budgets/service.py",
        "raise OnePersonOnMoney", "continue",
        f"{BUDGETS}::test_who_proposes_money_does_not_approve_it",
    ),
    Mutant(
        "a village orders within its quota", BUYING,
        "village_quota_kept CHECK (used BETWEEN 0 AND quota)", "village_quota_kept CHECK (used >= 0)",
        f"{ORDERS}::test_raw_sql_cannot_order_beyond_quota_or_quantity_nor_count_by_hand",
    ),
    Mutant(
        "orders within the contract's quantity", f"{SQL}/contract_changes.sql",
        "CHECK (ordered BETWEEN 0 AND quantity + added)", "CHECK (ordered >= 0)",
        f"{ORDERS}::test_raw_sql_cannot_order_beyond_quota_or_quantity_nor_count_by_hand",
    ),
    Mutant(
        "the acceptor is nobody involved", JUDGING,
        "person_account IN (p.requested_by", "false AND person_account IN (p.requested_by",
        f"{DELIVERIES}::test_nobody_involved_accepts",
    ),
    Mutant(
        "one claim for one unit of work", PAYING,
        "sign_up_id bigint UNIQUE REFERENCES", "sign_up_id bigint REFERENCES",
        f"{CLAIMS}::test_raw_sql_cannot_claim_the_same_work_twice",
    ),
    Mutant(
        "what a claim is for and its amount are frozen", "procurement/piccolo_migrations/approval_withdrawals.sql",
        "SELECT FROM new_claims n JOIN old_claims o ON o.id = n.id\n        WHERE (",
        "SELECT FROM new_claims n JOIN old_claims o ON o.id = n.id\n        WHERE false AND (",
        f"{CLAIMS}::test_an_approved_amount_never_changes_not_even_by_raw_sql",
    ),
    Mutant(
        "a claim goes only the ways that its rules know", "procurement/piccolo_migrations/approval_withdrawals.sql",
        "(n.status = o.status OR claim_may_go(o.status, n.status)) IS NOT TRUE", "n.status IS NULL",
        f"{CLAIMS}::test_a_claim_goes_only_the_ways_that_its_rules_know",
    ),
    Mutant(
        "whoever changes a part of a batch has the whole judged", KEEPING,
        "WHERE id IN (SELECT batch_id FROM new_parts UNION SELECT batch_id FROM old_parts)", "WHERE false",
        f"{SETTLEMENT}::test_raw_sql_changes_no_part_of_a_batch_without_the_whole",
    ),
    Mutant(
        "money comes into a line as an approved document says", KEEPING,
        "ROW WHEN (NEW.source_type = 'appropriation')", "ROW WHEN (false)",
        "tests/procurement/budgets/test_guards.py"
        "::test_money_comes_into_a_line_by_an_approved_document_and_as_it_says",
    ),
    Mutant(
        "who asked for a purchase stays who asked", "procurement/piccolo_migrations/keeping_ways.sql",
        "TRIGGER purchase_requester_frozen BEFORE UPDATE",
        "TRIGGER purchase_requester_frozen BEFORE UPDATE OF evaluation_zh",
        "tests/procurement/purchases/test_guards.py::test_who_asked_for_a_purchase_stays_who_asked",
    ),
    Mutant(
        "nobody approves their own claim", "procurement/claims/service.py",
        "raise OnePersonOnMoney", "continue",
        f"{CLAIMS}::test_nobody_approves_their_own_claim",
    ),
    Mutant(
        "a closed period takes nothing", PAYING,
        "AND closed_at IS NULL AND", "AND",
        f"{LEDGER}::test_a_closed_period_takes_nothing_more",
    ),
    Mutant(
        "a transaction is reversed once", PAYING,
        "reverses bigint UNIQUE REFERENCES", "reverses bigint REFERENCES",
        f"{LEDGER}::test_a_reversal_is_an_exact_mirror_and_happens_once",
    ),
    Mutant(
        "one claim, one live payment", PAYING,
        "CREATE UNIQUE INDEX settlement_item_once", "CREATE INDEX settlement_item_once",
        f"{SETTLEMENT}::test_raw_sql_cannot_pay_a_claim_twice_or_make_a_total_that_is_off",
    ),
    Mutant(
        "a batch adds up", f"{SQL}/settling.sql",
        "IS DISTINCT FROM (paid.fen, paid.payments, made.claims)", "= (-1, -1, -1)",
        f"{SETTLEMENT}::test_raw_sql_cannot_pay_a_claim_twice_or_make_a_total_that_is_off",
    ),
    Mutant(
        "computed, approved and paid by three people", PAYING,
        "CONSTRAINT settlement_three_people CHECK (", "CONSTRAINT settlement_three_people CHECK (true OR ",
        f"{SETTLEMENT}::test_computing_approving_and_paying_are_three_people",
    ),
    Mutant(
        "one run at a time for a settlement key", "procurement/settlement/service.py",
        "        if found:\n            return found\n", "",
        f"{SETTLEMENT}::test_two_runs_at_once_make_one_batch",
    ),
    Mutant(
        "what a batch is at last is judged", f"{SQL}/settling.sql",
        "WHERE b.id = batch.id AND b.writes <> batch.writes", "WHERE b.id = batch.id",
        f"{SETTLEMENT}::test_raw_sql_cannot_pay_a_claim_twice_or_make_a_total_that_is_off",
    ),
    Mutant(
        "thousands of claims are not compared with each other", f"{SQL}/approval_withdrawals.sql",
        "FUNCTION check_claim_steps() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS",
        "FUNCTION check_claim_steps() RETURNS trigger LANGUAGE plpgsql AS",
        "tests/procurement/settlement/test_many_claims.py::test_thousands_of_claims_are_judged_in_proportion_to_their_number",
    ),
    Mutant(
        "a claim is paid until the bank returns it", f"{SQL}/returned_payments.sql",
        "i.live = (NEW.status = 'cancelled' OR r.id IS NOT NULL)", "false",
        f"{RETURNS}::test_no_item_is_unpaid_without_the_bank_s_return",
    ),
    Mutant(
        "what came back is booked back", "procurement/piccolo_migrations/returns_without_room.sql",
        "AND t.kind IN ('instruction', 'payout')) <> 2", "AND t.kind IN ('instruction', 'payout')) < 0",
        f"{RETURNS}::test_a_return_is_of_something_paid_and_booked_back",
    ),
    Mutant(
        "a returned account is corrected before it is paid to", f"{SQL}/returned_payments.sql",
        "WHERE n.status <> 'returned') THEN", "WHERE false) THEN",
        f"{RETURNS}::test_nothing_is_paid_to_an_account_that_money_came_back_from",
    ),
)  # fmt: skip
