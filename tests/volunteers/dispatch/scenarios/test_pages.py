"""The pages and the interface of what if: a form that is filled in, an answer that can be opened again, a cost."""

from datetime import timedelta

import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Permission, Role
from procurement.tariffs import service as tariffs
from tests.app.web.client import client
from tests.procurement.attended_work import officer as of_money
from tests.volunteers import world
from tests.volunteers.coverage import promising
from tests.volunteers.dispatch.scenarios.asking import THURSDAY, lawyer, stay_at_home
from volunteers.assignments.rules import Compensation
from volunteers.coverage.rules import Every
from volunteers.people.rules import Window

ALL_DUE = {"every": Every.DAYS, "days": 60, "alert_days": 60, "minutes": 60, "compensation": Compensation.SUBSIDY}


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles mean what the packages' wiring says."""
    compose()


async def test_the_form_is_filled_in_and_comes_back_as_it_was(db: None) -> None:
    rule = await promising.rule(**ALL_DUE)
    village = (await promising.villages())[0]
    async with client(await world.officer(Role.COORDINATOR, "330106")) as http:
        assert f"/dispatch/scenarios/new?place={village}" in (await http.get(f"/coverage/{village}")).text
        form = (await http.get(f"/dispatch/scenarios/new?place={village}")).text
        assert f'<option value="{THURSDAY}" selected>' in form
        assert f'<option value="{world.TOWN}" selected>' in form
        monday = clock.week_start(clock.today())
        asked = {
            "rule": str(rule.public_id),
            "at": world.TOWN,
            "week": str(monday),
            "people": "99",
            "credential": "lawyer",
        }
        wrong = await http.post("/dispatch/scenarios", data={**asked, "people": "99"})
        assert wrong.status_code == 422
        assert 'value="99"' in wrong.text
        assert "不能大于 20" in wrong.text
        nothing = await http.post("/dispatch/scenarios", data={**asked, "people": "0"})
        assert "什么都没有改" in nothing.text
        assert (await http.get("/dispatch/scenarios/new?place=330127")).status_code == 403
        assert (await http.post("/dispatch/scenarios", data={**asked, "at": "330127"})).status_code == 403
        assert (await http.post("/dispatch/scenarios", data={**asked, "rule": "none"})).status_code == 422
    async with client() as http:
        assert (await http.get(f"/dispatch/scenarios/new?place={village}")).status_code in (302, 303, 401)
        assert "如果……" not in (await http.get(f"/coverage/{village}")).text


async def test_who_moves_is_named_in_both_languages(db: None) -> None:
    rule = await promising.rule(**ALL_DUE)
    await stay_at_home()
    week = clock.today() + timedelta(days=7)
    asked = {"rule": str(rule.public_id), "at": world.TOWN, "week": str(week), "people": "0", "credential": "lawyer"}
    async with client(await world.officer(Role.COORDINATOR)) as http:
        made = await http.post("/dispatch/scenarios", data={**asked, "radius_km": "50"})
        address = made.headers["location"]
        assert "每人多走 50 公里" in (await http.get(address)).text
        assert "goes to" in (await http.get(f"{address}?lang=en")).text


async def test_programs_ask_read_and_publish_and_the_cost_is_that_of_the_tariff(db: None) -> None:
    writer = await of_money("claims", Permission.CLAIM_APPROVE, Permission.TARIFF_MANAGE)
    reader = await of_money("clerk", Permission.SETTLEMENT_COMPUTE, Permission.TARIFF_MANAGE)
    await tariffs.publish_tariff(reader, await tariffs.draft_tariff(writer, tariffs.seed_documents()[0]))
    rule = await promising.rule(**ALL_DUE)
    villages = len(await promising.villages())
    await world.station()
    await lawyer(Window(0, 9 * 60, 12 * 60), name="王律师")
    monday = clock.week_start(clock.today()).toordinal() + 7
    asked = {"rule": str(rule.public_id), "at": world.TOWN, "people": 1, "credential": "lawyer", "weekday": THURSDAY}
    asked["week"] = str(clock.today().fromordinal(monday))
    async with client(await world.officer(Role.COORDINATOR)) as http:
        made = await http.post("/api/v1/dispatch/scenarios", json=asked)
        assert made.status_code == 201
        address = f"dispatch/scenarios/{made.json()['id']}"
        answer = (await http.get(f"/api/v1/{address}")).json()
        figures = [answer[name] for name in ("red_before", "red_alone", "red_after", "moved", "untouched")]
        assert figures == [villages, villages - 1, villages - 6, 0, 1]
        assert [trip["who"] for trip in answer["trips"]] == ["王律师", *["新增律师 1"] * 5]
        assert len(answer["left"]) == villages - 6
        page = (await http.get(f"/{address}")).text
        assert "¥1,000" in page
        assert f"没人去的地方：{villages} → {villages - 6}" in page
        assert "演示标准" in page
        for _ in range(2):
            assert (await http.post(f"/api/v1/{address}/publication")).status_code == 204
        answer = (await http.get(f"/api/v1/{address}")).json()
        assert {trip["state"] for trip in answer["trips"]} == {"asked", "due"}
        assert answer["called"] == 1
    async with client(await world.officer(Role.COORDINATOR, "330127")) as http:
        assert (await http.get(f"/api/v1/{address}")).status_code == 404
        assert (await http.post(f"/api/v1/{address}/publication")).status_code == 403
    assert await database.fetch_value("SELECT count(*) FROM coverage_demand") == 6
