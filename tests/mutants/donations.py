"""Guards of charitable money."""

from tests.mutants.mutant import Mutant

SQL = "procurement/piccolo_migrations/donations.sql"
MORE_SQL = "procurement/piccolo_migrations/donation_guards.sql"
UNCLEAR_SQL = "procurement/piccolo_migrations/unclear_money.sql"
HERE = "procurement/donations"
GUARDS = "tests/procurement/donations/test_donation_guards.py"
MORE = "tests/procurement/donations/test_more_donation_guards.py"
UNCLEAR = "tests/procurement/donations/test_unclear_money.py"
RACES = "tests/procurement/donations/test_donation_races.py"
AWAY = "tests/procurement/donations/test_gateway_away.py"
OWN = "tests/procurement/donations/test_own_fund.py"
ORDER = "tests/procurement/donations/test_any_order.py"
CONTRACT = "tests/procurement/donations/test_contract.py"
PAGES = "tests/procurement/donations/test_donation_pages.py"

DONATIONS = (
    Mutant(
        "charitable and fiscal money never meet in an entry", SQL,
        "IF found.some_donated <> found.all_donated OR found.all_donated <> of_gifts THEN", "IF false THEN",
        f"{GUARDS}::test_charitable_money_never_meets_fiscal_money_in_the_ledger",
    ),
    Mutant(
        "each currency sums to zero by itself", SQL,
        "WHERE transaction_id = checked GROUP BY currency HAVING sum(amount_fen) <> 0 LOOP",
        "WHERE transaction_id = checked GROUP BY currency HAVING false LOOP",
        f"{GUARDS}::test_charitable_money_never_meets_fiscal_money_in_the_ledger",
    ),
    Mutant(
        "a gift only moves forward", MORE_SQL,
        "IF TG_OP = 'DELETE' OR gift_rank(NEW.status) < gift_rank(OLD.status)", "IF TG_OP = 'DELETE'",
        f"{GUARDS}::test_a_gift_and_its_parts_only_move_forward",
    ),
    Mutant(
        "no more is given back than was given", MORE_SQL,
        "given.amount_minor < NEW.amount_minor + taken", "given.amount_minor + 100000000 < NEW.amount_minor + taken",
        f"{GUARDS}::test_no_more_is_given_back_than_was_given",
    ),
    Mutant(
        "two refunds of one gift wait for each other", MORE_SQL,
        "FROM gift WHERE id = NEW.gift_id FOR NO KEY UPDATE;", "FROM gift WHERE id = NEW.gift_id;",
        f"{RACES}::test_two_people_who_ask_for_a_refund_never_ask_for_more_than_the_gift",
    ),
    Mutant(
        "an event is taken once", SQL,
        "event_id text NOT NULL CONSTRAINT gateway_event_once UNIQUE CHECK (event_id <> '')", "event_id text NOT NULL",
        f"{GUARDS}::test_an_event_an_attempt_and_an_entry_are_kept_once_and_for_ever",
    ),
    Mutant(
        "keys of attempts are kept for ever", SQL,
        "CALL make_append_only('gateway_attempt');", "",
        f"{GUARDS}::test_an_event_an_attempt_and_an_entry_are_kept_once_and_for_ever",
    ),
    Mutant(
        "an entry of the payment service is in the ledger", SQL,
        "IF NEW.net_minor <> (SELECT coalesce", "IF false AND NEW.net_minor <> (SELECT coalesce",
        f"{GUARDS}::test_an_event_an_attempt_and_an_entry_are_kept_once_and_for_ever",
    ),
    Mutant(
        "acknowledgements have no gaps", SQL,
        "IF coalesce(NEW.number, following) <> following OR", "IF false OR",
        f"{GUARDS}::test_acknowledgements_are_numbered_without_gaps_and_kept",
    ),
    Mutant(
        "a fund spends what it has", SQL,
        "WHERE a.donation_fund_id = NEW.fund_id AND a.currency = NEW.currency) > 0 THEN",
        "WHERE a.donation_fund_id = NEW.fund_id AND a.currency = NEW.currency) > 100000000 THEN",
        f"{GUARDS}::test_a_fund_spends_what_it_has_by_two_people",
    ),
    Mutant(
        "uses of one fund are approved one after the other", MORE_SQL,
        "PERFORM FROM donation_fund WHERE id = NEW.fund_id FOR NO KEY UPDATE;", "",
        f"{RACES}::test_two_uses_that_together_exceed_the_fund_are_never_both_approved",
    ),
    Mutant(
        "what no event told is found", f"{HERE}/reconciliation/service.py",
        "missing = [entry for entry in seen if entry.id not in known]", "missing: list[BalanceEntry] = []",
        f"{ORDER}::test_any_order_repetition_and_loss_end_in_the_same_ledger",
    ),
    Mutant(
        "a signature grows old", f"{HERE}/signatures.py",
        "if abs(now - at) > TOLERANCE_SECONDS:", "if False:",
        f"{CONTRACT}::test_what_is_changed_old_or_not_signed_is_not_genuine",
    ),
    Mutant(
        "a key is used where it belongs", f"{HERE}/choosing.py",
        "LIVE if production else TEST", "(*LIVE, *TEST)",
        f"{CONTRACT}::test_a_key_is_used_where_it_belongs_only",
    ),
    Mutant(
        "a fund is closed while its owner's paper is not valid", f"{HERE}/funds/rules.py",
        "if best is PaperState.VALID and owner.verified:", "if owner.verified:",
        f"{PAGES}::test_a_closed_fund_says_why",
    ),
    Mutant(
        "a monthly gift only moves forward", SQL,
        "IF TG_OP = 'DELETE' OR array_position(ranks, NEW.status) < array_position(ranks, OLD.status)",
        "IF TG_OP = 'DELETE'",
        f"{GUARDS}::test_a_gift_and_its_parts_only_move_forward",
    ),
    Mutant(
        "a refund only moves forward", MORE_SQL,
        "IF TG_OP = 'UPDATE' AND (array_position(ranks, NEW.status) < array_position(ranks, OLD.status)",
        "IF TG_OP = 'UPDATE' AND (false",
        f"{GUARDS}::test_a_gift_and_its_parts_only_move_forward",
    ),
    Mutant(
        "a donation enters no budget line", SQL,
        "num_nonnulls(budget_line_id, person_id, organization_id, place_id, batch_id) = 0", "true",
        f"{MORE}::test_a_donation_enters_no_budget_line",
    ),
    Mutant(
        "a receipt belongs to one gift", SQL,
        "CONSTRAINT statutory_receipt_once UNIQUE CHECK (number <> '')", "CHECK (number <> '')",
        f"{GUARDS}::test_acknowledgements_are_numbered_without_gaps_and_kept",
    ),
    Mutant(
        "gifts are in currencies of ISO 4217", MORE_SQL,
        "SELECT code = ANY (string_to_array(", "SELECT code <> '' OR code = ANY (string_to_array(",
        f"{MORE}::test_currencies_are_those_of_iso_4217",
    ),
    Mutant(
        "a fund keeps its address and owner", MORE_SQL,
        "CREATE TRIGGER donation_fund_kept BEFORE UPDATE OR DELETE", "CREATE TRIGGER donation_fund_kept BEFORE DELETE",
        f"{MORE}::test_a_fund_keeps_its_address_owner_and_currency",
    ),
    Mutant(
        "the key of a request to the payment service is kept first", MORE_SQL,
        "IF NOT EXISTS (SELECT FROM gateway_attempt WHERE purpose = wanted AND subject_id = NEW.id) THEN",
        "IF false THEN",
        f"{MORE}::test_nothing_goes_to_the_payment_service_without_a_key_that_is_kept",
    ),
    Mutant(
        "what a bank takes back is not given back as well", MORE_SQL,
        "IF NEW.status IN ('proposed', 'approved') THEN", "IF false THEN",
        f"{MORE}::test_money_that_a_bank_takes_back_is_not_given_back_as_well",
    ),
    Mutant(
        "a dispute keeps its amount", MORE_SQL,
        "OR to_jsonb(NEW) - '{status,closed_at}'::text[] <>",
        "OR false AND to_jsonb(NEW) - '{status,closed_at}'::text[] <>",
        f"{MORE}::test_a_dispute_keeps_its_amount",
    ),
    Mutant(
        "an acknowledgement never says more than the gift", MORE_SQL,
        "AND NEW.amount_minor <= gift.amount_minor", "AND 0 <= gift.amount_minor",
        f"{MORE}::test_an_acknowledgement_never_says_more_than_the_fund_still_has_of_the_gift",
    ),
    Mutant(
        "an event that was handled stays handled", MORE_SQL,
        "IF OLD.status IN ('handled', 'ignored') AND NEW.status <> OLD.status", "IF false",
        f"{MORE}::test_an_event_that_was_handled_stays_handled",
    ),
    Mutant(
        "a use is approved word for word", MORE_SQL,
        "OR to_jsonb(NEW) - '{status,decided_by,decided_at}'::text[]",
        "OR false AND to_jsonb(NEW) - '{status,decided_by,decided_at}'::text[]",
        f"{MORE}::test_what_is_approved_is_what_was_proposed_word_for_word",
    ),
    Mutant(
        "a refund made elsewhere takes the place of one approved here", f"{HERE}/refunds/following.py",
        "status IN ('proposed', 'approved') AND (", "status = 'proposed' AND (",
        f"{RACES}::test_a_refund_here_and_one_at_the_payment_service_never_give_back_more_than_the_gift",
    ),
    Mutant(
        "unclear money takes two people", UNCLEAR_SQL,
        "CONSTRAINT unclear_decision_second_person CHECK (decided_by <> proposed_by)",
        "CONSTRAINT unclear_decision_second_person CHECK (true)",
        f"{UNCLEAR}::test_a_decision_takes_two_people_and_is_taken_once",
    ),
    Mutant(
        "a decision about unclear money is in the ledger", UNCLEAR_SQL,
        "OR left_unclear <> (CASE", "OR false AND left_unclear <> (CASE",
        f"{UNCLEAR}::test_decisions_are_kept_and_in_the_ledger_whoever_writes",
    ),
    Mutant(
        "unclear money is explained once", UNCLEAR_SQL,
        "CREATE UNIQUE INDEX unclear_entry_once", "CREATE INDEX unclear_entry_once",
        f"{UNCLEAR}::test_a_decision_takes_two_people_and_is_taken_once",
    ),
    Mutant(
        "unclear money is for who looks after every fund", f"{HERE}/unclear/service.py",
        "if not await looks_after_all(scope.like_patterns()):", "if False:",
        f"{UNCLEAR}::test_what_belongs_to_no_fund_is_for_who_looks_after_all_of_them",
    ),
    Mutant(
        "a fund is found by its owner's members alone", f"{HERE}/own/queries.py",
        "if not scope.covers_organization(found.organization_id):", "if False:",
        f"{OWN}::test_nobody_else_finds_it",
    ),
    Mutant(
        "few donors are not counted out loud", f"{HERE}/own/queries.py",
        "None if 0 < donors < smallest else donors", "donors",
        f"{OWN}::test_donors_are_counted_when_they_are_several_and_never_named",
    ),
    Mutant(
        "events are seen in the district of their gift", f"{HERE}/events/queries.py",
        "ELSE about.code LIKE ANY ($1) END", "ELSE true END",
        f"{PAGES}::test_an_officer_of_another_district_sees_no_gift_event_or_balance",
    ),
    Mutant(
        "an event about the other kind of money is refused", f"{HERE}/events/service.py",
        "if event.livemode is not service.live or not event.id:", "if not event.id:",
        f"{AWAY}::test_the_door_takes_what_is_signed_for_us_now_and_nothing_else",
    ),
    Mutant(
        "a key that is refused gives nothing up", f"{HERE}/gateway.py",
        "raise GatewayKeyRefused from refusal", "raise GatewayRefused(reason='key') from refusal",
        f"{AWAY}::test_what_surely_was_not_done_is_told_from_what_nobody_knows",
    ),
    Mutant(
        "an approved refund that is not answered is sent again", f"{HERE}/refunds/service.py",
        "WHERE status = 'approved' ORDER BY id", "WHERE false",
        f"{AWAY}::test_an_approved_refund_that_is_not_answered_stands_and_is_sent_later",
    ),
)  # fmt: skip
