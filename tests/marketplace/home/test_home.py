"""The first page: true numbers, a map that leads on, slots that upper packages fill."""

import pytest

from app.core.access import Principal
from app.web import slots
from app.web.slots import Fill
from marketplace.home import queries
from marketplace.home.supply_map import supply_map
from tests import world
from tests.app.web.client import client


async def test_the_numbers_are_counted_and_not_written(db: None) -> None:
    await world.listed_product()
    await world.draft_product()
    await world.applied_organization()
    figures = await queries.home_figures()
    assert (figures.villages, figures.products, figures.organizations) == (3320, 1, 2)
    async with client() as http:
        page = await http.get("/")
    assert "3,320 个村社，1 项法律服务" in page.text.replace("\u00a0", " ")


async def test_a_district_counts_what_reaches_it_each_service_once(db: None) -> None:
    await world.listed_product(areas=("3301",))
    await world.listed_product(areas=("330106002051", "330106004"))
    supply = {row.code: row.products for row in await queries.supply_by_district()}
    assert len(supply) == 13
    assert (supply["330106"], supply["330110"]) == (2, 1)


async def test_every_district_is_a_link_that_says_its_number(db: None) -> None:
    await world.listed_product(areas=("330127",))
    picture = await supply_map(await queries.supply_by_district())
    drawn = {entry.shape.key: entry for entry in picture.main.shapes}
    assert len(drawn) == 13
    assert drawn["330127"].shape.href == "/places/330127"
    assert str(drawn["330127"].shape.tip) == "淳安县：1 项服务"
    assert (drawn["330127"].shape.step, drawn["330106"].shape.step) == (1, 0)
    assert picture.inset is not None


async def test_an_empty_city_says_what_to_do_next(db: None) -> None:
    async with client() as http:
        page = await http.get("/")
    assert "还没有上架的服务" in page.text
    assert "/my/organizations/apply" in page.text


async def test_upper_packages_may_say_the_sentence_that_matters(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sentence(_: Principal) -> Fill:
        return Fill("components/ui.html")

    async with client() as http:
        monkeypatch.setattr(slots, "_functions", {"home.sentence": [sentence]})
        page = await http.get("/")
    assert page.status_code == 200
    assert "项法律服务送上门" not in page.text


async def test_the_first_page_speaks_english(db: None) -> None:
    async with client() as http:
        page = await http.get("/?lang=en")
    assert '<html lang="en">' in page.text
    assert "Chun&#39;an" in page.text or "Chun'an" in page.text
