"""Guards of the provider's side: templates, declarations, listings that follow, recusal, owners, papers that end."""

from tests.mutants.mutant import Mutant

SQL = "marketplace/piccolo_migrations"
CAPACITY = "tests/marketplace/products/capacity/test_asking.py"
CHECKING = "tests/marketplace/products/checking/test_looking_ahead.py"
STAGES = "tests/marketplace/products/test_stages.py"
SUSPENSION = "tests/marketplace/products/suspension/test_suspension.py"
INTERESTS = "tests/marketplace/organizations/interests/test_interests.py"
MEMBERS = "tests/marketplace/organizations/members/test_members.py"
MATRIX = "tests/marketplace/organizations/matrix/test_matrix.py"
PAPERS = "tests/marketplace/organizations/qualifications/test_files_and_expiry.py"

PROVIDERS = (
    Mutant(
        "a submission says how much can be had in a month", f"{SQL}/capacity_stated.sql",
        "IF NOT EXISTS (SELECT FROM product_capacity c WHERE c.product_id = NEW.id) THEN", "IF false THEN",
        f"{CAPACITY}::test_raw_sql_submits_nothing_without_it_and_takes_no_last_word_back",
    ),
    Mutant(
        "the last word on a month stays", f"{SQL}/capacity_stated.sql",
        "AND p.status <> 'draft') THEN", "AND false) THEN",
        f"{CAPACITY}::test_raw_sql_submits_nothing_without_it_and_takes_no_last_word_back",
    ),
    Mutant(
        "a submission is declared to be off the negative list", f"{SQL}/writing.sql",
        "AND d.product_version = NEW.latest_version)", "AND true OR true)",
        f"{CHECKING}::test_the_database_refuses_a_submission_that_nobody_declared",
    ),
    Mutant(
        "a submission is within the matrix of its day", f"{SQL}/matrix.sql",
        "SELECT r.value = 1 FROM law_rule r", "SELECT true FROM law_rule r",
        f"{MATRIX}::test_the_database_takes_no_submission_that_the_matrix_of_the_day_closes",
    ),
    Mutant(
        "a category is open from the day of its row", "marketplace/organizations/provision.py",
        "return row if row and row.open else None", "return row",
        f"{MATRIX}::test_what_two_officers_decide_opens_and_closes_a_category_from_its_day",
    ),
    Mutant(
        "a product that was taken down is not listed again", f"{SQL}/stages.sql",
        "in_order := is_product_step(OLD.status, NEW.status)", "in_order := true",
        f"{STAGES}::test_a_suspension_ends_by_a_decision_or_with_the_provider_s_own",
    ),
    Mutant(
        "a version is listed out of its review", f"{SQL}/stages.sql",
        "OR 'in_review' IN (OLD.status, OLD.revision) AND", "OR",
        f"{STAGES}::test_no_version_is_written_under_the_reviewer_s_eyes_or_listed_past_them",
    ),
    Mutant(
        "a verdict comes in its turn", f"{SQL}/verdicts.sql",
        "IF NOT is_in_turn(verdict, decided.number, at) OR verdict", "IF verdict",
        f"{STAGES}::test_a_version_is_taken_up_and_decided_on_in_its_turn",
    ),
    Mutant(
        "a step of a review moves its product", f"{SQL}/verdicts.sql",
        "AND is_in_turn(coalesce(", "AND false AND is_in_turn(coalesce(",
        f"{STAGES}::test_a_step_of_a_review_moves_its_product",
    ),
    Mutant(
        "what a verdict does, no update does without one", f"{SQL}/verdicts.sql",
        "IF needed <> coalesce(", "IF false AND needed <> coalesce(",
        f"{STAGES}::test_what_a_verdict_does_no_update_does_without_one",
    ),
    Mutant(
        "a paper that ends within the period is warned of", "marketplace/products/checking/rules.py",
        "if last is None or last >= horizon.last:", "if last is None or last >= horizon.review_due:",
        f"{CHECKING}::test_a_paper_is_warned_of_within_the_period",
    ),
    Mutant(
        "listings fall with their provider", f"{SQL}/suspension.sql",
        "WHERE organization_id = NEW.id AND status = 'listed';", "WHERE organization_id = NEW.id AND status = 'other';",
        f"{SUSPENSION}::test_listings_are_suspended_with_their_provider_and_come_back_with_it",
    ),
    Mutant(
        "only what fell with the provider comes back with it", f"{SQL}/suspension.sql",
        "AND status = 'suspended' AND suspended_for = 'organization';", "AND status = 'suspended';",
        f"{SUSPENSION}::test_what_was_suspended_for_another_reason_stays_suspended",
    ),
    Mutant(
        "nothing of a suspended provider is listed", f"{SQL}/suspension.sql",
        "o.status = 'verified' FOR SHARE", "true FOR SHARE",
        f"{SUSPENSION}::test_no_reviewer_lists_or_reinstates_for_a_suspended_provider",
    ),
    Mutant(
        "a declared tie bars", f"{SQL}/interests.sql",
        "WHERE i.organization_id = provider AND i.account_id = officer", "WHERE i.organization_id = provider AND false",
        f"{INTERESTS}::test_the_database_bars_begin_decide_and_verify_for_whoever_writes",
    ),
    Mutant(
        "a tie of work bars for three years after it ended", f"{SQL}/interests.sql",
        "ELSE (past.today - past.years)::date END", "ELSE past.today END",
        f"{INTERESTS}::test_rule_and_database_agree_on_how_long_an_ended_tie_bars",
    ),
    Mutant(
        "an organization keeps an owner", f"{SQL}/members.sql",
        "IF NOT has_owner(OLD.organization_id) THEN", "IF false THEN",
        f"{MEMBERS}::test_the_database_keeps_an_owner_whoever_writes",
    ),
    Mutant(
        "two owners who leave at once do not count on each other", f"{SQL}/members.sql",
        "PERFORM FROM organization WHERE id = OLD.organization_id FOR NO KEY UPDATE;", "",
        f"{MEMBERS}::test_the_database_lets_the_second_owner_who_leaves_wait_for_the_first",
    ),
    Mutant(
        "an invitation by number is for its holder", "marketplace/organizations/members/service.py",
        'if row["phone_digest"] is not None and', 'if row["phone_digest"] == b"" and',
        f"{MEMBERS}::test_an_invitation_by_number_is_for_its_holder_alone_and_keeps_no_number",
    ),
    Mutant(
        "a paper's file is for members and verifying officers", "marketplace/organizations/qualifications/files.py",
        'principal.scope(officer).covers_place(row["code"])', "True",
        f"{PAPERS}::test_members_and_verifying_officers_read_a_file_and_nobody_else",
    ),
    Mutant(
        "a reminder of a paper's end is sent once", f"{SQL}/papers.sql",
        "UNIQUE (qualification_id, days_before)", "UNIQUE (qualification_id, days_before, sent_at)",
        f"{PAPERS}::test_members_are_reminded_60_30_and_7_days_before_once_each",
    ),
)  # fmt: skip
