"""The pages of the villages' side answer their readers, and their forms do what they say."""

import re

import pytest

from app.core import clock, database
from procurement.deliveries.waiting.service import serve_queues
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.village_pages import crowd, paths, person


@pytest.mark.parametrize("role", ["anybody", "provider", "clerk", "officer"])
async def test_every_page_answers_in_both_languages(db: None, role: str) -> None:
    here = await crowd()
    async with client(person(here, role)) if role != "anybody" else client() as http:
        for path in paths(here)[role]:
            for language in ("zh", "en"):
                answer = await http.get(path, params={"lang": language})
                assert answer.status_code == 200, path


async def test_a_provider_states_months_and_days_off_by_forms(db: None) -> None:
    here = await crowd()
    path = f"/my/products/{here.product}"
    async with client(here.provider) as http:
        month = here.month.isoformat()
        refused = await http.post(f"{path}/capacity", data={"from_month": month, "units": "1"})
        assert (refused.status_code, "比已经点的单还少" in refused.text) == (409, True)
        assert (await http.post(f"{path}/capacity", data={"from_month": month, "units": "3"})).status_code == 303
        page = await http.get(f"{path}/capacity")
        assert "1 个村社在排队" in page.text
        busy = {"first": here.month.replace(day=9).isoformat()}
        refused = await http.post(f"{path}/days-off", data=busy)
        assert (refused.status_code, "已经点单" in refused.text) == (409, True)
        free = {"first": here.month.replace(day=2).isoformat(), "last": here.month.replace(day=3).isoformat()}
        assert (await http.post(f"{path}/days-off", data=free)).status_code == 303
        assert (await http.post(f"{path}/days-off/remove", data={"day": free["first"]})).status_code == 303
    assert await database.fetch_value("SELECT count(*) FROM product_blackout") == 4
    assert await serve_queues(clock.now()) == {"placed": 1, "ended": 0}


async def test_a_clerk_waits_leaves_and_states_hours_by_forms(db: None) -> None:
    here = await crowd()
    path = f"/orders/new/{here.season.contract}"
    async with client(here.clerk) as http:
        listed = await http.get("/orders")
        assert "第 1 位" in listed.text
        leave = re.search(r'action="(/orders/waiting/[^"]+/leave)"', listed.text)
        assert leave
        assert (await http.post(leave[1])).status_code == 303
        full = await http.get(f"{path}?month={here.month:%Y-%m}")
        assert "这个月已满" in full.text
        day = re.search(r'name="day" value="([^"]+)"', full.text)
        assert day
        asked = {"day": day[1], "part": "evening", "place_code": here.codes[0]}
        refused = await http.post(path, data=asked)
        assert (refused.status_code, "已经点满" in refused.text) == (409, True)
        assert (await http.post(path, data={**asked, "wait": "on"})).status_code == 303
        hours = {"place_code": here.codes[0], "hours": [f"{weekday}-morning" for weekday in range(5)]}
        assert (await http.post("/orders/hours", data=hours)).status_code == 303
        assert (await http.post("/orders/hours", data={"place_code": here.codes[0]})).status_code == 422
        closed = await http.get(f"{path}?month={here.month:%Y-%m}")
        assert "不便</small>" in closed.text
        refused = await http.post(path, data=asked)
        assert (refused.status_code, "请换一个时段" in refused.text) == (422, True)


async def test_a_village_that_is_not_one_s_own_is_not_found(db: None) -> None:
    here = await crowd()
    async with client(here.clerk) as http:
        assert (await http.get(f"/orders/hours?place={here.codes[1]}")).status_code == 404
        asked = {"day": "2026-12-01", "part": "morning", "place_code": here.codes[1]}
        assert (await http.post(f"/orders/new/{here.season.contract}", data=asked)).status_code == 404


async def test_programs_state_capacity_wait_and_leave(db: None) -> None:
    here = await crowd()
    async with client(here.provider) as http:
        stated = await http.post(
            f"/api/v1/products/{here.product}/capacity", json={"from_month": here.month.isoformat(), "units": 4}
        )
        assert stated.json()["statements"][-1] == {"from_month": here.month.isoformat(), "units": 4}
        days = {"first": here.month.replace(day=2).isoformat(), "last": here.month.replace(day=2).isoformat()}
        off = await http.post(f"/api/v1/products/{here.product}/days-off", json=days)
        assert days["first"] in off.json()["days_off"]
        assert (await http.get(f"/api/v1/products/{here.product}/capacity")).json() == off.json()
        day = f"/api/v1/products/{here.product}/days-off/{days['first']}"
        assert [(await http.delete(day)).status_code for _ in range(2)] == [204, 404]
    async with client(here.clerk) as http:
        [waiting] = (await http.get("/api/v1/order-queues")).json()
        assert (waiting["position"], waiting["place_code"]) == (1, here.codes[0])
        assert (await http.delete(f"/api/v1/order-queues/{waiting['id']}")).status_code == 204
        wish = {
            "contract": here.season.contract,
            "place_code": here.codes[0],
            "wished_start": buying.soon(40).isoformat(),
        }
        refused = await http.post("/api/v1/order-queues", json=wish)
        assert (refused.status_code, refused.json()["code"]) == (409, "month_not_full")


async def test_programs_propose_answer_and_rate(db: None) -> None:
    here = await crowd()
    path, later = f"/api/v1/orders/{here.moving}/changes", {"wished_start": buying.soon(5).isoformat()}
    async with client(here.clerk) as http:
        again = await http.post(path, json=later)
        assert (again.status_code, again.json()["code"]) == (409, "already_proposed")
        proposal = await database.fetch_value("SELECT public_id FROM order_change WHERE status = 'proposed'")
        assert (await http.post(f"/api/v1/order-changes/{proposal}", json={"agree": False})).status_code == 204
        made = await http.post(path, json=later)
        assert made.status_code == 201
        assert (await http.delete(f"/api/v1/order-changes/{made.json()['id']}")).status_code == 204
        mine = (await http.post(path, json=later)).json()["id"]
        rating = f"/api/v1/orders/{here.season.delivered}/rating"
        assert (await http.post(rating, json={"rating": 5})).status_code == 204
        assert (await http.post(rating, json={"rating": 4})).status_code == 409
    async with client(here.provider) as http:
        assert (await http.post(f"/api/v1/order-changes/{mine}", json={"agree": True})).status_code == 204
        assert (await http.get(f"/api/v1/orders/{here.moving}")).json()["wished_start"] == later[
            "wished_start"
        ].replace("+00:00", "Z")


async def test_both_sides_answer_on_the_order_s_page(db: None) -> None:
    here = await crowd()
    async with client(here.clerk) as http:
        page = await http.get(f"/orders/{here.moving}")
        agree = re.search(r'action="(/orders/[^"]+/agree)"', page.text)
        assert agree
        assert (await http.post(agree[1])).status_code == 303
        past = {"wished_start": "2020-01-01T10:00", "note_zh": "早一点"}
        refused = await http.post(f"/orders/{here.moving}/change", data=past)
        assert (refused.status_code, "不在合同期限内" in refused.text, "早一点" in refused.text) == (
            409,
            True,
            True,
        )
        for number, ending in enumerate(("withdraw", "refuse"), start=6):
            new = clock.local(buying.soon(number)).strftime("%Y-%m-%dT%H:%M")
            assert (await http.post(f"/orders/{here.moving}/change", data={"wished_start": new})).status_code == 303
            proposal = await database.fetch_value("SELECT public_id FROM order_change WHERE status = 'proposed'")
            async with client(here.provider) if ending == "refuse" else client(here.clerk) as other:
                assert (await other.post(f"/orders/{here.moving}/change/{proposal}/{ending}")).status_code == 303
        rated = await http.post(f"/orders/{here.season.delivered}/rating", data={"rating": "5", "words_zh": "好"})
        assert rated.status_code == 303
        assert "村社评单" in (await http.get(f"/orders/{here.season.delivered}")).text
