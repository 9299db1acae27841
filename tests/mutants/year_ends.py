"""Guards of the end of a budget year."""

from tests.mutants.mutant import Mutant

SQL = "procurement/piccolo_migrations/year_ends.sql"
SERVICE = "procurement/budgets/year_ends/service.py"
RULES = "procurement/budgets/year_ends/rules.py"
CLOSING = "tests/procurement/budgets/year_ends/test_closing.py"
GUARDED = "tests/procurement/budgets/year_ends/test_year_end_guards.py"
KILLED = "tests/procurement/budgets/year_ends/test_closing_killed.py"
RULED = "tests/procurement/budgets/year_ends/test_year_end_rules.py"
TWICE = f"{GUARDED}::test_two_people_close_a_year_once_as_it_was_prepared"
NEVER = f"{GUARDED}::test_a_closed_line_never_moves_again_by_whatever_path"
OR_NONE = f"{GUARDED}::test_a_closing_moves_books_and_marks_what_it_says_or_is_none"
FATE = f"{GUARDED}::test_what_becomes_of_money_is_what_the_law_says"
DUE = f"{GUARDED}::test_a_year_closes_when_it_and_its_months_and_the_years_before_are_over"

YEAR_ENDS = (
    Mutant(
        "who prepared the end of a year does not close it", SQL,
        "CHECK (closed_by <> prepared_by)", "CHECK (closed_by IS NULL OR prepared_by > 0)", TWICE,
    ),
    Mutant(
        "a year of a place is closed once", SQL,
        "CREATE UNIQUE INDEX year_closing_once", "CREATE INDEX year_closing_once", TWICE,
    ),
    Mutant(
        "a closed line never moves", SQL,
        "WHEN (OLD.closing_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_line",
        "WHEN (false) EXECUTE FUNCTION refuse_closed_line",
        NEVER,
    ),
    Mutant(
        "no line is opened in a closed year", SQL,
        "(NEW.place_id, NEW.year, 'closed')) THEN", "(NEW.place_id, NEW.year, 'dropped')) THEN", NEVER,
    ),
    Mutant(
        "a year closes when its months are closed", SQL,
        "extract(year FROM p.starts_on) = NEW.year AND p.closed_at IS NULL", "false", DUE,
    ),
    Mutant(
        "years close in their order", SQL,
        "l.year < NEW.year AND l.closing_id IS NULL", "false", DUE,
    ),
    Mutant(
        "donated money never lapses", SQL,
        "IF due.fund = 'donated' AND NEW.fate = 'lapsed' THEN", "IF false THEN", FATE,
    ),
    Mutant(
        "what a closing carries arrives", SQL,
        "IF (SELECT array_agg(format('%s %s %s %s %s %s'", "IF false AND (SELECT array_agg(format('%s %s %s %s %s %s'",
        OR_NONE,
    ),
    Mutant(
        "a closing is booked", SQL,
        "CREATE CONSTRAINT TRIGGER year_closing_booked AFTER INSERT",
        "CREATE CONSTRAINT TRIGGER year_closing_booked AFTER UPDATE",
        OR_NONE,
    ),
    Mutant(
        "the figures of a closing are those that were prepared", SERVICE,
        'if found.fingerprint != standing["figures_sha256"]:', "if False:",
        f"{CLOSING}::test_money_that_moved_since_the_preparation_is_looked_at_again",
    ),
    Mutant(
        "bound money is not carried for ever", RULES,
        "year - held.origin_year >= carry_years", "year - held.origin_year > carry_years",
        f"{RULED}::test_bound_money_goes_over_as_often_as_the_rule_says_and_then_lapses",
    ),
    Mutant(
        "after a year's end the line that pays instead tells whether money is short",
        "procurement/claims/standing/queries.py", "line.id = paying_line(c.budget_line_id)",
        "line.id = c.budget_line_id",
        "tests/procurement/claims/test_standing.py"
        "::test_after_the_end_of_its_year_the_line_that_pays_instead_tells_whether_money_is_short",
    ),
    Mutant(
        "a closing is one transaction, whatever kills it", SERVICE,
        "    principal.scope(Permission.BUDGET_APPROVE).require_place(place_code)\n    async with transaction():\n"
        "        place_id = await _held_place(place_code)\n",
        "    principal.scope(Permission.BUDGET_APPROVE).require_place(place_code)\n"
        "    async with transaction():\n        place_id = await _held_place(place_code)\n"
        "        await database.execute(_OPEN_NEXT, place_id, year)\n    async with transaction():\n",
        f"{KILLED}::test_killed_before_any_statement_nothing_half_closed_stays_and_the_next_attempt_ends_alike",
    ),
    Mutant(
        "what was bound on a closed line is paid from the one that stands in for it",
        "procurement/budgets/movements.py", "return replace(movement, line_id=onto)", "return movement",
        f"{CLOSING}::test_a_carried_contract_goes_on_being_delivered_and_paid_from_the_new_line",
    ),
)  # fmt: skip
