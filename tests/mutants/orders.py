"""Guards of what villages order, wait for, move, rate and wish."""

from tests.mutants.mutant import Mutant

MONTHS_SQL = "procurement/piccolo_migrations/months.sql"
MONTHS = "tests/procurement/deliveries/months/test_months.py"
HOURS_SQL = "procurement/piccolo_migrations/hours_kept.sql"
HOURS = "tests/procurement/deliveries/ordering/test_hours.py"
WAITING_SQL = "procurement/piccolo_migrations/waiting_villages.sql"
WAITING = "tests/procurement/deliveries/waiting/test_waiting.py"
ANSWERING_SQL = "procurement/piccolo_migrations/answering.sql"
ANSWERING = "tests/procurement/deliveries/answering/test_answering.py"
CHANGES_SQL = "procurement/piccolo_migrations/changes.sql"
CHANGES = "tests/procurement/deliveries/changes/test_changes.py"
RATINGS_SQL = "procurement/piccolo_migrations/village_ratings.sql"
RATINGS = "tests/procurement/deliveries/ratings/test_ratings.py"
WISHES_SQL = "marketplace/piccolo_migrations/wishes.sql"
WISHES = "tests/marketplace/wishes/test_wishes.py"

ORDERS = (
    Mutant(
        "orders within the monthly capacity", MONTHS_SQL,
        "CHECK (taken >= 0 AND (units IS NULL OR taken <= units))", "CHECK (taken >= 0)",
        f"{MONTHS}::test_raw_sql_can_neither_outrun_a_month_nor_count_by_hand",
    ),
    Mutant(
        "nobody counts a month by hand", MONTHS_SQL,
        "IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN", "IF TG_OP = 'UPDATE' THEN",
        f"{MONTHS}::test_raw_sql_can_neither_outrun_a_month_nor_count_by_hand",
    ),
    Mutant(
        "an order that moves takes its count along", MONTHS_SQL,
        "CREATE TRIGGER village_order_timed_over AFTER UPDATE ON village_order\n"
        "    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows\n"
        "    FOR EACH STATEMENT EXECUTE FUNCTION count_months_moved();\n", "",
        f"{MONTHS}::test_an_order_that_moves_to_another_month_moves_its_count",
    ),
    Mutant(
        "no order on a day off", MONTHS_SQL,
        "x.product_id = d.product_id AND x.day = d.day) THEN", "x.product_id = d.product_id AND false) THEN",
        f"{MONTHS}::test_no_order_lies_on_a_day_off_and_no_day_off_over_an_order",
    ),
    Mutant(
        "no day off over an order", MONTHS_SQL,
        "CREATE TRIGGER product_blackout_free BEFORE INSERT OR UPDATE",
        "CREATE TRIGGER product_blackout_free BEFORE UPDATE",
        f"{MONTHS}::test_no_order_lies_on_a_day_off_and_no_day_off_over_an_order",
    ),
    Mutant(
        "an order lies within its village's hours", HOURS_SQL,
        "IF EXISTS (SELECT FROM village_hour WHERE place_id = NEW.place_id) AND NOT", "IF false AND NOT",
        f"{HOURS}::test_raw_sql_neither_writes_nor_moves_nor_revives_an_order_outside_the_hours",
    ),
    Mutant(
        "a turn in the queue suits the village", "procurement/deliveries/waiting/rules.py",
        " and within(hours, start)", "",
        f"{HOURS}::test_a_village_s_turn_in_the_queue_comes_on_a_day_that_suits_it",
    ),
    Mutant(
        "what is free belongs to those who wait", "procurement/deliveries/months/rules.py",
        "self.free <= self.waiting", "self.free == 0",
        f"{WAITING}::test_what_is_free_belongs_to_those_who_wait",
    ),
    Mutant(
        "places short of lawyers are served first", "procurement/deliveries/waiting/queries.py",
        "place.short_of_lawyers DESC, w.asked_at, w.id", "w.asked_at, w.id",
        f"{WAITING}::test_places_short_of_lawyers_come_first_then_who_asked_first",
    ),
    Mutant(
        "a village waits once", WAITING_SQL,
        "CREATE UNIQUE INDEX village_wait_once", "CREATE INDEX village_wait_once",
        f"{WAITING}::test_who_leaves_is_passed_over_and_a_village_waits_once",
    ),
    Mutant(
        "silence has no speaker", ANSWERING_SQL,
        "CHECK (refusal <> 'silence' OR answered_by IS NULL)", "CHECK (true)",
        f"{ANSWERING}::test_raw_sql_declines_only_with_a_reason_and_silence_has_no_speaker",
    ),
    Mutant(
        "one person does not agree for both sides", CHANGES_SQL,
        "CHECK (answered_by <> proposed_by)", "CHECK (answered_by > 0)",
        f"{CHANGES}::test_raw_sql_cannot_propose_twice_or_agree_with_oneself",
    ),
    Mutant(
        "only a visit that took place is rated", RATINGS_SQL,
        "AND o.status IN ('delivered', 'accepted', 'refused')) THEN", ") THEN",
        f"{RATINGS}::test_raw_sql_cannot_rate_a_visit_to_come_nor_rewrite_a_rating",
    ),
    Mutant(
        "no wish is fulfilled without a listed product", WISHES_SQL,
        "CREATE TRIGGER wish_has_answer BEFORE INSERT OR UPDATE OF status, category ON wish",
        "CREATE TRIGGER wish_has_answer BEFORE INSERT ON wish",
        f"{WISHES}::test_raw_sql_cannot_fulfil_without_a_product_or_join_from_elsewhere",
    ),
)  # fmt: skip
