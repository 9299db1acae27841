"""The committed list: a guard, the change that removes it, the test that must fail without it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """A guard with the text that makes it, what stands there instead, and a pytest node."""

    guard: str
    file: str
    before: str
    after: str
    test: str


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
THANKS_SQL = "volunteers/piccolo_migrations/thanks.sql"
THANKS = "tests/volunteers/thanks/test_thanks.py"
EXPORTS_SQL = "volunteers/piccolo_migrations/hours_exports.sql"
EXPORTS = "tests/volunteers/hours/exports/test_hours_exports.py"
REGULARS_SQL = "volunteers/piccolo_migrations/regulars.sql"
REGULARS = "tests/volunteers/assignments/regulars/test_regulars.py"
GAPS = "tests/volunteers/gaps/test_gaps.py"
PAIRINGS_SQL = "volunteers/piccolo_migrations/pairings.sql"
PAIRINGS = "tests/volunteers/pairings/test_pairings.py"

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
    Mutant(
        "one browser rates a shift once", THANKS_SQL,
        "UNIQUE (assignment_id, browser_sha256)", "CHECK (stars > 0)",
        f"{THANKS}::test_one_browser_rates_a_shift_once_and_may_add_one_thanks",
    ),
    Mutant(
        "nobody rates a shift on which nobody is", THANKS_SQL,
        "AND s.status IN ('confirmed', 'checked_in', 'completed'))) THEN", "AND true) OR true) THEN",
        f"{THANKS}::test_raw_sql_neither_rewrites_words_nor_decides_about_its_own_shift",
    ),
    Mutant(
        "an erased person is named in no thanks", THANKS_SQL,
        "WHEN (NEW.name = '-' AND length(OLD.name) > 1)", "WHEN (NEW.name = '=' AND length(OLD.name) > 1)",
        f"{THANKS}::test_an_erased_person_is_named_in_no_thanks_and_the_ratings_stay",
    ),
    Mutant(
        "one pairing of a kind at a time for a village", PAIRINGS_SQL,
        "daterange(from_day, until_day, '[]') WITH &&) WHERE (status = 'active')",
        "daterange(from_day, until_day, '[]') WITH &&) WHERE (status = 'other')",
        f"{PAIRINGS}::test_raw_sql_pairs_no_village_twice_and_nobody_without_a_licence_or_a_yes",
    ),
    Mutant(
        "only who is to come says yes to a pairing", PAIRINGS_SQL,
        "IF NEW.agreed_how = 'tap' AND NOT EXISTS", "IF NEW.agreed_how = '' AND NOT EXISTS",
        f"{PAIRINGS}::test_raw_sql_pairs_no_village_twice_and_nobody_without_a_licence_or_a_yes",
    ),
    Mutant(
        "the village's own lawyer counts as known there", "volunteers/dispatch/week.py",
        "UNION SELECT x.place_id FROM pairing x WHERE x.status = 'active'",
        "UNION SELECT x.place_id FROM pairing x WHERE x.status = 'ended'",
        f"{PAIRINGS}::test_the_villages_own_lawyer_is_known_there_to_the_weekly_plan",
    ),
    Mutant(
        "a seat that is only offered is a gap", "volunteers/gaps/queries.py",
        "p.minimum - p.booked + coalesce(asked.seats, 0)", "p.minimum - p.booked",
        f"{GAPS}::test_who_is_only_offered_a_seat_has_not_taken_it_and_extra_seats_are_no_gap",
    ),
    Mutant(
        "a coordinator sees the gaps of their own places", "volunteers/gaps/queries.py",
        "    scope.require_place(area)\n", "",
        f"{GAPS}::test_the_pages_show_the_map_the_town_the_seat_and_hand_out_a_file",
    ),
    Mutant(
        "only regulars sit down during their head start", REGULARS_SQL,
        "CREATE TRIGGER sign_up_regulars_first BEFORE INSERT ON sign_up FOR EACH ROW\n    WHEN (",
        "CREATE TRIGGER sign_up_regulars_first BEFORE INSERT ON sign_up FOR EACH ROW\n    WHEN (false AND ",
        f"{REGULARS}::test_raw_sql_seats_nobody_before_the_time_and_a_call_lets_in",
    ),
    Mutant(
        "nobody stands in line before their time", REGULARS_SQL,
        "WHERE p.id = NEW.position_id AND NEW.joined_at < a.regulars_until", "WHERE false",
        f"{REGULARS}::test_nobody_gets_round_the_head_start_by_standing_in_line",
    ),
    Mutant(
        "a record of hours is handed in once", EXPORTS_SQL,
        "CONSTRAINT hours_export_row_once UNIQUE (attendance_id, number)",
        "CONSTRAINT hours_export_row_once CHECK (number > 0)",
        f"{EXPORTS}::test_raw_sql_hands_nothing_in_twice_and_nothing_that_the_hours_do_not_say",
    ),
    Mutant(
        "a file of hours says what the chain says", EXPORTS_SQL,
        "WHERE n.minutes <> (SELECT", "WHERE n.minutes < 0 AND n.minutes <> (SELECT",
        f"{EXPORTS}::test_raw_sql_hands_nothing_in_twice_and_nothing_that_the_hours_do_not_say",
    ),
    Mutant(
        "full identity numbers are for who may reveal them", "volunteers/hours/exports/service.py",
        "                principal.scope(Permission.ACCOUNT_REVEAL).require_place(code)\n", "                pass\n",
        f"{EXPORTS}::test_full_numbers_are_for_who_may_reveal_them_and_each_look_leaves_a_trace",
    ),
)  # fmt: skip
