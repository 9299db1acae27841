"""Quotations for officers' programs: asked, invited, compared; keys by their public halves only."""

from datetime import datetime, timedelta
from typing import Any

from app.core import clock, database
from app.core.access import Principal, Role
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.offers import bidding

API = "/api/v1/quotation-requests"
JSON = {"accept": "application/json"}


async def reference_of(purchase_id: int) -> str:
    return str(await database.fetch_value("SELECT reference FROM purchase WHERE id = $1", purchase_id))


async def sent(person: Principal, method: str, path: str, body: Any = None) -> Any:
    async with client(person) as http:
        return await http.request(method, path, json=body, headers=JSON)


async def test_a_program_asks_and_invites_and_learns_nothing_before_the_deadline(db: None) -> None:
    here = await bidding.requested()
    today = clock.today()
    wish = {
        "purpose_zh": "企业合规讲座", "category": "legal_education", "unit": "lecture", "quantity": 10,
        "ceiling_fen": 60_000, "place_code": buying.DISTRICT, "line_place_code": buying.DISTRICT,
        "starts_on": str(today), "ends_on": str(today + timedelta(days=200)), "requirements": ["讲师有执业证"],
    }  # fmt: skip
    made = await sent(here.officer, "POST", API, wish)
    assert (await sent(here.officer, "POST", API, {**wish, "line_place_code": "330110"})).status_code == 404
    path = f"{API}/{made.json()['reference']}"
    keepers = (await sent(here.officer, "GET", f"/api/v1/quotation-keepers?place={buying.DISTRICT}")).json()
    assert {one["id"] for one in keepers} == {str(one.public_id) for one in here.keepers}
    assert all(len(one["fingerprint"]) == 19 for one in keepers)
    deadline = datetime.now(tz=clock.SHANGHAI) + timedelta(days=5)
    asked = {
        "deadline": deadline.isoformat(), "organizations": [str(one.public_id) for one in here.suppliers],
        "keepers": [one["id"] for one in keepers],
    }  # fmt: skip
    too_soon = await sent(here.officer, "POST", f"{path}/invitations", asked | {"deadline": "2020-01-01T00:00:00Z"})
    assert too_soon.status_code in (409, 422)
    assert (await sent(here.officer, "POST", f"{path}/invitations", asked)).status_code == 204
    shown = (await sent(here.approver, "GET", path)).json()
    assert (shown["status"], shown["quotations"], shown["round"]["opened_at"]) == ("quotations_sealed", [], None)
    assert len(shown["round"]["suppliers"]) == 3
    elsewhere = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    assert (await sent(elsewhere, "GET", path)).status_code == 404
    assert (await sent(elsewhere, "GET", f"/api/v1/quotation-keepers?place={buying.DISTRICT}")).status_code == 403
    assert (await sent(here.suppliers[0].member, "GET", path)).status_code == 403


async def test_a_program_sets_aside_proposes_and_reads_the_sheet(db: None) -> None:
    here = await bidding.opened()
    path = f"{API}/{await reference_of(here.purchase_id)}"
    first, second, third = (await sent(here.officer, "GET", path)).json()["quotations"]
    assert [one["lowest"] for one in (first, second, third)] == [True, False, False]
    assert first["unit_price_fen"] == min(bidding.PRICES)
    assert (await sent(here.officer, "GET", f"{path}/comparison")).status_code == 404
    aside = {"quotation": third["id"], "ground": "false_papers", "reason": "证照是假的"}
    proposal = {"proposed": first["id"], "participants": ["周明", "吴清"], "held_on": str(clock.today())}
    async with client(here.officer) as http:
        dearer = await http.post(f"{path}/comparison", json=proposal | {"proposed": second["id"]}, headers=JSON)
        assert (dearer.status_code, "reasons" in dearer.text) == (422, True)
        stored = await http.post(f"{path}/comparison", json=proposal, headers=JSON)
        late = await http.post(f"{path}/exclusions", json=aside, headers=JSON)
        sheet = (await http.get(f"{path}/comparison", headers=JSON)).json()
    assert late.status_code == 409
    assert sheet["text_sha256"] == stored.json()["text_sha256"]
    assert "周明、吴清" in sheet["body_zh"]


async def test_a_quotation_is_set_aside_with_its_ground(db: None) -> None:
    here = await bidding.opened()
    path = f"{API}/{await reference_of(here.purchase_id)}"
    quotation = (await sent(here.officer, "GET", path)).json()["quotations"][0]
    aside = {"quotation": quotation["id"], "ground": "requirement_not_met", "reason": "讲师没有执业证"}
    assert (await sent(here.officer, "POST", f"{path}/exclusions", aside)).status_code == 204
    after = {one["id"]: one for one in (await sent(here.officer, "GET", path)).json()["quotations"]}
    assert (after[quotation["id"]]["ground"], after[quotation["id"]]["lowest"]) == ("requirement_not_met", False)


async def test_one_s_own_key_is_a_fingerprint_and_nothing_else(db: None) -> None:
    keeper = await bidding.keeper(0)
    shown = await sent(keeper, "GET", "/api/v1/my/keeper-key")
    assert set(shown.json()) == {"fingerprint", "created_at"}
    assert (await sent(await buying.person_as(Role.APPROVER), "GET", "/api/v1/my/keeper-key")).status_code == 404
