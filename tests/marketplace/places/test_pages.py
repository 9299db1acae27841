"""The pages and endpoints of places: from the districts down to a village, for everybody."""

import re

import pytest

from app.composition import compose, role_map
from app.core.access import Permission, Role, system_principal
from marketplace.places.district_map import step
from marketplace.places.queries import PlaceFilter, listed_places
from marketplace.places.service import NewStation, mark_shortage, open_stations
from tests.app.web.client import client, somebody, whole_application
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up

TOWN = world.TOWN


@pytest.fixture
def application(db: None) -> None:
    compose()
    whole_application()


async def village() -> str:
    """Return the code of a village of the town."""
    return (await listed_places(PlaceFilter(parent=TOWN)))[0].code


async def test_the_districts_are_on_the_map_and_in_the_list_with_their_open_seats(application: None) -> None:
    await world.publish(await world.draft(positions=(PositionDraft("volunteer", 7),)))
    async with client() as http:
        page = (await http.get("/places")).text
        english = (await http.get("/places?lang=en")).text
    assert len(set(re.findall(r'href="/places/(\d{6})"', page))) == 13
    assert "西湖区：未来两周有 7 个空位" in page
    assert "上城区：未来两周没有空位" in page
    assert "7 open places in the next two weeks" in english


async def test_every_level_shows_its_path_and_what_lies_below(application: None) -> None:
    code = await village()
    async with client() as http:
        assert (await http.get("/places/3301")).headers["location"] == "/places"
        district, town, place = [(await http.get(f"/places/{one}")).text for one in ("330106", TOWN, code)]
    assert f'href="/places/{TOWN}"' in district
    assert "下辖乡镇街道" in district
    assert "下辖村社" in town
    assert f'href="/places/{code}"' in town
    assert "下辖" not in place
    assert re.findall(r'<li><a href="(/places[^"]*)">', place.split("</nav>")[2])[:3] == [
        "/places", "/places/330106", f"/places/{TOWN}",
    ]  # fmt: skip
    assert "推算的大致位置" in place
    assert "推算的大致位置" not in district


async def test_a_village_says_who_comes_when_and_names_nobody(application: None) -> None:
    code = await village()
    ((_, volunteer),) = await world.people([world.profile(name="沈不公开")])
    lawyer = PositionDraft("讲师", 3)
    station = await world.station(TOWN)
    draft = await world.draft(
        title_zh="村里的讲座", place_id=await world.place_id(code), station_id=station, positions=(lawyer,)
    )
    (published,) = await world.publish(draft)
    await sign_up(volunteer, published.position_ids[0])
    async with client(volunteer) as http:
        page = (await http.get(f"/places/{code}")).text
        above = (await http.get("/places/330106")).text
        elsewhere = (await http.get("/places/330127")).text
    assert "讲师 1/3" in page
    assert f'href="/assignments/{published.reference}"' in page
    assert "沈不公开" not in page
    assert "村里的讲座" in above
    assert "村里的讲座" not in elsewhere


async def test_a_village_without_anything_planned_leads_to_its_town_and_its_station(application: None) -> None:
    founder = system_principal(Permission.PLACE_MANAGE)
    code = await village()
    await open_stations(founder, [NewStation(TOWN, "town", "公共法律服务站", "Legal Service Station", "0571-85000000")])
    await mark_shortage(founder, [code], short=True)
    async with client() as http:
        page = (await http.get(f"/places/{code}")).text
        town = (await http.get(f"/places/{TOWN}")).text
    assert "近期没有安排" in page
    assert f'href="/places/{TOWN}"' in page
    assert 'href="tel:0571-85000000"' in page
    assert "缺律师" in page
    assert "其中 1 处缺律师" in town


async def test_a_place_that_does_not_exist_is_not_found(application: None) -> None:
    async with client() as http:
        for code in ("330199", "33", "nowhere", "330106109999", "%27"):
            assert (await http.get(f"/places/{code}")).status_code == 404
            assert (await http.get(f"/api/v1/places/{code}")).status_code == 404


async def test_a_search_finds_names_and_takes_signs_literally(application: None) -> None:
    async with client() as http:
        assert "千岛湖镇" in (await http.get("/places", params={"q": "千岛湖"})).text
        assert "没有叫这个名字的地方" in (await http.get("/places", params={"q": "没有这地方"})).text
        assert (await http.get("/api/v1/places", params={"q": "%"})).json()["items"] == []
        (found,) = (await http.get("/api/v1/places", params={"q": "qiandaohu town"})).json()["items"]
        assert found["code"] == "330127100"


async def test_a_program_reads_all_places_page_by_page(application: None) -> None:
    codes: list[str] = []
    cursor = None
    async with client() as http:
        while True:
            query = {"parent": "330127", "limit": 10, **({"cursor": cursor} if cursor else {})}
            answer = (await http.get("/api/v1/places", params=query)).json()
            codes += [row["code"] for row in answer["items"]]
            cursor = answer["next_cursor"]
            if cursor is None:
                break
        town = (await http.get("/api/v1/places/330127100")).json()
        assert (await http.get("/api/v1/places", params={"cursor": "MTIz"})).status_code == 400
    assert codes == sorted(set(codes))
    assert len(codes) == 23
    assert [one["code"] for one in town["path"]] == ["3301", "330127", "330127100"]
    assert (town["place"]["parent"], town["towns"], town["villages"]) == ("330127", 0, 35)
    assert town["approximate"] is True


async def test_everybody_may_look(application: None) -> None:
    for role in Role:
        async with client(somebody(*role_map()[role], place=TOWN)) as http:
            assert {(await http.get(path)).status_code for path in ("/places", f"/places/{TOWN}")} == {200}


def test_the_classes_of_the_map_begin_at_nothing_and_end_at_the_most() -> None:
    assert [step(number, 8) for number in (0, 1, 2, 3, 4, 5, 6, 7, 8)] == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert step(1, 1) == 1
