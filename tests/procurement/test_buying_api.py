"""The same use cases for programs: JSON in, JSON out, refusals as problem+json, all or none."""

from typing import Any

import httpx

from app.core import clock, database
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.buying_pages import season

API = "/api/v1"
PATHS = ("/frameworks", "/admissions/decisions", "/budgets", "/purchases", "/contracts/signatures", "/orders/answers")


async def post(http: httpx.AsyncClient, path: str, body: Any) -> httpx.Response:
    return await http.post(API + path, json=body, headers={"accept": "application/json"})


async def get(http: httpx.AsyncClient, path: str) -> Any:
    answer = await http.get(API + path, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_everybody_reads_frameworks_and_signed_contracts(db: None) -> None:
    here = await season()
    async with client() as http:
        assert {row["reference"] for row in (await get(http, "/frameworks"))["items"]} >= {here.framework}
        detail = await get(http, f"/frameworks/{here.framework}")
        assert [row["status"] for row in detail["admitted"]] == ["admitted", "admitted"]
        [contract] = (await get(http, "/contracts"))["items"]
        assert contract["reference"] == here.contract
        assert (await get(http, f"/contracts/{here.contract}"))["text_sha256"]
        hidden = await http.get(f"{API}/contracts/{here.offered}", headers={"accept": "application/json"})
        assert hidden.status_code == 404
        assert hidden.headers["content-type"].startswith("application/problem+json")


async def test_lists_go_on_by_cursor(db: None) -> None:
    here = await season()
    async with client(here.officer) as http:
        first = await get(http, "/purchases?limit=3")
        rest = await get(http, f"/purchases?limit=3&cursor={first['next_cursor']}")
        assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (3, 1, None)
        assert (await get(http, "/purchases?group=approved"))["items"][0]["reference"] == here.purchases["approved"]


async def test_a_purchase_goes_from_the_request_to_the_contract(db: None) -> None:
    here = await season()
    wanted = {
        "admission": here.admission,
        "place_code": buying.DISTRICT,
        "line_place_code": buying.DISTRICT,
        "quantity": 4,
        "purpose_zh": "春季普法",
    }
    async with client(here.officer) as http:
        elsewhere = wanted | {"line_place_code": buying.OTHER_DISTRICT}
        assert (await post(http, "/purchases", {"requests": [wanted, elsewhere]})).status_code == 404
        made = await post(http, "/purchases", {"requests": [wanted]})
        [reference] = made.json()["references"]
        too_much = await post(http, "/purchases", {"requests": [wanted | {"quantity": 100_000}]})
        assert (too_much.status_code, "预算不足" in too_much.text) == (409, True)
        [ground] = too_much.json()["grounds"]
        assert (ground["document"], ground["article"], ground["since"]) == ("预算法", "第13条", "2018-12-29")
        assert all((ground["reason"], ground["value"], ground["remedy"], ground["verified"]))
    async with client(here.approver) as http:
        decisions = [{"reference": reference, "approve": True}]
        assert (await post(http, "/purchases/decisions", {"decisions": decisions})).status_code == 204
    today = clock.today()
    async with client(here.officer) as http:
        term = {"purchase": reference, "starts_on": str(today), "ends_on": str(today.replace(month=12, day=31))}
        assert (await post(http, "/contracts", {"offers": [term]})).status_code == 204
        contract = (await get(http, f"/purchases/{reference}"))["contract_reference"]
    async with client(here.provider) as http:
        assert (await post(http, "/contracts/signatures", {"contracts": [contract]})).status_code == 204
        turned = await post(http, f"/contracts/{here.offered}/refusal", {"reason": "人手不足"})
        assert turned.status_code == 204
    assert await database.fetch_value("SELECT status FROM purchase WHERE reference = $1", reference) == "contracted"


async def test_orders_go_from_the_village_to_the_acceptance(db: None) -> None:
    here = await season()
    village = here.clerk.grants[0].place_code
    async with client(here.clerk) as http:
        [service] = (await get(http, f"/villages/{village}/services"))["items"]
        order = {
            "contract": service["contract_reference"],
            "place_code": village,
            "wished_start": buying.soon(5).isoformat(),
        }
        beyond = await post(http, "/orders", {"orders": [order, order]})
        assert (beyond.status_code, beyond.json()["code"]) == (409, "blocked")
        [placed] = (await post(http, "/orders", {"orders": [order]})).json()["references"]
        assert (await get(http, f"/orders/{placed}"))["status"] == "placed"
        assert len((await get(http, "/orders"))["items"]) == 3
    async with client(here.provider) as http:
        answers = [{"reference": placed, "take": True}, {"reference": here.placed, "take": False, "reason": "冲突"}]
        assert (await post(http, "/orders/answers", {"answers": answers})).json()["counts"] == {
            "scheduled": 1,
            "declined": 1,
        }
    async with client(here.acceptor) as http:
        finding = {"reference": here.delivered, "accepted": True, "people_reached": 20, "rating": 5}
        answer = await post(http, "/orders/acceptances", {"findings": [finding]})
        assert answer.json()["counts"] == {"accepted": 1}


async def test_money_and_admissions_are_decided_by_program(db: None) -> None:
    here = await season()
    year = clock.today().year
    async with client(here.officer) as http:
        [line] = (await get(http, "/budgets"))["items"]
        assert (
            line["approved_fen"] == line["reserved_fen"] + line["committed_fen"] + line["spent_fen"] + line["left_fen"]
        )
        proposal = {"amount_fen": 100, "document": "杭财行〔2026〕99号"}
        made = await post(http, f"/budgets/{year}/{buying.DISTRICT}/purchase/appropriations", proposal)
        application = await database.fetch_value("SELECT public_id FROM admission WHERE status = 'applied'")
        decisions = [{"id": str(application), "admit": True}]
        admitted = await post(http, "/admissions/decisions", {"decisions": decisions})
        assert admitted.json()["counts"] == {"admitted": 1}
        removal = {"ground": "breach", "reason": "未按约定服务"}
        assert (await post(http, f"/admissions/{application}/removal", removal)).status_code == 204
    async with client(here.approver) as http:
        decisions = [{"id": made.json()["id"], "approve": True}]
        assert (await post(http, "/appropriations/decisions", {"decisions": decisions})).status_code == 204
        after = (await get(http, "/budgets"))["items"][0]
        assert after["approved_fen"] == line["approved_fen"] + 100
    async with client(here.provider) as http:
        left = await http.post(f"{API}/admissions/{here.admission}/withdrawal", headers={"accept": "application/json"})
        assert left.status_code == 204
        mine = await database.fetch_value(
            """SELECT product.reference FROM product JOIN admission a ON a.product_id = product.id
               WHERE a.public_id::text = $1""",
            here.admission,
        )
        again = await post(http, f"/frameworks/{here.framework}/applications", {"products": [mine]})
        assert again.json() == {"applied": 1}


async def test_the_document_names_every_endpoint_with_examples() -> None:
    async with client() as http:
        document = (await http.get("/api/schema/openapi.json")).json()
    for path in PATHS:
        assert f"{API}{path}" in document["paths"], sorted(document["paths"])
    schemas = document["components"]["schemas"]
    [framework] = [schema for name, schema in schemas.items() if name.endswith("FrameworkBody")]
    assert "KJ-2026-000001" in str(framework["properties"]["reference"]["examples"])
