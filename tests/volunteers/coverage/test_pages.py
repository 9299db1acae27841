"""The pages and the interface: everybody sees how places stand, only who plans there sees numbers of people."""

import csv
from datetime import date, timedelta
from typing import Any

import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Role
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.coverage import promising
from volunteers.coverage import queries
from volunteers.coverage.alarms import SHOWN, waiting_alarms
from volunteers.coverage.rules import Colour, Every, Level

RULE: dict[str, Any] = {
    "place": "330106", "level": "village", "credentials": ["lawyer", "legal_worker"], "every": "days", "days": "30",
    "reason": "每个村社都有法律顾问", "minutes": "60", "alert_days": "40", "lead_days": "14", "compensation": "unpaid",
    "insured": "on",
}  # fmt: skip


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles mean what the packages' wiring says."""
    compose()


async def test_a_rule_is_set_on_its_page_and_a_wrong_one_comes_back_filled_in(db: None) -> None:
    assert await queries.all_rules() == []
    async with client(await world.officer(Role.COORDINATOR, "330106")) as http:
        assert "定一条规则" in (await http.get("/coverage?place=330106")).text
        wrong = await http.post("/coverage/rules/new", data={**RULE, "days": "", "reason": "说明"})
        assert wrong.status_code == 422
        assert "请写每几天一次" in wrong.text
        assert "说明" in wrong.text
        nobody = {name: value for name, value in RULE.items() if name != "credentials"}
        assert "field-credentials-error" in (await http.post("/coverage/rules/new", data=nobody)).text
        assert (await http.post("/coverage/rules/new", data={**RULE, "place": "330127"})).status_code == 403
        made = await http.post("/coverage/rules/new", data=RULE)
        assert made.status_code == 303
        page = (await http.get(made.headers["location"])).text
        assert "每个村社每 30 天见到一次律师或基层法律服务工作者" in page
        [rule] = await queries.rules_in_force()
        assert (rule.minutes, rule.insured, rule.rhythm.days) == (60, True, 30)
        ended = await http.post(f"/coverage/rules/{rule.public_id}/end", data={"last_day": "2020-01-01", "reason": "x"})
        assert "最早到昨天为止" in ended.text
        today = clock.today().isoformat()
        ended = await http.post(f"/coverage/rules/{rule.public_id}/end", data={"last_day": today, "reason": "改规则"})
        assert ended.status_code == 303
        assert "改规则" in (await http.get(f"/coverage/rules/{rule.public_id}")).text


async def test_everybody_sees_the_sentence_and_each_number_is_one_of_the_database(db: None) -> None:
    rule = await promising.rule("330106", every=Every.DAYS, days=30, alert_days=40)
    village = (await promising.villages())[0]
    counted = len(await promising.villages("330106"))
    address = f"rule={rule.public_id}&place=330106"
    async with client() as http:
        page = (await http.get(f"/coverage?{address}")).text
        assert f"这 30 天 {counted} 个村社，{counted} 个还没见到律师" in page
        assert "合格" not in page
        assert f'href="/coverage?rule={rule.public_id}&amp;place=330106"' in (await http.get("/coverage")).text
        only = (await http.get(f"/coverage?{address}&colour=green")).text
        assert "没有这样的地方" in only
        english = (await http.get(f"/coverage?{address}&lang=en")).text
        assert f"{counted} villages in these 30 days: {counted} have not seen a lawyer yet" in english
        file = await http.get(f"/coverage/export?{address}&colour=red&lang=zh")
        rows = list(csv.DictReader(file.content.decode("utf-8-sig").splitlines()))
        assert len(rows) == counted
        assert {row["状态"] for row in rows} == {"快到期，没人去"}
        shown = (await http.get(f"/coverage/{village}?lang=zh")).text
        assert "还没有班次" in shown
        assert "合格" not in shown
        assert (await http.get("/coverage/330106")).status_code == 404
        assert (await http.post(f"/coverage/{village}/day", data={})).status_code in (401, 403)
    async with client(await world.officer(Role.COORDINATOR, "330106")) as http:
        assert "够得着的地方没有合格的人" in (await http.get(f"/coverage?{address}")).text
        wrong = await http.post(f"/coverage/{village}/day", data={"weekday": "3", "starts": "09:00", "ends": "08:00"})
        assert "一次至少半小时" in wrong.text
        said = {"weekday": "3", "starts": "06:30", "ends": "09:00", "market": "on"}
        assert (await http.post(f"/coverage/{village}/day", data=said)).status_code == 303
        assert "集市日" in (await http.get(f"/coverage/{village}")).text


async def test_programs_read_the_same_and_only_planners_learn_about_people(db: None) -> None:
    rule = await promising.rule(every=Every.DAYS, days=30, alert_days=40)
    villages = await promising.villages()
    [lawyer] = await promising.lawyers(1)
    assert lawyer
    base = f"/api/v1/coverage/rules/{rule.public_id}"
    async with client() as http:
        [said] = (await http.get("/api/v1/coverage/rules")).json()
        assert (said["place"], said["every"], said["days"], said["stated_by"]) == (world.TOWN, "days", 30, "")
        [area] = (await http.get(f"{base}/areas?place=330106")).json()
        assert (area["place"], area["places"], area["red"]) == (world.TOWN, len(villages), len(villages))
        first = (await http.get(f"{base}/places?limit=2")).json()
        assert [one["place"] for one in first["items"]] == villages[:2]
        rest = (await http.get(f"{base}/places?limit=2&cursor={first['next_cursor']}")).json()
        assert [one["place"] for one in rest["items"]] == villages[2:4]
        assert (await http.get(f"{base}/causes?place={world.TOWN}")).status_code == 401
    async with client(await world.officer(Role.COORDINATOR, "330127")) as http:
        assert (await http.get(f"{base}/causes?place={world.TOWN}")).status_code == 403
    async with client(await world.officer(Role.COORDINATOR)) as http:
        day = {"weekday": "2", "starts": "07:00:00", "ends": "10:00:00", "market": True}
        assert (await http.post(f"/api/v1/coverage/days/{villages[0]}", json=day)).status_code == 204
        causes = (await http.get(f"{base}/causes?place={world.TOWN}")).json()
        found = {cause["place"]: cause for cause in causes}
        assert (found[villages[0]]["qualified"], found[villages[0]]["own_day"]) == (1, True)
        body = {"place": "330106", "level": "town", "credentials": ["lawyer"], "every": "week", "reason": "每周有人"}
        made = await http.post("/api/v1/coverage/rules", json=body)
        assert made.status_code == 201
        ending = {"last_day": clock.today().isoformat(), "reason": "试一试"}
        ended = await http.post(f"/api/v1/coverage/rules/{made.json()['id']}/end", json=ending)
        assert ended.status_code == 204


async def test_a_workbench_has_few_lines_and_none_is_left_out_of_the_sum(db: None) -> None:
    with clock.travelled_to(promising.at(date(2026, 11, 1))):
        rule = await promising.rule(world.CITY, level=Level.TOWN)
        officer = await promising.officer()
    with clock.travelled_to(promising.at(promising.TODAY + timedelta(days=2))):
        lines = await waiting_alarms(officer)
        assert len(lines) == SHOWN + 1
        red = await queries.places(rule, "", Colour.RED)
        assert sum(line.title.values["count"] for line in lines) == len(red)  # type: ignore[union-attr]
        assert len(red) == await database.fetch_value("SELECT count(*) FROM place WHERE level = 'town'")
