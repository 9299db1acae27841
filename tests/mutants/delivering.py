"""Guards of proofs, judgements and what those who were there say."""

from tests.mutants.mutant import Mutant

PROOFS = "procurement/piccolo_migrations/proofs.sql"
JUDGING = "procurement/piccolo_migrations/judging.sql"
EVALUATING = "procurement/piccolo_migrations/evaluating.sql"
TESTS = "tests/procurement/deliveries"

DELIVERING = (
    Mutant(
        "nothing is accepted without its proofs", JUDGING,
        "WHERE present < needed) THEN", "WHERE present < 0) THEN",
        f"{TESTS}/proofs/test_proofs.py::test_a_lecture_is_accepted_once_sheet_photo_and_log_are_there",
    ),
    Mutant(
        "nobody adds a proof to what was judged", PROOFS,
        "IF held.status NOT IN ('scheduled', 'delivered') THEN", "IF held.status = '' THEN",
        f"{TESTS}/proofs/test_proofs.py::test_proofs_are_taken_between_the_service_and_the_acceptance",
    ),
    Mutant(
        "who brought a proof does not accept", JUDGING,
        "AND f.handed_in_by = person_account)", "AND false)",
        f"{TESTS}/proofs/test_proofs.py"
        "::test_whoever_brought_a_proof_or_taught_does_not_accept_not_even_past_the_service",
    ),
    Mutant(
        "nobody of the provider judges its delivery", JUDGING,
        "WHERE m.organization_id = c.organization_id AND m.account_id = person_account", "WHERE false",
        f"{TESTS}/acceptances/test_guards.py::test_nobody_of_the_provider_judges_its_delivery",
    ),
    Mutant(
        "the verdict follows from the lines", JUDGING,
        "IF (NEW.verdict = 'accepted') <> (lines.unmet = 0) THEN", "IF false THEN",
        f"{TESTS}/acceptances/test_guards.py::test_every_line_is_judged_and_the_verdict_is_what_the_lines_say",
    ),
    Mutant(
        "a provider has its time to put right", JUDGING,
        "AND r.due_on >= (NEW.judged_at AT TIME ZONE 'Asia/Shanghai')::date", "AND false",
        f"{TESTS}/acceptances/test_guards.py::test_a_delivery_being_put_right_is_judged_again_once_the_provider_says_so",
    ),
    Mutant(
        "an acceptance rests on a judgement", JUDGING,
        "FROM new_acceptances n WHERE NOT EXISTS (", "FROM new_acceptances n WHERE false AND NOT EXISTS (",
        f"{TESTS}/test_deliveries.py::test_raw_sql_cannot_accept_what_was_not_delivered_nor_twice",
    ),
    Mutant(
        "no more voices than people", EVALUATING,
        "ordered FROM village_order WHERE assignment_id = NEW.assignment_id FOR NO KEY UPDATE",
        "ordered FROM village_order WHERE assignment_id = NEW.assignment_id",
        "tests/procurement/oversight/ratings/test_ratings.py"
        "::test_a_crowd_at_the_door_speaks_no_more_often_than_people_were_there",
    ),
    Mutant(
        "a picture keeps no position", "app/attachments/pictures.py",
        "return _only_orientation(turned) if turned else b\"\"", "return segment",
        "tests/app/attachments/test_pictures.py::test_position_and_device_are_gone_and_every_pixel_is_there",
    ),
)  # fmt: skip
