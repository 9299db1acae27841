"""Saved searches: one's own, sealed, twenty at most, told once of what is new, gone with the account."""

import asyncio
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import NotFound
from marketplace.organizations.provision import Category
from marketplace.products.catalogue.forms import CatalogueForm, Rating
from marketplace.products.saved import service
from marketplace.products.saved.queries import my_searches
from marketplace.products.saved.rules import MOST, NothingAsked, TooManySearches, free_slot
from tests import world
from tests.conftest import rounds
from tests.refusals import refused

LECTURES = CatalogueForm(q="讲座", category=Category.LEGAL_EDUCATION)


async def _notices(account: int | None) -> list[str]:
    rows = await database.fetch("SELECT link FROM notification WHERE account_id = $1 ORDER BY id", account)
    return [row["link"] for row in rows]


def test_an_address_asks_for_the_same_again() -> None:
    form = CatalogueForm(q="西湖区 讨薪", category=Category.LEGAL_AID, rating=Rating.GOOD, free=True)
    assert CatalogueForm.at(form.address) == form
    assert CatalogueForm().address == ""


def test_slots_are_given_from_the_lowest_on_and_end() -> None:
    assert free_slot(set()) == 1
    assert free_slot({1, 3}) == 2
    with pytest.raises(TooManySearches):
        free_slot(set(range(1, MOST + 1)))


async def test_a_search_is_kept_sealed_and_only_its_owner_sees_and_deletes_it(db: None) -> None:
    owner, other = await world.account(), await world.account()
    kept = await service.save_search(owner, "", CatalogueForm(q="家暴"))
    (shown,) = await my_searches(owner)
    assert (shown.name, CatalogueForm.at(shown.address).q) == ("家暴", "家暴")
    assert "家暴".encode() not in await database.fetch_value("SELECT sealed FROM saved_search")
    assert await my_searches(other) == []
    with pytest.raises(NotFound):
        await service.forget_search(other, kept)
    await service.forget_search(owner, kept)
    assert await my_searches(owner) == []


async def test_a_search_for_nothing_is_refused(db: None) -> None:
    with pytest.raises(NothingAsked):
        await service.save_search(await world.account(), "全部", CatalogueForm())


async def test_whoever_saves_at_the_same_moment_never_has_more_than_twenty(db: None) -> None:
    for _ in range(rounds(1, 20)):
        owner = await world.account()
        saves = (service.save_search(owner, f"{n}", LECTURES) for n in range(MOST + 5))
        results = await asyncio.gather(*saves, return_exceptions=True)
        assert sum(isinstance(one, TooManySearches) for one in results) == 5
        assert len(await my_searches(owner)) == MOST


async def test_the_database_itself_has_no_twenty_first_slot(db: None) -> None:
    owner = await world.account()
    fill = """INSERT INTO saved_search (account_id, slot, sealed, told_until, created_at)
              VALUES ($1, $2, '', now(), now())"""
    await refused("saved_search_slots", fill, owner.actor, MOST + 1)
    await database.execute(fill, owner.actor, MOST)
    await refused("saved_search_slot", fill, owner.actor, MOST)
    await database.execute(fill, (await world.account()).actor, MOST)


async def test_what_is_newly_listed_and_fits_is_told_once(db: None) -> None:
    reader = await world.account()
    await world.listed_product(title_zh="早就有的讲座")
    await service.save_search(reader, "讲座", LECTURES)
    assert await service.tell_what_is_new(clock.now()) == 0
    await world.listed_product(title_zh="新来的讲座")
    await world.listed_product(category=Category.CONSULTATION, title_zh="新来的咨询")
    later = clock.now() + timedelta(seconds=1)
    assert await service.tell_what_is_new(later) == 1
    assert await _notices(reader.actor) == [f"/products?{LECTURES.address}"]
    assert await service.tell_what_is_new(later + timedelta(days=1)) == 0


async def test_two_runs_at_once_tell_once(db: None) -> None:
    reader = await world.account()
    await service.save_search(reader, "讲座", LECTURES)
    await world.listed_product(title_zh="新来的讲座")
    later = clock.now() + timedelta(seconds=1)
    told = await asyncio.gather(service.tell_what_is_new(later), service.tell_what_is_new(later))
    assert sorted(told) == [0, 1]


async def test_an_erased_account_leaves_no_search(db: None) -> None:
    reader = await world.account(Role.RESIDENT)
    await service.save_search(reader, "讲座", LECTURES)
    await service.erase_searches(reader, reader.actor or 0)
    assert await database.fetch_value("SELECT count(*) FROM saved_search") == 0
