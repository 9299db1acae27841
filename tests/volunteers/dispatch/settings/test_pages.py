"""The pages and endpoints of settings: what holds, who said it, and saying something else."""

from datetime import timedelta

from app.composition import compose
from app.core import clock
from app.core.access import ANONYMOUS, Principal, Role
from tests.app.web.client import client, whole_application
from tests.volunteers import world

DISTRICT = "330106"
PAGE, ENDPOINT = f"/dispatch/settings/{DISTRICT}", f"/api/v1/dispatch/settings/{DISTRICT}"


async def planner(place: str = DISTRICT) -> Principal:
    """Return a coordinator, the program being put together."""
    compose()
    whole_application()
    return await world.officer(Role.COORDINATOR, place)


async def test_settings_are_said_on_the_page_and_their_history_stays(db: None) -> None:
    day = (clock.today() + timedelta(days=3)).isoformat()
    async with client(await planner()) as http:
        empty = (await http.get(PAGE)).text
        assert "还没有自己的设置" in empty
        assert "各区县分开排" in empty
        saved = await http.post(PAGE, data={"km": "9", "reason": "山区路远"})
        assert (saved.status_code, saved.headers["location"]) == (303, PAGE)
        await http.post(PAGE, data={"km": "7", "fairness": "20", "reason": "新路通了", "from_day": day})
        shown = (await http.get(PAGE)).text
        assert 'value="9"' in shown
        assert shown.count("山区路远") == shown.count("新路通了") == 1
        assert "还没到" in shown
        again = await http.post(PAGE, data={"km": "9", "reason": "again"})
        assert again.status_code == 409
        assert "没有要保存的" in again.text
        english = (await http.get(f"{PAGE}?lang=en")).text
        assert "Short ways 7" in english
        assert "As installed" in english


async def test_a_refused_form_comes_back_as_it_was_filled_in(db: None) -> None:
    async with client(await planner()) as http:
        wrong = await http.post(PAGE, data={"km": "-1", "weeks_ahead": "9", "fairness": "20", "reason": ""})
        assert wrong.status_code == 422
        assert wrong.text.count('class="error"') == 3
        assert 'value="20"' in wrong.text
        past = await http.post(PAGE, data={"km": "2", "reason": "why", "from_day": "2020-01-01"})
        assert "请选明天或以后的日期" in past.text


async def test_places_are_listed_and_a_town_has_no_plans_of_its_own(db: None) -> None:
    async with client(await planner()) as http:
        listed = (await http.get("/dispatch/settings")).text
        assert f"/dispatch/settings/{world.TOWN}" in listed
        assert "跟着上一级" in listed
        assert "field-planned_level" not in (await http.get(f"/dispatch/settings/{world.TOWN}")).text


async def test_who_plans_one_town_goes_straight_to_it(db: None) -> None:
    async with client(await planner(world.TOWN)) as http:
        assert (await http.get("/dispatch/settings")).headers["location"] == f"/dispatch/settings/{world.TOWN}"


async def test_others_see_and_say_nothing(db: None) -> None:
    async with client(await planner("330127")) as http:
        assert (await http.get(PAGE)).status_code == 404
        assert (await http.post(PAGE, data={"km": "2", "reason": "why"})).status_code == 403
        assert (await http.get("/dispatch/settings/nowhere")).status_code == 404
    async with client(ANONYMOUS) as http:
        assert (await http.get(PAGE)).status_code in (303, 401)


async def test_programs_read_and_state_settings(db: None) -> None:
    async with client(await planner()) as http:
        http.headers["accept"] = "application/json"
        before = (await http.get(ENDPOINT)).json()
        assert (before["settings"]["km"], before["comes_from"]["km"], before["history"]) == (1, "", [])
        stated = await http.post(ENDPOINT, json={"reason": "short ways", "km": 4, "planned_level": "never"})
        assert stated.status_code == 201
        after, source = stated.json(), stated.json()["comes_from"]
        assert (after["settings"]["km"], source["km"], source["fairness"]) == (4, DISTRICT, "")
        [said] = after["history"]
        assert {name: said[name] for name in ("km", "planned_level", "reason")} == {
            "km": 4,
            "planned_level": "never",
            "reason": "short ways",
        }
        assert "fairness" not in said
        refused = await http.post(ENDPOINT, json={"reason": "x", "km": 4, "planned_level": "city"})
        assert (refused.status_code, refused.json()["fields"][0]["field"]) == (422, "planned_level")
