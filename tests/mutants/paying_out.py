"""Guards of paying out: files to the bank and back, tax, what the public may read."""

from tests.mutants.mutant import Mutant

LAYOUTS = "procurement/piccolo_migrations/bank_layouts.sql"
YEAR_ENDS_SQL = "procurement/piccolo_migrations/year_ends.sql"
TAXES = "procurement/piccolo_migrations/taxes.sql"
LAYOUT_TESTS = "tests/procurement/settlement/layouts/test_layouts.py"
FILES = "tests/procurement/settlement/replies/test_return_files.py"
TAX_TESTS = "tests/procurement/taxes/test_withholding.py"
SUPPRESSION = "tests/procurement/ledger/test_suppression.py"

PAYING_OUT = (
    Mutant(
        "a bank layout is not backdated",
        LAYOUTS,
        "CHECK (effective_from >= hangzhou_day(set_at))",
        "CHECK (effective_from IS NOT NULL)",
        f"{LAYOUT_TESTS}::test_a_layout_is_in_force_from_its_day_on_for_its_place_and_the_nearest_goes_first",
    ),
    Mutant(
        "the name a payment went to stays",
        LAYOUTS,
        "WHEN (OLD.name_sealed IS NOT NULL AND NEW",
        "WHEN (false AND NEW",
        f"{LAYOUT_TESTS}::test_a_batch_keeps_the_layout_the_names_and_the_vouchers_it_was_paid_with",
    ),
    Mutant(
        "a voucher pays just what a batch takes from a line",
        YEAR_ENDS_SQL,
        "OR taken IS DISTINCT FROM NEW.amount_fen",
        "",
        f"{LAYOUT_TESTS}::test_a_voucher_pays_just_what_a_batch_takes_from_a_line",
    ),
    Mutant(
        "one first voucher for a line of a batch",
        LAYOUTS,
        "CREATE UNIQUE INDEX treasury_voucher_first",
        "CREATE INDEX treasury_voucher_first",
        f"{LAYOUT_TESTS}::test_a_voucher_pays_just_what_a_batch_takes_from_a_line",
    ),
    Mutant(
        "characters outside the bank's encoding stop the payment",
        "procurement/settlement/payout.py",
        'if strange := bank_file.misfits(batch["reference"], lines, layout):',
        "if strange := ():",
        f"{LAYOUT_TESTS}::test_a_name_that_the_bank_cannot_read_stops_the_payment",
    ),
    Mutant(
        "what is confirmed was paid and did not come back",
        LAYOUTS,
        "OR EXISTS (SELECT FROM bank_return r WHERE r.payment_id = NEW.payment_id) THEN",
        "THEN",
        f"{FILES}::test_what_came_back_cannot_have_arrived",
    ),
    Mutant(
        "a payment is confirmed once",
        LAYOUTS,
        "CONSTRAINT bank_confirmation_once UNIQUE (payment_id)",
        "CONSTRAINT bank_confirmation_once CHECK (true)",
        f"{FILES}::test_only_what_was_paid_is_confirmed_and_once",
    ),
    Mutant(
        "a return file sent again changes nothing",
        "procurement/settlement/replies/imports.py",
        "repeated = outcome in (line.said, seen.get(line.payment_id))",
        "repeated = False",
        f"{FILES}::test_the_same_file_again_changes_nothing_however_often",
    ),
    Mutant(
        "a line of the return file agrees with the payment",
        "procurement/settlement/replies/imports.py",
        "        _agrees(cells, line, account, fen)\n",
        "",
        f"{FILES}::test_every_bad_row_is_named_by_its_number_and_nothing_is_recorded_unless_the_good_ones_are_wanted",
    ),
    Mutant(
        "a month's income accumulates",
        TAXES,
        "IF NEW.kind = 'withheld' AND (NEW.before_fen",
        "IF false AND (NEW.before_fen",
        f"{TAX_TESTS}::test_what_is_withheld_is_the_whole_payment_accumulates_and_is_booked",
    ),
    Mutant(
        "the books say what was withheld",
        TAXES,
        "CREATE CONSTRAINT TRIGGER tax_withholding_booked AFTER INSERT ON tax_withholding\n"
        "    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
        "CREATE CONSTRAINT TRIGGER tax_withholding_booked AFTER INSERT ON tax_withholding\n"
        "    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (false)",
        f"{TAX_TESTS}::test_what_is_withheld_is_the_whole_payment_accumulates_and_is_booked",
    ),
    Mutant(
        "no person is paid without being judged for tax",
        TAXES,
        "WHEN (NEW.status = 'paid' AND OLD.status = 'pending'",
        "WHEN (false AND OLD.status = 'pending'",
        f"{TAX_TESTS}::test_no_person_is_paid_without_being_judged_for_tax",
    ),
    Mutant(
        "what is paid over is what was withheld in a month that is over",
        TAXES,
        "IF NEW.paid_on < NEW.month + interval '1 month' OR",
        "IF",
        f"{TAX_TESTS}::test_the_database_takes_no_other_amount_and_no_month_that_runs",
    ),
    Mutant(
        "two batches of one place accumulate one after the other",
        "procurement/taxes/service.py",
        'await database.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"tax:{payer.place_code}")',
        "pass",
        f"{TAX_TESTS}::test_two_batches_of_one_place_paid_at_once_accumulate_all_the_same",
    ),
    Mutant(
        "unconfirmed rates pay nobody outside the demonstration",
        "procurement/taxes/law.py",
        "    rely_on([found])\n",
        "",
        f"{TAX_TESTS}::test_outside_the_demonstration_unconfirmed_rates_pay_nobody",
    ),
    Mutant(
        "a hidden total is not left one value",
        "procurement/ledger/disclosure/suppression.py",
        "known = determined(equations, found)",
        "known = dict[Key, tuple[Key, ...]]()",
        f"{SUPPRESSION}::test_one_small_cell_takes_others_with_it_so_that_no_margin_gives_it_away",
    ),
    Mutant(
        "a hidden total is not left one value by several published ones together",
        "procurement/ledger/disclosure/suppression.py",
        "return min(telling, key=lambda key: (cells[key].fen, key), default=None)",
        "return None",
        f"{SUPPRESSION}::test_a_cell_is_not_given_away_by_equations_that_do_not_speak_of_it",
    ),
    Mutant(
        "hidden parts are together the pay of enough people",
        "procurement/ledger/disclosure/suppression.py",
        "return bool(people) and sum(people) < smallest",
        "return False",
        f"{SUPPRESSION}::test_hidden_parts_of_a_published_total_are_together_the_pay_of_enough_people",
    ),
)
