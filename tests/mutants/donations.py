"""Guards of charitable money."""

from tests.mutants.mutant import Mutant

SQL = "procurement/piccolo_migrations/donations.sql"
HERE = "procurement/donations"
GUARDS = "tests/procurement/donations/test_donation_guards.py"
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
        "a gift only moves forward", SQL,
        "IF TG_OP = 'DELETE' OR gift_rank(NEW.status) < gift_rank(OLD.status)", "IF TG_OP = 'DELETE'",
        f"{GUARDS}::test_a_gift_and_its_parts_only_move_forward",
    ),
    Mutant(
        "no more is given back than was given", SQL,
        "given.amount_minor < NEW.amount_minor + (", "given.amount_minor + 100000000 < NEW.amount_minor + (",
        f"{GUARDS}::test_no_more_is_given_back_than_was_given",
    ),
    Mutant(
        "two refunds of one gift wait for each other", SQL,
        "FROM gift WHERE id = NEW.gift_id FOR NO KEY UPDATE;", "FROM gift WHERE id = NEW.gift_id;",
        f"{GUARDS}::test_two_refunds_at_once_never_take_more_than_the_gift",
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
        "uses of one fund are approved one after the other", SQL,
        "PERFORM FROM donation_fund WHERE id = NEW.fund_id FOR NO KEY UPDATE;", "",
        f"{GUARDS}::test_a_fund_spends_what_it_has_by_two_people",
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
)  # fmt: skip
