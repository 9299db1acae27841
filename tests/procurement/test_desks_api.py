"""What officers, villages and providers do at their desks, by program: papers, notices, quotas, frameworks, hours."""

from datetime import timedelta
from typing import Any

import httpx

from app.core import clock, database
from app.core.access import ANONYMOUS, Role
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.buying_pages import season

API = "/api/v1"
JSON = {"accept": "application/json"}


async def get(http: httpx.AsyncClient, path: str, **asked: str) -> Any:
    answer = await http.get(API + path, params=asked, headers=JSON)
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


async def status(http: httpx.AsyncClient, method: str, path: str, body: Any = None) -> int:
    return (await http.request(method, API + path, json=body, headers=JSON)).status_code


async def test_a_contract_is_handed_out_checked_and_closed(db: None) -> None:
    here = await season()
    path = f"/contracts/{here.contract}"
    async with client(ANONYMOUS) as http:
        paper = await http.get(f"{API}{path}/document")
        assert (paper.headers["content-type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
        assert (await http.get(f"{API}/contracts/{here.offered}/document", headers=JSON)).status_code == 404
        [text] = await get(http, f"{path}/check")
        assert (text["number"], text["untouched"], text["matches"]) == (0, True, False)
        [found] = await get(http, f"{path}/check", sha256=text["text_sha256"][:12])
        assert found["matches"]
        assert await status(http, "GET", f"{path}/closing-file") == 401
    async with client(here.provider) as http:
        closing = await get(http, f"{path}/closing-file")
        assert (closing["units"], closing["waiting"], closing["complete"]) == (2, [here.delivered], False)
        assert (await http.get(f"{API}{path}/closing-file/document")).content[:5] == b"%PDF-"
        assert {one["reference"] for one in await get(http, "/my/contracts")} == {here.contract, here.offered}
    async with client(await buying.person_as(Role.PROVIDER, None, await buying.organization())) as http:
        assert await status(http, "GET", f"{path}/closing-file/originals") == 404


async def test_a_contract_s_publication_is_recorded_once_and_by_its_buyer(db: None) -> None:
    here = await season()
    path = f"/contracts/{here.contract}/notices"
    done = {"kind": "published", "done_on": str(clock.today()), "url": "https://zfcg.czt.zj.gov.cn/1"}
    async with client(here.provider) as http:
        assert await status(http, "POST", path, done) == 403
    async with client(here.officer) as http:
        assert await status(http, "POST", path, {**done, "url": "nowhere"}) == 422
        assert [await status(http, "POST", path, done) for _ in range(2)] == [204, 409]
        published, filed = await get(http, path)
    assert (published["kind"], published["done_on"], published["overdue"]) == ("published", done["done_on"], False)
    assert (filed["kind"], filed["done_on"]) == ("filed", None)


async def test_quotas_are_set_for_a_place_and_added_up_by_town(db: None) -> None:
    here = await season()
    village, year = here.clerk.grants[0].place_code or "", buying.soon().year
    town = village[:9]
    async with client(here.officer) as http:
        changed = await http.put(
            f"{API}/village-quotas", json={"place_code": town, "year": year, "quota": 7}, headers=JSON
        )
        [row] = await get(http, "/village-quotas", district=town, year=str(year))
        assert (row["place_code"], row["villages"], row["quota"]) == (town, row["with_quota"], 7 * row["villages"])
        assert changed.json()["changed"] == row["villages"]
        below_use = {"place_code": village, "year": year, "quota": 0}
        assert await status(http, "PUT", "/village-quotas", below_use) == 409
        assert await status(http, "PUT", "/village-quotas", {"place_code": "999", "year": year, "quota": 1}) == 422
    elsewhere = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    async with client(elsewhere) as http:
        assert await status(http, "PUT", "/village-quotas", {"place_code": town, "year": year, "quota": 1}) == 403
        assert await get(http, "/village-quotas", district=town) == []


async def test_a_framework_goes_from_scheme_to_call_and_its_applications_wait(db: None) -> None:
    here = await season()
    today = clock.today()
    scheme = {
        "title_zh": "法律咨询日框架协议", "category": "consultation", "unit": "half_day", "rate_fen": 50_000,
        "place_code": buying.CITY, "starts_on": str(today), "ends_on": str(today + timedelta(days=300)),
    }  # fmt: skip
    async with client(here.officer) as http:
        reference = (await http.post(f"{API}/frameworks", json=scheme, headers=JSON)).json()["reference"]
        assert await status(http, "POST", f"/frameworks/{reference}/publication") == 409
        assert await status(http, "POST", f"/frameworks/{reference}/filing", {"filing_number": "浙财采备9号"}) == 204
        assert await status(http, "POST", f"/frameworks/{reference}/publication") == 204
        assert await status(http, "POST", f"/frameworks/{reference}/force") == 409
        [waiting] = await get(http, f"/frameworks/{here.waiting_framework}/applications")
        assert waiting["product"].startswith("CP-")
        managed = {row["reference"]: row for row in await get(http, "/frameworks/managed")}
        assert managed[here.waiting_framework]["waiting"] == 1
        assert managed[reference]["filing_number"] == "浙财采备9号"
    async with client(await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)) as http:
        assert await status(http, "GET", f"/frameworks/{here.scheme}/applications") == 404
    async with client(here.provider) as http:
        assert await status(http, "GET", "/frameworks/managed") == 403
        assert {one["status"] for one in await get(http, "/my/admissions")} == {"admitted", "applied"}


async def test_villages_state_hours_and_take_back_and_others_see_what_waits_for_them(db: None) -> None:
    here = await season()
    village = here.clerk.grants[0].place_code
    hours = {"hours": [{"weekday": day, "part": "evening"} for day in range(7)]}
    async with client(here.clerk) as http:
        assert len((await get(http, f"/villages/{village}/hours"))["hours"]) == 21
        assert (await http.put(f"{API}/villages/{village}/hours", json=hours, headers=JSON)).json() == hours
        order = {"contract": here.contract, "place_code": village, "wished_start": buying.soon(5).isoformat()}
        refused = await http.post(f"{API}/orders", json={"orders": [order]}, headers=JSON)
        assert (refused.status_code, refused.json()["code"]) == (409, "blocked")
        assert await status(http, "PUT", "/villages/330110001001/hours", hours) == 403
    async with client(here.provider) as http:
        [placed] = (await get(http, "/my/orders", waiting="true"))["items"]
        assert placed["reference"] == here.placed
        assert here.delivered in {one["reference"] for one in (await get(http, "/my/orders"))["items"]}
    async with client(here.acceptor) as http:
        [waits] = (await get(http, "/orders/to-accept"))["items"]
        assert waits["reference"] == here.delivered
    async with client(here.clerk) as http:
        assert await status(http, "POST", f"/orders/{here.placed}/cancellation", {"reason": "停电"}) == 204
    assert await database.fetch_value("SELECT status FROM village_order WHERE reference = $1", here.placed) == (
        "cancelled"
    )


async def test_a_purchase_is_evaluated_and_a_line_opened_only_in_time_and_place(db: None) -> None:
    here = await season()
    path = f"/purchases/{here.purchases['ordered']}"
    line = {
        "programme": "on_site", "place_code": buying.DISTRICT, "year": clock.today().year,
        "functional_code": "2040607", "economic_code": "30227",
    }  # fmt: skip
    async with client(here.officer) as http:
        assert await status(http, "POST", f"{path}/evaluation", {"evaluation_zh": "村社满意"}) == 409
        assert await status(http, "POST", f"{path}/closure") == 409
        assert await status(http, "POST", "/budgets", line) == 204
        assert {one["programme"] for one in (await get(http, "/budgets"))["items"]} == {"purchase", "on_site"}
    async with client(here.approver) as http:
        [proposed] = await get(http, "/appropriations/waiting")
        assert (proposed["amount_fen"], proposed["place_code"]) == (5_000_000, buying.DISTRICT)
    async with client(here.supervisor) as http:
        archive = await http.get(f"{API}{path}/archive")
        assert (archive.headers["content-type"], archive.content[:2]) == ("application/zip", b"PK")
    async with client(here.provider) as http:
        assert await status(http, "GET", f"{path}/archive") == 403
