"""Guards of what programs read and write below /api/v1."""

from tests.mutants.mutant import Mutant

INCUBATION = "tests/marketplace/organizations/incubation/test_api.py"
EDITIONS = "tests/marketplace/products/editions/test_api.py"
FLAGSHIPS = "tests/marketplace/flagships/test_api.py"
MEMBERS = "tests/marketplace/organizations/members/test_api.py"
TENDERS = "tests/procurement/purchases/tenders/test_api.py"
OFFICERS_ONLY = "return not principal.can(Permission.PRODUCT_REVIEW)"

PROGRAMS = (
    Mutant(
        "a program of the public finds no draft edition", "marketplace/products/editions/api.py",
        OFFICERS_ONLY, "return False",
        f"{EDITIONS}::test_a_draft_is_found_by_officers_only_and_written_by_nobody_else",
    ),
    Mutant(
        "a program of the public finds no proposed project", "marketplace/flagships/api.py",
        OFFICERS_ONLY, "return False",
        f"{FLAGSHIPS}::test_a_proposal_is_found_by_officers_only_and_decided_by_those_of_the_place",
    ),
    Mutant(
        "a program links to no organization before it is verified", "marketplace/organizations/incubation/api.py",
        "row.organization if row.verified else None", "row.organization",
        f"{INCUBATION}::test_an_organization_without_a_public_page_is_named_without_a_link",
    ),
    Mutant(
        "nothing keeps what an invitation's link shows", "marketplace/organizations/members/api.py",
        '"private, no-store"', '"public"',
        f"{MEMBERS}::test_a_link_is_read_by_whoever_has_it_and_spent_by_a_word",
    ),
    Mutant(
        "a tender's intention is recorded once, when it begins", "procurement/purchases/tenders/facts.py",
        "RECORDED = frozenset(StepKind) - {StepKind.INTENT}", "RECORDED = frozenset(StepKind)",
        f"{TENDERS}::test_what_is_no_step_of_a_tender_under_way_is_not_recorded",
    ),
    Mutant(
        "a purchase of another method has no steps", "procurement/purchases/tenders/api.py",
        "if found.method is not Method.TENDER:\n        raise NotFound\n    content", "content",
        f"{TENDERS}::test_a_purchase_that_is_no_tender_has_no_steps_to_record",
    ),
)  # fmt: skip
