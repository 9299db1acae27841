"""The committed list: a guard, the change that removes it, the test that must fail without it."""

from tests.mutants.mutant import Mutant
from tests.mutants.villages import VILLAGES

__all__ = ["GUARDS", "Mutant"]

ASSIGNMENTS = "volunteers/piccolo_migrations/assignments.sql"
BUYING = "procurement/piccolo_migrations/buying.sql"
PAYING = "procurement/piccolo_migrations/paying.sql"
MARKETPLACE = "marketplace/piccolo_migrations/marketplace.sql"
CORE = "app/core/piccolo_migrations/core_functions.sql"
DATABASE = "app/core/database.py"
SIGN_UPS = "tests/volunteers/assignments/sign_ups/test_guarantees.py"
ATTENDANCE = "tests/volunteers/attendance/test_attendance.py"
BUDGETS = "tests/procurement/budgets/test_budgets.py"
ORDERS = "tests/procurement/deliveries/test_orders.py"
DELIVERIES = "tests/procurement/deliveries/test_deliveries.py"
LEDGER = "tests/procurement/ledger/test_ledger.py"
CLAIMS = "tests/procurement/claims/test_claims.py"
SETTLEMENT = "tests/procurement/settlement/test_settlement.py"
TRAPS = "tests/app/core/test_database.py"
WAITING = "tests/volunteers/assignments/waiting/test_waiting.py"
STAND_BY = "tests/volunteers/assignments/stand_by/test_stand_by.py"
SECOND_FACTOR = "tests/app/accounts/test_second_factor.py"

GUARDS = (
    Mutant(
        "capacity of a position", ASSIGNMENTS,
        "CHECK (booked BETWEEN 0 AND capacity)", "CHECK (booked >= 0)",
        f"{SIGN_UPS}::test_a_position_never_takes_more_than_its_capacity",
    ),
    Mutant(
        "one live sign-up per person and assignment", ASSIGNMENTS,
        "CREATE UNIQUE INDEX sign_up_once", "CREATE INDEX sign_up_once",
        f"{SIGN_UPS}::test_one_live_sign_up_per_person_and_assignment_but_one_may_come_back",
    ),
    Mutant(
        "nobody in two places", ASSIGNMENTS,
        "int8range(person_id, person_id, '[]') WITH &&", "int8range(id, id, '[]') WITH &&",
        f"{SIGN_UPS}::test_nobody_is_in_two_places_at_once",
    ),
    Mutant(
        "time to travel", ASSIGNMENTS,
        "CONSTRAINT = 'sign_up_travel_and_rest';\n    END IF;", "CONSTRAINT = 'sign_up_other';\n    END IF;",
        f"{SIGN_UPS}::test_there_is_time_to_travel_between_neighbours",
    ),
    Mutant(
        "credential verified and valid on the day", ASSIGNMENTS,
        "AND c.verified_at IS NOT NULL\n", "\n",
        f"{SIGN_UPS}::test_a_credential_is_verified_and_valid_on_the_day",
    ),
    Mutant(
        "recusal", ASSIGNMENTS,
        "r.party = ANY (a.parties)\n    WHERE s.id", "r.party = ''\n    WHERE s.id",
        f"{SIGN_UPS}::test_a_tie_to_a_party_keeps_away_whichever_comes_first",
    ),
    Mutant(
        "nobody confirms their own attendance", ASSIGNMENTS,
        "WHERE p.account_id = n.confirmed_by LIMIT 1", "WHERE false LIMIT 1",
        f"{ATTENDANCE}::test_nobody_confirms_themselves_not_even_past_the_service",
    ),
    Mutant(
        "append-only tables", CORE,
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s", "CREATE TRIGGER append_only BEFORE DELETE ON %s",
        f"{LEDGER}::test_what_is_booked_is_never_changed",
    ),
    Mutant(
        "a reviewer is not the author", MARKETPLACE,
        "CHECK (reviewer_id <> author_id)", "CHECK (reviewer_id > 0)",
        "tests/marketplace/products/test_reviewing.py::test_the_database_refuses_an_author_as_reviewer",
    ),
    Mutant(
        "spent, committed and reserved within the appropriation", BUYING,
        "CHECK (spent_fen + committed_fen + reserved_fen <= approved_fen)", "CHECK (approved_fen >= 0)",
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
        "raise SamePersonRefused", "continue",
        f"{BUDGETS}::test_who_proposes_money_does_not_approve_it",
    ),
    Mutant(
        "who asked for a purchase does not approve it", "procurement/purchases/service.py",
        "            if row[\"requested_by\"] == principal.actor:\n                raise SamePersonRefused\n", "",
        "tests/procurement/purchases/test_purchases.py::test_who_asked_does_not_approve",
    ),
    Mutant(
        "a village orders within its quota", BUYING,
        "village_quota_kept CHECK (used BETWEEN 0 AND quota)", "village_quota_kept CHECK (used >= 0)",
        f"{ORDERS}::test_raw_sql_cannot_order_beyond_quota_or_quantity_nor_count_by_hand",
    ),
    Mutant(
        "orders within the contract's quantity", BUYING,
        "CHECK (ordered BETWEEN 0 AND quantity)", "CHECK (ordered >= 0)",
        f"{ORDERS}::test_raw_sql_cannot_order_beyond_quota_or_quantity_nor_count_by_hand",
    ),
    Mutant(
        "the acceptor is nobody involved", BUYING,
        "WHERE n.acceptor_id IN (", "WHERE false AND n.acceptor_id IN (",
        f"{DELIVERIES}::test_nobody_involved_accepts",
    ),
    Mutant(
        "one claim for one unit of work", PAYING,
        "sign_up_id bigint UNIQUE REFERENCES", "sign_up_id bigint REFERENCES",
        f"{CLAIMS}::test_raw_sql_cannot_claim_the_same_work_twice",
    ),
    Mutant(
        "an approved amount is frozen", PAYING,
        "TRIGGER claim_amount_frozen BEFORE UPDATE ON claim", "TRIGGER claim_amount_frozen BEFORE INSERT ON claim",
        f"{CLAIMS}::test_an_approved_amount_never_changes_not_even_by_raw_sql",
    ),
    Mutant(
        "nobody approves their own claim", "procurement/claims/service.py",
        "raise SamePersonRefused", "continue",
        f"{CLAIMS}::test_nobody_approves_their_own_claim",
    ),
    Mutant(
        "every transaction sums to zero", PAYING,
        "IF total IS DISTINCT FROM 0 THEN", "IF total IS NULL THEN",
        f"{LEDGER}::test_raw_sql_that_is_a_fen_off_is_refused_at_commit",
    ),
    Mutant(
        "a complete transaction takes no more postings", PAYING,
        "t.xmin = pg_current_xact_id()::xid", "true",
        f"{LEDGER}::test_a_posting_cannot_join_a_transaction_that_is_complete",
    ),
    Mutant(
        "a closed period takes nothing", PAYING,
        "AND closed_at IS NULL AND", "AND",
        f"{LEDGER}::test_a_closed_period_takes_nothing_more",
    ),
    Mutant(
        "a reversal is a mirror", PAYING,
        "HAVING sum(amount_fen) <> 0) THEN", "HAVING false) THEN",
        f"{LEDGER}::test_a_reversal_that_is_no_mirror_is_refused",
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
        "a batch adds up", PAYING,
        "CREATE CONSTRAINT TRIGGER settlement_totals AFTER INSERT OR UPDATE",
        "CREATE CONSTRAINT TRIGGER settlement_totals AFTER DELETE",
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
        "nested transactions are refused", DATABASE,
        "allow_nested=False", "allow_nested=True",
        f"{TRAPS}::test_a_nested_transaction_is_refused_instead_of_silently_joining",
    ),
    Mutant(
        "a failed commit gives its connection back", DATABASE,
        "            unit._rolled_back = True\n", "",
        f"{TRAPS}::test_a_failed_commit_gives_its_connection_back",
    ),
    Mutant(
        "a task does not borrow a connection", DATABASE,
        "        raise BorrowedConnection(", "        BorrowedConnection(",
        f"{TRAPS}::test_a_task_started_inside_a_transaction_cannot_borrow_its_connection",
    ),
    Mutant(
        "an officer without the second factor has no office", "app/accounts/principals.py",
        "        grants = without_officer_roles(grants)\n", "        grants = tuple(grants)\n",
        "tests/app/accounts/test_sessions.py::test_an_officer_without_the_second_factor_has_only_what_everybody_may",
    ),
    Mutant(
        "a one-time password counts once", "app/accounts/second_factor.py",
        '        await database.update_row("account", principal.actor, {"totp_last_step": step})\n', "",
        f"{SECOND_FACTOR}::test_a_one_time_password_is_refused_the_second_time",
    ),
    Mutant(
        "a route asks for its permission", "app/web/guards.py",
        "        raise NotPermitted if principal.signed_in else NotSignedIn\n\n    return _declare",
        "        return\n\n    return _declare",
        "tests/architecture/test_routes.py::test_a_role_is_let_in_just_where_it_may",
    ),
    Mutant(
        "only the latest attempt of a dispatch run writes", "volunteers/dispatch/results.py",
        'row["fence"] != fence or ', "",
        "tests/volunteers/dispatch/test_service.py"
        "::test_a_run_whose_worker_died_is_taken_over_and_the_late_result_is_ignored",
    ),
    Mutant(
        "a free seat goes to the next in line", "volunteers/piccolo_migrations/waiting.sql",
        "AND (w.line, w.id) < (NEW.line, NEW.id)", "AND (w.line, w.id) < (0, 0)",
        f"{WAITING}::test_a_place_out_of_turn_gets_no_offer",
    ),
    Mutant(
        "an offer is accepted in time or not at all", "volunteers/piccolo_migrations/waiting.sql",
        "OLD.offer_expires_at <= now()", "OLD.offer_expires_at IS NULL",
        f"{WAITING}::test_the_database_keeps_the_turn_and_the_time_whoever_writes",
    ),
    Mutant(
        "who steps back passes the seat to the line", "volunteers/assignments/sign_ups/service.py",
        "            await promote(principal, [position_id])\n", "            pass\n",
        f"{WAITING}::test_who_steps_back_passes_the_seat_to_the_first_in_line_in_the_same_moment",
    ),
    Mutant(
        "who stands by is called first", "volunteers/assignments/call_outs/people.py",
        "person.id = ANY ($4::bigint[]) THEN 0", "person.id = ANY ($4::bigint[]) THEN 2",
        f"{STAND_BY}::test_who_stands_by_for_the_shift_is_asked_before_who_lives_nearer",
    ),
    *VILLAGES,
)  # fmt: skip
