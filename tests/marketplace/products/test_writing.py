"""A provider writes, saves, submits and takes back; each save is a version that stays."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.core import database
from app.core.access import ANONYMOUS
from app.core.errors import EditConflict, InvalidInput, NotFound, NotPermitted, NotSignedIn, TransitionRefused
from marketplace.organizations.provision import Category
from marketplace.products import queries, service
from marketplace.products.checking.queries import check_of
from marketplace.products.content import ProductContent, content_sha256
from marketplace.products.review.rules import Verdict
from marketplace.products.rules import NothingChanged
from marketplace.products.service import NewProduct, SubmissionRefused
from tests import world
from tests.conftest import rounds


async def _stage(product: world.Product) -> str:
    return (await queries.product_in_full(product.organization.member, product.reference)).stage.code


async def _save(product: world.Product, version: int, **written: Any) -> int:
    text = world.content(product.category, **written)
    return (await service.save_product(product.organization.member, product.reference, version, text)).version


async def test_a_first_draft_needs_no_more_than_a_name(db: None) -> None:
    provider = await world.organization()
    new = NewProduct(provider.public_id, Category.CONSULTATION, ProductContent("社区法律门诊"))
    saved = await service.create_product(provider.member, new)
    view = await queries.product_in_full(provider.member, saved.reference)
    assert (view.stage.code, view.latest_version, view.latest.content.unit) == ("draft", 1, None)
    assert saved.reference.startswith("CP-")


async def test_only_a_member_writes_for_an_organization(db: None) -> None:
    provider, other = await world.organization(), await world.organization()
    new = NewProduct(provider.public_id, Category.CONSULTATION, ProductContent("社区法律门诊"))
    with pytest.raises(NotPermitted):
        await service.create_product(other.member, new)
    with pytest.raises(NotSignedIn):
        await service.create_product(ANONYMOUS, new)
    product = await world.draft_product(provider)
    for attempt in (
        service.save_product(other.member, product.reference, 1, world.content()),
        service.submit_products(other.member, [product.reference]),
        service.withdraw_product(other.member, product.reference),
    ):
        with pytest.raises(NotPermitted):
            await attempt


async def test_each_save_is_a_version_and_the_history_tells_what_changed(db: None) -> None:
    product = await world.draft_product(title_zh="一")
    before = (await queries.product_in_full(product.organization.member, product.reference)).latest.content
    assert await _save(product, 1, title_zh="二", areas=("330106", "330110")) == 2
    view = await queries.product_in_full(product.organization.member, product.reference)
    assert [version.number for version in view.versions] == [2, 1]
    assert {(c.field, c.before, c.after) for c in view.latest.changes} == {
        ("title_zh", "一", "二"),
        ("areas", ("3301",), ("330106", "330110")),
    }
    assert view.versions[1].content == before
    assert view.versions[1].changes == ()
    assert view.latest.content_sha256 == content_sha256(view.latest.content).hex()


async def test_a_save_from_an_older_version_is_a_conflict(db: None) -> None:
    product = await world.draft_product()
    await _save(product, 1)
    with pytest.raises(EditConflict):
        await _save(product, 1)


async def test_of_two_people_saving_at_once_one_is_told(db: None) -> None:
    for _ in range(rounds(5, 100)):
        product = await world.draft_product()
        outcomes = await asyncio.gather(*(_save(product, 1) for _ in range(4)), return_exceptions=True)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == [*["EditConflict"] * 3, "int"]


async def test_a_save_that_changes_nothing_makes_no_version(db: None) -> None:
    product = await world.draft_product(title_zh="原样")
    view = await queries.product_in_full(product.organization.member, product.reference)
    again = replace(view.latest.content, title_zh=" 原样 ")
    with pytest.raises(NothingChanged):
        await service.save_product(product.organization.member, product.reference, 1, again)


async def test_impossible_values_and_unknown_places_are_told_by_field(db: None) -> None:
    product = await world.draft_product()
    for wrong in ({"minutes": 10}, {"areas": ("3301", "990000")}):
        with pytest.raises(InvalidInput):
            await _save(product, 1, **wrong)
    assert await _save(product, 1) == 2


async def test_many_products_are_begun_at_once_in_the_order_given(db: None) -> None:
    provider = await world.organization()
    written = [
        NewProduct(provider.public_id, Category.MEDIATION, world.content(title_zh=f"第{n}个")) for n in range(40)
    ]
    saved = await service.create_products(provider.member, written)
    titles = await database.fetch(
        """SELECT p.reference, v.title_zh FROM product p JOIN product_version v ON v.product_id = p.id
           WHERE p.reference = ANY ($1)""",
        [one.reference for one in saved],
    )
    by_reference = {row["reference"]: row["title_zh"] for row in titles}
    assert [by_reference[one.reference] for one in saved] == [f"第{n}个" for n in range(40)]


async def test_a_product_of_an_unknown_organization_is_not_begun(db: None) -> None:
    provider = await world.organization()
    stranger = NewProduct(provider.member.public_id, Category.MEDIATION, world.content())  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        await service.create_product(provider.member, stranger)


async def test_submission_is_refused_with_every_fault_and_changes_nothing(db: None) -> None:
    provider = await world.organization()
    good = await world.draft_product(provider)
    bad = await world.draft_product(provider, content_zh="", ceiling_fen=10_000_000)
    with pytest.raises(SubmissionRefused) as refusal:
        await service.submit_products(provider.member, [good.reference, bad.reference])
    assert {fault.field for fault in refusal.value.faults[bad.reference]} == {"content_zh", "ceiling_fen"}
    assert good.reference not in refusal.value.faults
    assert set(refusal.value.fields) == {"content_zh", "ceiling_fen"}
    assert await _stage(good) == "draft"


async def test_an_organization_that_waits_for_verification_may_write_and_not_submit(db: None) -> None:
    made, _ = await world.applied_organization()
    product = await world.draft_product(made)
    with pytest.raises(SubmissionRefused) as refusal:
        await service.submit_products(made.member, [product.reference])
    assert {fault.field for fault in refusal.value.faults[product.reference]} == {"organization", "qualifications"}


async def test_the_live_check_says_what_the_submission_will_say(db: None) -> None:
    product = await world.draft_product(summary_zh="")
    provider, content = product.organization, world.content(summary_zh="")
    live = await check_of(provider.member, provider.public_id, product.category, content, world.MONTHLY_UNITS)
    with pytest.raises(SubmissionRefused) as refusal:
        await service.submit_products(product.organization.member, [product.reference])
    assert list(live.faults) == refusal.value.faults[product.reference]
    with pytest.raises(NotPermitted):
        await check_of((await world.organization()).member, provider.public_id, product.category, content, 9)


async def test_a_ceiling_of_the_rulebook_replaces_the_seed(db: None) -> None:
    await database.execute(
        """INSERT INTO law_rule (rule_key, document, article, value, unit, jurisdiction, effective_from)
           VALUES ('marketplace.ceiling.lecture', '杭财行〔2026〕1号', '附件', 500, 'yuan', '3301', '2026-01-01')"""
    )
    product = await world.draft_product(ceiling_fen=50_100)
    with pytest.raises(SubmissionRefused) as refusal:
        await service.submit_products(product.organization.member, [product.reference])
    assert [fault.field for fault in refusal.value.faults[product.reference]] == ["ceiling_fen"]


async def test_what_is_submitted_cannot_be_edited_or_submitted_again(db: None) -> None:
    product = await world.submitted_product()
    with pytest.raises(TransitionRefused):
        await _save(product, 1)
    with pytest.raises(TransitionRefused):
        await service.submit_products(product.organization.member, [product.reference])


@pytest.mark.parametrize("make", [world.draft_product, world.submitted_product, world.listed_product])
async def test_a_provider_may_leave_at_any_time(db: None, make: Any) -> None:
    product = await make()
    await service.withdraw_product(product.organization.member, product.reference)
    assert await _stage(product) == "withdrawn"
    with pytest.raises(TransitionRefused):
        await _save(product, 1)


async def test_a_listed_product_stays_as_it_is_while_its_revision_is_reviewed(db: None) -> None:
    product = await world.listed_product(title_zh="第一版")
    assert await _save(product, 1, title_zh="第二版") == 2
    assert await _stage(product) == "listed/draft"
    await service.submit_products(product.organization.member, [product.reference])
    listed = "SELECT listed_version FROM product WHERE id = $1"
    assert await database.fetch_value(listed, product.id) == 1
    await world.decide(replace(product, version=2), Verdict.LIST)
    assert await database.fetch_value(listed, product.id) == 2
    assert await _stage(product) == "listed"


async def test_a_provider_sees_its_own_products_and_nobody_elses_drafts(db: None) -> None:
    mine = await world.draft_product()
    await world.draft_product()
    assert [row.reference for row in await queries.my_products(mine.organization.member)] == [mine.reference]
    for stranger in (await world.account(), (await world.organization()).member, await world.reviewer("330110")):
        with pytest.raises(NotFound):
            await queries.product_in_full(stranger, mine.reference)


async def test_every_step_is_on_record_with_the_versions_hash(db: None) -> None:
    product = await world.listed_product()
    trail = await database.fetch(
        "SELECT action, detail::text FROM audit_event WHERE object_type = 'product' AND object_id = $1 ORDER BY id",
        product.id,
    )
    assert [row["action"] for row in trail] == [
        *("product.created", "product.capacity_stated", "product.submit", "product.begin_review", "product.list")
    ]
    assert "sha256" in trail[0]["detail"]
