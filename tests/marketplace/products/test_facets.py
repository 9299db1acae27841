"""Counts beside choices: each with the other choices kept, from one small count of the database."""

from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.organizations.provision import Category
from marketplace.products.catalogue.facets import _Cell, added_up
from marketplace.products.catalogue.filters import STARS, CatalogueFilter
from marketplace.products.catalogue.queries import catalogue_page
from marketplace.products.content import TargetGroup
from marketplace.products.listings.service import Standing, record_standings
from tests import world

CELLS = st.builds(
    _Cell,
    st.sampled_from([one.value for one in Category]),
    st.sampled_from([one.value for one in TargetGroup]),
    st.integers(0, 5),
    st.booleans(),
    st.integers(1, 9),
)
ASKED = st.builds(
    CatalogueFilter,
    category=st.none() | st.sampled_from(Category),
    target_group=st.none() | st.sampled_from(TargetGroup),
    stars=st.sampled_from([0, *STARS]),
    free=st.booleans(),
)


@given(st.lists(CELLS, max_size=20), ASKED)
def test_what_is_chosen_counts_as_many_as_there_are_in_all(cells: list[_Cell], asked: CatalogueFilter) -> None:
    counted = added_up(cells, asked)
    if asked.category:
        assert counted.categories[asked.category] == counted.total
    else:
        assert sum(counted.categories.values()) == counted.total
    if asked.target_group:
        assert counted.groups[asked.target_group] == counted.total
    if asked.stars:
        assert counted.stars[asked.stars] == counted.total
    if asked.free:
        assert counted.free == counted.total
    assert counted.stars[3] >= counted.stars[4]


async def _three() -> list[world.Product]:
    listed = [
        await world.listed_product(title_zh="反诈讲座", target_group=TargetGroup.ELDERLY),
        await world.listed_product(title_zh="宪法讲座"),
        await world.listed_product(category=Category.CONSULTATION, title_zh="欠薪咨询", ceiling_fen=0),
    ]
    await record_standings([Standing(listed[0].id, True, 2, 9), Standing(listed[1].id, False, 1, 3)])
    return listed


async def _titles(**asked: Any) -> set[str]:
    return {row.title_zh for row in (await catalogue_page(CatalogueFilter(**asked))).rows}


async def test_ratings_and_cost_narrow_and_are_counted(db: None) -> None:
    await _three()
    assert await _titles(stars=4) == {"反诈讲座"}
    assert await _titles(stars=3) == {"反诈讲座", "宪法讲座"}
    assert await _titles(free=True) == {"反诈讲座", "欠薪咨询"}
    counted = (await catalogue_page(CatalogueFilter(free=True))).facets
    assert (counted.total, counted.free, counted.stars[4]) == (2, 2, 1)
    assert counted.categories[Category.CONSULTATION] == 1
    assert counted.groups[TargetGroup.ELDERLY] == 1


async def test_a_standing_that_is_told_no_longer_is_forgotten(db: None) -> None:
    listed = await _three()
    assert await record_standings([Standing(listed[1].id, True, 1, 3)]) == 2
    assert await record_standings([Standing(listed[1].id, True, 1, 3)]) == 0
    assert await _titles(stars=3) == {"宪法讲座"}
    assert await _titles(free=True) == {"宪法讲座", "欠薪咨询"}


async def test_the_nearest_provider_comes_first_and_its_distance_is_told(db: None) -> None:
    far = await world.organization(place="330127")
    near = await world.organization(place="330106")
    for provider, title in ((near, "近处讲座"), (far, "远处讲座")):
        await world.listed_product(provider, title_zh=title)
    rows = (await catalogue_page(CatalogueFilter(place_code="330106109", near=True))).rows
    assert [row.title_zh for row in rows] == ["近处讲座", "远处讲座"]
    assert (rows[0].metres or 0) < (rows[1].metres or 0)
    first = await catalogue_page(CatalogueFilter(place_code="330106109", near=True), size=1)
    second = await catalogue_page(CatalogueFilter(place_code="330106109", near=True), first.next_cursor, size=1)
    assert [row.title_zh for row in second.rows] == ["远处讲座"]


@pytest.mark.parametrize(("count", "total"), [(1, 6), (2, 1), (0, 3)])
async def test_no_rating_is_outside_of_one_to_five(db: None, count: int, total: int) -> None:
    product = await world.listed_product()
    with pytest.raises(asyncpg.CheckViolationError, match="listing_rating"):
        await record_standings([Standing(product.id, False, count, total)])
