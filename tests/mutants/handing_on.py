"""Guards of substitutes and swaps, people beyond the quota, standing sign-ups, groups and companions."""

from tests.mutants.mutant import Mutant

EXCHANGES = "volunteers/piccolo_migrations/exchanges.sql"
EXCHANGED = "tests/volunteers/assignments/exchanges/test_guarantees.py"
OVER_QUOTA = "volunteers/piccolo_migrations/over_quota.sql"
BEYOND = "tests/volunteers/assignments/over_quota/test_over_quota.py"
STANDING = "volunteers/piccolo_migrations/standing.sql"
WEEKLY = "tests/volunteers/assignments/standing/test_standing.py"
AGREED = "tests/volunteers/assignments/standing/test_guarantees.py"
GROUPS = "volunteers/piccolo_migrations/groups.sql"
TOGETHER = "tests/volunteers/assignments/groups/test_groups.py"
COMPANIONS = "volunteers/piccolo_migrations/companions.sql"
FRIENDS = "tests/volunteers/assignments/companions/test_companions.py"

HANDING_ON = (
    Mutant(
        "a seat is given away by an accepted offer only", EXCHANGES,
        "FOR EACH ROW WHEN (NEW.ended_reason IN ('substituted', 'swapped')) EXECUTE",
        "FOR EACH ROW WHEN (NEW.ended_reason = 'given') EXECUTE",
        f"{EXCHANGED}::test_raw_sql_gives_no_seat_away_without_an_offer_and_carries_each_offer_out",
    ),
    Mutant(
        "an accepted offer is carried out", EXCHANGES,
        "WHEN (NEW.status = 'accepted') EXECUTE", "WHEN (NEW.status = 'done') EXECUTE",
        f"{EXCHANGED}::test_raw_sql_gives_no_seat_away_without_an_offer_and_carries_each_offer_out",
    ),
    Mutant(
        "one open question about a seat", EXCHANGES,
        "CREATE UNIQUE INDEX seat_exchange_one_open", "CREATE INDEX seat_exchange_one_open",
        f"{EXCHANGED}::test_a_no_and_a_question_taken_back_and_time_change_nothing",
    ),
    Mutant(
        "who loses a seat no longer offers it", EXCHANGES,
        "IF gone = '{}' THEN RETURN NULL; END IF;", "RETURN NULL;",
        f"{EXCHANGED}::test_who_gives_the_seat_back_or_loses_it_no_longer_offers_it",
    ),
    Mutant(
        "who is beyond the quota is not booked", OVER_QUOTA,
        "AS seats FROM after_rows WHERE live AND NOT over_quota", "AS seats FROM after_rows WHERE live",
        f"{BEYOND}::test_a_person_comes_beyond_the_quota_and_counts_like_any_other_but_not_as_booked",
    ),
    Mutant(
        "nobody is beyond the quota undecided", OVER_QUOTA,
        "WHEN (NEW.origin = 'over_quota') EXECUTE", "WHEN (NEW.origin = 'nobody') EXECUTE",
        f"{BEYOND}::test_raw_sql_puts_nobody_beyond_the_quota_without_a_decision_nor_counts_them",
    ),
    Mutant(
        "nobody adds themselves beyond the quota", OVER_QUOTA,
        "IF seat.account_id = NEW.decided_by THEN", "IF false THEN",
        f"{BEYOND}::test_nobody_adds_themselves_whoever_writes",
    ),
    Mutant(
        "nobody agrees for somebody else to come every week", STANDING,
        "AND account_id = NEW.agreed_by) THEN", "AND account_id > 0) THEN",
        f"{AGREED}::test_raw_sql_makes_nobody_stand_who_did_not_agree_nor_seats_them_so",
    ),
    Mutant(
        "a seat every week is somebody's standing one", STANDING,
        "WHEN (NEW.origin = 'standing') EXECUTE", "WHEN (NEW.origin = 'nobody') EXECUTE",
        f"{AGREED}::test_raw_sql_makes_nobody_stand_who_did_not_agree_nor_seats_them_so",
    ),
    Mutant(
        "who agreed first is seated first", "volunteers/assignments/standing/seating.py",
        "ORDER BY a.starts, a.id, t.agreed_at, t.id", "ORDER BY a.starts, a.id, t.agreed_at DESC, t.id DESC",
        f"{WEEKLY}::test_who_agreed_first_is_seated_first_and_who_got_no_seat_is_told_why",
    ),
    Mutant(
        "all of a group or none", GROUPS,
        "OR NEW.all_or_none AND seated < NEW.wanted THEN", "THEN",
        f"{TOGETHER}::test_raw_sql_makes_no_group_that_is_not_whole_nor_of_other_peoples_people",
    ),
    Mutant(
        "an organization sends its own people", GROUPS,
        "AND p.organization_id = g.organization_id", "",
        f"{TOGETHER}::test_raw_sql_makes_no_group_that_is_not_whole_nor_of_other_peoples_people",
    ),
    Mutant(
        "a group of friends is seated as a whole", COMPANIONS,
        "WHEN (NEW.status = 'seated') EXECUTE", "WHEN (NEW.status = 'whole') EXECUTE",
        f"{FRIENDS}::test_raw_sql_seats_no_group_by_halves_nor_anybody_without_one",
    ),
    Mutant(
        "nobody is seated as a companion without a group", COMPANIONS,
        "WHEN (NEW.origin = 'companions') EXECUTE", "WHEN (NEW.origin = 'nobody') EXECUTE",
        f"{FRIENDS}::test_raw_sql_seats_no_group_by_halves_nor_anybody_without_one",
    ),
    Mutant(
        "too few seats for all friends are told and not an error", "volunteers/assignments/companions/seating.py",
        "    if obstacle is not None:", "    if obstacle is not None and obstacle.unfit:",
        f"{FRIENDS}::test_when_seats_are_gone_nobody_is_seated_everybody_hears_why_and_the_group_tries_again",
    ),
)  # fmt: skip
