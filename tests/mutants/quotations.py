"""Guards of sealed quotations."""

from tests.mutants.mutant import Mutant

QUOTATIONS_SQL = "procurement/piccolo_migrations/quotations.sql"
ROUNDS_SQL = "procurement/piccolo_migrations/rounds.sql"
TESTS = "tests/procurement/offers"

QUOTATIONS = (
    Mutant(
        "no quotation is taken after its deadline", QUOTATIONS_SQL,
        "IF NEW.received_at >= round.deadline THEN", "IF false THEN",
        f"{TESTS}/test_quotations.py::test_a_supplier_replaces_and_takes_back_before_the_deadline",
    ),
    Mutant(
        "no share is taken before the deadline", QUOTATIONS_SQL,
        "IF NEW.unlocked_at <= round.deadline THEN", "IF false THEN",
        f"{TESTS}/test_quotations.py::test_nobody_opens_before_the_deadline_and_one_keeper_opens_nothing",
    ),
    Mutant(
        "one keeper opens nothing", ROUNDS_SQL,
        "WHERE round_id = NEW.round_id) < round.needed", "WHERE round_id = NEW.round_id) < 0",
        f"{TESTS}/test_quotations.py::test_nobody_opens_before_the_deadline_and_one_keeper_opens_nothing",
    ),
    Mutant(
        "who asked keeps no key", QUOTATIONS_SQL,
        "p.requested_by = k.account_id OR r.invited_by = k.account_id OR EXISTS", "EXISTS",
        f"{TESTS}/test_inviting.py::test_who_asks_and_who_supplies_keeps_no_key",
    ),
    Mutant(
        "a purchase takes the supplier and the price of its comparison", QUOTATIONS_SQL,
        "IF NEW.organization_id IS NOT NULL AND NOT EXISTS (", "IF false AND NOT EXISTS (",
        f"{TESTS}/test_comparing.py::test_raw_sql_cannot_give_a_purchase_another_supplier_or_price",
    ),
    Mutant(
        "an altered share shows itself", "procurement/offers/engine/shamir.py",
        "if _digest(secret) != digest:", "if False:",
        f"{TESTS}/engine/test_envelopes.py::test_fewer_shares_or_an_altered_one_are_noticed",
    ),
    Mutant(
        "another than the lowest price needs reasons", "procurement/offers/comparisons/service.py",
        "if proposed.id != comparison.lowest_id and", "if False and",
        f"{TESTS}/test_comparing.py::test_another_than_the_lowest_needs_reasons_and_the_minutes_their_people",
    ),
    Mutant(
        "a round stays among those it was opened to", ROUNDS_SQL,
        "r.xmin <> pg_current_xact_id()::xid", "false",
        f"{TESTS}/test_guards.py::test_a_round_that_takes_quotations_keeps_its_suppliers_and_keepers",
    ),
    Mutant(
        "one complete round for each purchase", ROUNDS_SQL,
        "IF standing.openable AND standing.counted >= fewest_quotations() THEN", "IF false THEN",
        f"{TESTS}/test_guards.py::test_a_purchase_has_one_complete_round",
    ),
)  # fmt: skip
