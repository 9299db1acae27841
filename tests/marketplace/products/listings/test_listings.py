"""Listings follow their products and providers by themselves, and are indexed again when words change."""

import pytest

from app.core import clock, database
from app.core.database import transaction
from marketplace.organizations.rules import OrganizationEvent
from marketplace.organizations.service import OrganizationDecision, decide_organizations
from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.catalogue.queries import catalogue_page
from marketplace.products.listings import service
from marketplace.products.listings.jobs import index_listings_again
from marketplace.products.review.rules import Verdict
from tests import world


async def _found(text: str = "") -> list[str]:
    return [row.title_zh for row in (await catalogue_page(CatalogueFilter(text=text))).rows]


async def test_a_listing_is_shown_while_the_product_is_listed_and_its_provider_verified(db: None) -> None:
    product = await world.listed_product(title_zh="反诈讲座")
    assert await _found() == ["反诈讲座"]
    await world.decide(product, Verdict.SUSPEND)
    assert await _found() == []
    await world.decide(product, Verdict.REINSTATE)
    assert await _found() == ["反诈讲座"]
    decision = OrganizationDecision(product.organization.public_id, OrganizationEvent.SUSPEND, world.REASONS)
    await decide_organizations(await world.reviewer(), [decision])
    assert await _found() == []


async def test_raw_sql_cannot_leave_a_listing_behind(db: None) -> None:
    product = await world.listed_product(title_zh="反诈讲座")
    assert await _found() == ["反诈讲座"]
    await database.execute("UPDATE organization SET status = 'suspended' WHERE id = $1", product.organization.id)
    assert await _found() == []
    await database.execute("UPDATE organization SET status = 'verified' WHERE id = $1", product.organization.id)
    assert await _found() == ["反诈讲座"]
    await database.execute("UPDATE product SET status = 'withdrawn' WHERE id = $1", product.id)
    assert await _found() == []


async def test_a_provider_with_a_new_name_is_found_by_it_after_the_job(db: None) -> None:
    product = await world.listed_product(title_zh="反诈讲座")
    await database.execute("UPDATE organization SET name_zh = '临平星桥服务社' WHERE id = $1", product.organization.id)
    await index_listings_again(clock.now())
    assert await _found("星桥服务社") == ["反诈讲座"]


async def test_a_new_vocabulary_indexes_everything_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for title in ("反诈讲座", "宪法讲座", "民法典讲座"):
        await world.listed_product(title_zh=title)
    await database.execute("UPDATE listing SET words_version = 0, search = '', heads = ''")
    assert await _found("讲座") == []
    monkeypatch.setattr(service, "CHUNK", 2)
    assert await service.index_what_is_old() == 3
    assert await service.index_what_is_old() == 0
    assert len(await _found("讲座")) == 3


async def test_indexing_in_the_middle_of_a_transaction_is_undone_with_it(db: None) -> None:
    product = await world.listed_product(title_zh="反诈讲座")
    with pytest.raises(RuntimeError):
        async with transaction():
            await database.execute("UPDATE listing SET search = '' WHERE product_id = $1", product.id)
            raise RuntimeError
    assert await _found("反诈") == ["反诈讲座"]
