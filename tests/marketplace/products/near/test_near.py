"""What is near: the village at a point, the stations by distance, the districts with their counts."""

import pytest

from app.core import database
from app.core.errors import InvalidInput
from marketplace.organizations.provision import Category
from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.near import queries, rules
from tests import world
from tests.app.web.client import client

AT_SANDUN = (30.141, 120.036)


@pytest.mark.parametrize("position", [(91, 120), (30, 181), (200, 200)])
def test_a_position_that_is_no_place_on_earth_is_refused(position: tuple[float, float]) -> None:
    with pytest.raises(InvalidInput):
        rules.on_the_plane(*position)


async def test_a_point_in_the_city_has_a_village_and_one_far_away_has_none(db: None) -> None:
    code = await queries.village_at(*rules.on_the_plane(*AT_SANDUN))
    assert len(code) == 12
    with pytest.raises(InvalidInput):
        await queries.village_at(*rules.on_the_plane(39.9, 116.4))


async def test_open_stations_come_by_distance(db: None) -> None:
    for place, name, is_open in (("330127", "远站", True), ("330106", "近站", True), ("330106109", "关着的站", False)):
        await database.execute(
            """INSERT INTO station (place_id, kind, name_zh, name_en, east_m, north_m, open)
               SELECT id, 'town', $2, '', east_m, north_m, $3 FROM place WHERE code = $1""",
            place,
            name,
            is_open,
        )
    near = await queries.stations_near("330106109")
    assert [one.name_zh for one in near] == ["近站", "远站"]
    assert near[0].metres < near[1].metres


async def test_each_district_counts_what_reaches_it(db: None) -> None:
    await world.listed_product(title_zh="全市讲座", areas=("3301",))
    await world.listed_product(title_zh="三墩讲座", areas=("330106109",))
    await world.listed_product(category=Category.CONSULTATION, title_zh="淳安咨询", areas=("330127",))
    counted = await queries.by_district(CatalogueFilter())
    assert len(counted) == 13
    assert (counted["330106"], counted["330127"], counted["330109"]) == (2, 2, 1)
    asked = await queries.by_district(CatalogueFilter(category=Category.CONSULTATION))
    assert (asked["330106"], asked["330127"]) == (0, 1)


async def test_the_pages_say_where_and_what(db: None) -> None:
    product = await world.listed_product(title_zh="民法典讲座", title_en="The Civil Code")
    async with client() as http:
        near = await http.get("/products/near?place=330106109")
        on_map = await http.get("/products/map?q=民法典&category=legal_education")
        sheet = await http.get("/places/330106109/services")
        place = await http.get("/places/330106109")
        typed = await http.get("/products/suggestions?q=minfa")
        nothing = await http.get("/products/suggestions?q=")
        nowhere = await http.get("/places/330106999/services")
    assert "民法典讲座" in near.text
    assert "/products?q=%E6%B0%91%E6%B3%95%E5%85%B8&amp;category=legal_education&amp;place=330106" in on_map.text
    assert {"民法典讲座", "The Civil Code"} <= {part for part in ("民法典讲座", "The Civil Code") if part in sheet.text}
    assert f'href="/products/{product.reference}"' in sheet.text
    assert 'class="qr"' in sheet.text
    assert "/places/330106109/services" in place.text
    assert '<option value="民法典讲座">' in typed.text
    assert nothing.text.strip() == ""
    assert nowhere.status_code == 404


async def test_the_api_takes_the_filters_and_tells_rating_and_cost(db: None) -> None:
    await world.listed_product(title_zh="民法典讲座", ceiling_fen=0)
    async with client() as http:
        found = (await http.get("/api/v1/products?q=minfadian&free=true&place=330106109&sort=near")).json()
        none = (await http.get("/api/v1/products?rating=4")).json()
        wrong = await http.get("/api/v1/products?rating=9")
    (row,) = found["items"]
    assert (row["free"], row["rating"], row["rating_count"]) == (True, None, 0)
    assert none["items"] == []
    assert wrong.status_code == 400
