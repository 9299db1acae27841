"""A listing stands and falls with its provider: suspended in the same moment, back with it, and only for that."""

import asyncio
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Permission, system_principal
from app.core.errors import DomainError
from marketplace.organizations import service as organizations
from marketplace.organizations.rules import OrganizationEvent
from marketplace.organizations.service import OrganizationDecision
from marketplace.products.catalogue.queries import CatalogueFilter, catalogue_page
from marketplace.products.review import service as review
from marketplace.products.review.rules import Verdict
from marketplace.products.suspension.queries import listings_that_follow
from marketplace.products.suspension.rules import ProviderNotVerified
from tests import world
from tests.app.web.client import client
from tests.conftest import rounds
from tests.refusals import refused


async def _decide(provider: world.Organization, event: OrganizationEvent) -> None:
    decision = OrganizationDecision(provider.public_id, event, "依据投诉处理决定。")
    await organizations.decide_organizations(await world.reviewer(), [decision])


async def _status(product: world.Product) -> tuple[str, str]:
    row = await database.fetch_one("SELECT status, suspended_for FROM product WHERE id = $1", product.id)
    assert row is not None
    return row["status"], row["suspended_for"]


async def _moves(product: world.Product) -> list[str]:
    rows = await database.fetch(
        """SELECT action FROM audit_event WHERE object_type = 'product' AND object_id = $1
           AND action IN ('product.suspend', 'product.reinstate') ORDER BY id""",
        product.id,
    )
    return [row["action"] for row in rows]


async def test_listings_are_suspended_with_their_provider_and_come_back_with_it(db: None) -> None:
    provider = await world.organization()
    listed, other = await world.listed_product(provider), await world.listed_product()
    draft = await world.draft_product(provider)
    await _decide(provider, OrganizationEvent.SUSPEND)
    assert await _status(listed) == ("suspended", "organization")
    assert (await _status(other), await _status(draft)) == (("listed", ""), ("draft", ""))
    assert [row.reference for row in (await catalogue_page(CatalogueFilter())).rows] == [other.reference]
    await _decide(provider, OrganizationEvent.REINSTATE)
    assert await _status(listed) == ("listed", "")
    assert await _moves(listed) == ["product.suspend", "product.reinstate"]
    assert await _moves(other) == []


async def test_what_was_suspended_for_another_reason_stays_suspended(db: None) -> None:
    provider = await world.organization()
    decided, followed = await world.listed_product(provider), await world.listed_product(provider)
    await world.decide(decided, Verdict.SUSPEND)
    await _decide(provider, OrganizationEvent.SUSPEND)
    await _decide(provider, OrganizationEvent.REINSTATE)
    assert await _status(decided) == ("suspended", "decision")
    assert await _status(followed) == ("listed", "")


async def test_a_lapsed_licence_is_another_reason(db: None) -> None:
    provider = await world.organization(valid_until=clock.today() + timedelta(days=3))
    product = await world.listed_product(provider)
    with clock.travelled_to(clock.now() + timedelta(days=4)):
        await review.suspend_unqualified(system_principal(Permission.PRODUCT_REVIEW))
    assert await _status(product) == ("suspended", "licence")
    await _decide(provider, OrganizationEvent.SUSPEND)
    await _decide(provider, OrganizationEvent.REINSTATE)
    assert await _status(product) == ("suspended", "licence")


async def test_no_reviewer_lists_or_reinstates_for_a_suspended_provider(db: None) -> None:
    provider = await world.organization()
    waiting, decided = await world.submitted_product(provider), await world.listed_product(provider)
    await world.decide(decided, Verdict.SUSPEND)
    await _decide(provider, OrganizationEvent.SUSPEND)
    with pytest.raises(ProviderNotVerified):
        await world.decide(waiting, Verdict.LIST)
    with pytest.raises(ProviderNotVerified):
        await world.decide(decided, Verdict.REINSTATE)


async def test_the_database_lets_listings_follow_whoever_writes(db: None) -> None:
    product = await world.listed_product()
    await database.execute("UPDATE organization SET status = 'suspended' WHERE id = $1", product.organization.id)
    assert await _status(product) == ("suspended", "organization")
    await refused(
        "product_listed_by_verified",
        "UPDATE product SET status = 'listed', suspended_for = '' WHERE id = $1",
        product.id,
    )
    await refused("product_suspended_for_a_reason", "UPDATE product SET status = 'withdrawn' WHERE id = $1", product.id)


async def test_listing_and_suspending_at_once_never_leave_a_listing_of_a_suspended_provider(db: None) -> None:
    for _ in range(rounds(4, 100)):
        provider = await world.organization()
        product = await world.submitted_product(provider)
        outcomes = await asyncio.gather(
            world.decide(product, Verdict.LIST), _decide(provider, OrganizationEvent.SUSPEND), return_exceptions=True
        )
        assert all(isinstance(one, DomainError) for one in outcomes if isinstance(one, BaseException))
        assert (await _status(product))[0] in ("suspended", "in_review", "submitted")


async def test_the_officer_reads_what_a_decision_will_do_before_deciding(db: None) -> None:
    provider = await world.organization()
    product = await world.listed_product(provider, title_zh="社区普法夜谈")
    officer = await world.reviewer()
    async with client(officer) as http:
        before = await http.get(f"/review/organizations/{provider.public_id}")
    assert "暂停会怎样" in before.text
    assert "社区普法夜谈" in before.text
    await _decide(provider, OrganizationEvent.SUSPEND)
    assert [one.reference for one in await listings_that_follow(provider.id, suspended=True)] == [product.reference]
    async with client(officer) as http:
        after = await http.get(f"/review/organizations/{provider.public_id}")
    assert "恢复会怎样" in after.text
    async with client(provider.member) as http:
        own = await http.get(f"/my/products/{product.reference}")
    assert "提供单位被暂停，恢复后自动重新上架" in own.text
