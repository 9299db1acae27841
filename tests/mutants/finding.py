"""Guards of finding a service: what is shown, what is counted, what is kept to oneself."""

from tests.mutants.mutant import Mutant

LISTINGS_SQL = "marketplace/piccolo_migrations/listings.sql"
LISTINGS = "tests/marketplace/products/listings/test_listings.py"
SAVED_SQL = "marketplace/piccolo_migrations/saved_searches.sql"
SAVED = "tests/marketplace/products/saved/test_saved.py"
FACETS = "tests/marketplace/products/test_facets.py"
SEARCH = "tests/marketplace/products/test_search.py"

FINDING = (
    Mutant(
        "what is no longer listed is not shown", LISTINGS_SQL,
        "priced = excluded.priced, shown = excluded.shown,", "priced = excluded.priced,",
        f"{LISTINGS}::test_raw_sql_cannot_leave_a_listing_behind",
    ),
    Mutant(
        "a rating is between one and five", LISTINGS_SQL,
        "CHECK (rating_sum BETWEEN rating_count AND 5 * rating_count)", "CHECK (rating_count >= 0)",
        f"{FACETS}::test_no_rating_is_outside_of_one_to_five",
    ),
    Mutant(
        "twenty saved searches", SAVED_SQL,
        "CHECK (slot BETWEEN 1 AND 20)", "CHECK (slot > 0)",
        f"{SAVED}::test_the_database_itself_has_no_twenty_first_slot",
    ),
    Mutant(
        "one's own searches", "marketplace/products/saved/service.py",
        "WHERE public_id = $1 AND account_id = $2 RETURNING id", "WHERE public_id = $1 AND $2 > 0 RETURNING id",
        f"{SAVED}::test_a_search_is_kept_sealed_and_only_its_owner_sees_and_deletes_it",
    ),
    Mutant(
        "a place is an official code", "marketplace/products/search.py",
        "if not code.isdecimal():", "if not code:",
        f"{SEARCH}::test_a_village_is_reached_by_what_is_offered_above_it",
    ),
)  # fmt: skip
