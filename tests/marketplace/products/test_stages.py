"""The database knows a product's stages, whoever writes: the tables of the rules, and nothing past them."""

from itertools import product as pairs

import pytest

from app.core import database
from marketplace.products import service
from marketplace.products.review.rules import Verdict
from marketplace.products.rules import REVISIONS, TRANSITIONS, ProductStatus, Revision
from tests import world
from tests.refusals import refused


async def test_the_database_knows_the_steps_of_the_rules_and_no_other(db: None) -> None:
    known = {(before.value, after.value) for (before, _), after in TRANSITIONS.items()}
    revised = {(before.value, after.value) for (before, _), after in REVISIONS.items()}
    for function, stages, steps in (
        ("is_product_step", ProductStatus, known),
        ("is_revision_step", Revision, revised),
    ):
        for before, after in pairs(stages, repeat=2):
            taken = await database.fetch_value(f"SELECT {function}($1, $2)", before.value, after.value)
            assert taken == (before is after or (before.value, after.value) in steps), (before, after)


@pytest.mark.parametrize("status", [status for status in ProductStatus if status is not ProductStatus.DRAFT])
async def test_a_product_begins_as_a_draft(db: None, status: ProductStatus) -> None:
    listed = await world.listed_product()
    begun = """INSERT INTO product (organization_id, category, status, created_by, created_at)
               SELECT organization_id, category, $2, created_by, now() FROM product WHERE id = $1"""
    await refused("product_stage_in_order", begun, listed.id, status.value)


async def test_a_suspension_ends_by_a_decision_or_with_the_provider_s_own(db: None) -> None:
    listed = await world.listed_product()
    await world.decide(listed, Verdict.SUSPEND)
    await refused("product_stage_in_order", "UPDATE product SET status = 'listed', suspended_for = ''")
    await refused("product_stage_in_order", "UPDATE product SET suspended_for = 'organization'")
    await world.decide(listed, Verdict.REINSTATE)
    await world.decide(listed, Verdict.DELIST)
    await refused("product_stage_in_order", "UPDATE product SET status = 'listed'")


async def test_no_version_is_written_under_the_reviewer_s_eyes_or_listed_past_them(db: None) -> None:
    listed = await world.listed_product()
    member = listed.organization.member
    await service.save_product(member, listed.reference, 1, world.content(title_zh="社区反诈讲座"))
    await database.execute(
        """INSERT INTO product_decision (product_version_id, author_id, reviewer_id, verdict, reasons, decided_at)
           SELECT id, author_id, $2, 'list', 'x', now() FROM product_version WHERE product_id = $1 AND number = 2""",
        *(listed.id, (await world.reviewer()).actor),
    )
    await refused("product_stage_in_order", "UPDATE product SET listed_version = 2")
    await refused("product_stage_in_order", "UPDATE product SET revision = 'changes_requested'")
    await service.submit_products(member, [listed.reference])
    await refused("product_stage_in_order", "UPDATE product SET latest_version = 1")
