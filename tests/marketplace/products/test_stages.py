"""The database knows a product's stages, whoever writes: the tables of the rules, and nothing past them."""

from itertools import product as pairs

import pytest

from app.core import database
from marketplace.products import service
from marketplace.products.review import service as review
from marketplace.products.review.rules import Verdict
from marketplace.products.review.service import ProductDecision
from marketplace.products.rules import (
    LISTING_VERDICTS,
    REVIEW_VERDICTS,
    REVISIONS,
    TRANSITIONS,
    ProductStatus,
    Revision,
)
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
    await refused("product_listing_decided", "UPDATE product SET listed_version = 2")
    await refused("product_stage_in_order", "UPDATE product SET revision = 'changes_requested'")
    await service.submit_products(member, [listed.reference])
    await refused("product_stage_in_order", "UPDATE product SET latest_version = 1")
    officer = await world.reviewer()
    await review.begin_review(officer, [listed.reference])
    async with database.transaction():  # decided to be listed, and withdrawn in the same moment
        await database.execute(DECIDE.replace("v.number = 1", "v.number = 2"), listed.id, officer.actor, [Verdict.LIST])
        await database.execute("UPDATE product SET status = 'withdrawn', revision = 'none'")
    await refused("product_stage_in_order", "UPDATE product SET listed_version = 2")


BEGIN = """INSERT INTO review_start (product_version_id, author_id, reviewer_id, begun_at)
           SELECT id, author_id, $2, now() FROM product_version WHERE product_id = $1 AND number = 1"""
DECIDE = """INSERT INTO product_decision (product_version_id, author_id, reviewer_id, verdict, reasons, decided_at)
            SELECT v.id, v.author_id, $2, verdict, 'x', now() FROM product_version v, unnest($3::text[]) AS verdict
            WHERE v.product_id = $1 AND v.number = 1"""


async def test_a_version_is_taken_up_and_decided_on_in_its_turn(db: None) -> None:
    product, officer = await world.draft_product(), (await world.reviewer()).actor
    await refused("product_verdict_in_turn", BEGIN, product.id, officer)
    await service.submit_products(product.organization.member, [product.reference])
    for verdict in Verdict:
        await refused("product_verdict_in_turn", DECIDE, product.id, officer, [verdict])
    await review.begin_review(await world.reviewer(), [product.reference])
    for verdict in LISTING_VERDICTS:
        await refused("product_verdict_in_turn", DECIDE, product.id, officer, [verdict])


async def test_a_listing_is_decided_on_as_it_stands_once_at_a_time(db: None) -> None:
    listed, officer = await world.listed_product(), (await world.reviewer()).actor
    await refused("product_verdict_in_turn", DECIDE, listed.id, officer, [Verdict.REINSTATE])
    await refused("product_verdict_in_turn", DECIDE, listed.id, officer, [Verdict.SUSPEND, Verdict.SUSPEND])
    await service.save_product(listed.organization.member, listed.reference, 1, world.content(title_zh="社区反诈讲座"))
    another = DECIDE.replace("v.number = 1", "v.number = 2")
    await refused("product_verdict_in_turn", another, listed.id, officer, [Verdict.SUSPEND])
    await world.decide(listed, Verdict.SUSPEND)
    await refused("product_verdict_in_turn", DECIDE, listed.id, officer, [Verdict.SUSPEND])


async def test_a_step_of_a_review_moves_its_product(db: None) -> None:
    product, officer = await world.submitted_product(), (await world.reviewer()).actor
    await refused("product_verdict_followed", BEGIN, product.id, officer)
    await review.begin_review(await world.reviewer(), [product.reference])
    for verdict in REVIEW_VERDICTS:
        await refused("product_verdict_followed", DECIDE, product.id, officer, [verdict])
    listed = await world.listed_product()
    for verdict in (Verdict.SUSPEND, Verdict.DELIST):
        await refused("product_verdict_followed", DECIDE, listed.id, officer, [verdict])


async def test_what_a_verdict_does_no_update_does_without_one(db: None) -> None:
    product, officer = await world.submitted_product(), await world.reviewer()
    await review.begin_review(officer, [product.reference])
    move = "UPDATE product SET status = $2 WHERE id = $1"
    for status in ("changes_requested", "rejected"):
        await refused("product_verdict_given", move, product.id, status)
    listed = await world.listed_product()
    suspend = "UPDATE product SET status = 'suspended', suspended_for = $2 WHERE id = $1"
    for ground in ("", "decision"):
        await refused("product_verdict_given", suspend, listed.id, ground)
    await refused("product_verdict_given", move, listed.id, "delisted")
    member = listed.organization.member
    await service.save_product(member, listed.reference, 1, world.content(title_zh="社区反诈讲座"))
    await service.submit_products(member, [listed.reference])
    await review.begin_review(officer, [listed.reference])
    for revision in ("changes_requested", "none"):
        await refused("product_verdict_given", "UPDATE product SET revision = $2 WHERE id = $1", listed.id, revision)
    await review.decide_products(officer, [ProductDecision(listed.reference, 2, Verdict.REJECT, "不合格")])
    assert await database.fetch_value("SELECT revision FROM product WHERE id = $1", listed.id) == "none"
