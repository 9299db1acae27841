"""The pages and endpoints of quotations do what they say, for those whose they are."""

import re
from datetime import timedelta

import pytest

from app import composition
from app.core import clock, database
from app.core.access import ANONYMOUS, Role
from app.operations.recorded import unnamed
from app.web.workbench import WaitingSource
from procurement.offers.waiting import waiting_quotations
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.offers import bidding
from tests.procurement.offers.desks import desks, paths


async def test_every_page_answers_its_reader_and_refuses_others(db: None) -> None:
    composition.compose()
    here = await desks()
    stranger = await buying.person_as(Role.PROVIDER, None, await buying.organization())
    for role, pages in paths(here).items():
        async with client(getattr(here, role) if role else ANONYMOUS) as http:
            for path in pages:
                answer = await http.get(path)
                assert answer.status_code == 200, (path, answer.text[:300])
        for person in (stranger, await buying.person_as(Role.RESIDENT)):
            async with client(person) as http:
                for path in pages:
                    own = path == "/my/quotations" and person is stranger
                    expected = {200} if not role or own else {403, 404}
                    assert (await http.get(path)).status_code in expected, path
    acted = await database.fetch("SELECT DISTINCT action FROM audit_event WHERE object_type IN ('purchase')")
    assert unnamed({row["action"] for row in acted}) == set()
    for reference in ("sealed", "opened"):
        async with client() as http:
            assert (await http.get(f"/quotations/{here.references[reference]}")).status_code == 404


async def test_an_officer_asks_and_invites_on_pages(db: None) -> None:
    await buying.budget_line(100_000_000)
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.CITY)
    suppliers, keepers = [await bidding.supplier() for _ in range(3)], [await bidding.keeper(n) for n in range(3)]
    today = clock.today()
    wish = {
        "purpose_zh": "企业合规讲座", "category": "legal_education", "unit": "lecture", "quantity": "10",
        "ceiling_fen": "600", "place_code": buying.DISTRICT, "line": f"{buying.DISTRICT}/{today.year}",
        "starts_on": today.isoformat(), "ends_on": (today + timedelta(days=90)).isoformat(),
        "requirements": "讲师有执业证\n\n提供讲义",
    }  # fmt: skip
    async with client(officer) as http:
        refused = await http.post("/buying/quotations", data=wish | {"quantity": "20000"})
        assert refused.status_code == 409
        assert "金额达到限额标准" in refused.text
        assert "企业合规讲座" in refused.text  # what was typed comes back
        asked = await http.post("/buying/quotations", data=wish)
        assert asked.status_code == 303
        path = asked.headers["location"]
        assert "邀请供应商" in (await http.get(path)).text
        late = clock.local(clock.now() + timedelta(days=4)).strftime("%Y-%m-%dT%H:%M")
        form = {"deadline": late, "needed": "2", "organizations": [str(one.public_id) for one in suppliers[:2]],
                "keepers": [str(one.public_id) for one in keepers]}  # fmt: skip
        few = await http.post(f"{path}/invitations", data=form)
        assert few.status_code == 409
        assert "邀请的供应商少于3家" in few.text
        form["organizations"] = [str(one.public_id) for one in suppliers]
        assert (await http.post(f"{path}/invitations", data=form)).status_code == 303
        assert "报价密封中" in (await http.get(path)).text
    waiting: WaitingSource = waiting_quotations
    assert [row.action.path for row in await waiting(suppliers[0].member)] == ["/my/quotations"]
    assert await waiting(officer) == []


async def test_keepers_open_and_the_officer_proposes_on_pages(db: None) -> None:
    here = await bidding.sealed()
    path = f"/buying/quotations/{await database.fetch_value('SELECT reference FROM purchase')}"
    for number, said in ((0, "等待其他保管人"), (2, "报价已全部开启")):
        assert [row.action.path for row in await waiting_quotations(here.keepers[number])] == ["/my/keeper-key"]
        async with client(here.keepers[number]) as http:
            wrong = await http.post(f"{path}/unlocks", data={"passphrase": "not the words"})
            assert wrong.status_code == 422
            assert "口令不对" in wrong.text
            assert "not the words" not in wrong.text
            done = await http.post(f"{path}/unlocks", data={"passphrase": bidding.passphrase(number)})
            assert done.status_code == 303
            assert said in (await http.get(path)).text or number == 0
    async with client(here.officer) as http:
        lowest = str(await bidding.opened_id(here, 1))
        form = {"proposed": lowest, "held_on": clock.today().isoformat(), "participants": "王一"}
        assert "参加人至少2人" in (await http.post(f"{path}/comparison", data=form)).text
        form["participants"] = "王一\n李二"
        assert (await http.post(f"{path}/comparison", data=form)).status_code == 303
        sheet = (await http.get(f"{path}/comparison")).text
        assert "王一、李二" in sheet
        assert "合计 5200.00 元" in sheet or "合计 5,200.00 元" in sheet
    async with client(here.approver) as http:
        reference = path.split("/")[-1]
        assert reference in (await http.get("/buying/purchases/waiting")).text
        answer = await http.post("/buying/purchases/waiting", data={"purchases": reference, "approve": "on"})
        assert answer.status_code == 303
    async with client() as http:
        assert "比价结果" in (await http.get("/notices")).text
        result = (await http.get(f"/api/v1/quotation-results/{reference}")).json()
    assert (result["unit_price_fen"], result["quotations"], result["countable"]) == (52_000, 3, 3)
    async with client(here.suppliers[1].member) as http:
        assert (await http.get("/api/v1/quotations")).json()["items"][0]["status"] == "chosen"
    async with client(here.suppliers[0].member) as http:
        assert (await http.get("/api/v1/quotations")).json()["items"][0]["status"] == "not_chosen"


async def test_a_suppliers_program_hands_in_and_takes_back(db: None) -> None:
    here = await bidding.invited()
    path = f"/api/v1/quotations/{await bidding.invitation_of(here, 0)}"
    body = {"unit_price_fen": 50_000, "product_reference": here.suppliers[0].product, "legal_representative": "王一",
            "met": [1, 2], "file_name": "a.txt", "file_base64": "5oql5Lu3"}  # fmt: skip
    async with client(here.suppliers[0].member) as http:
        seen = (await http.get(path)).json()
        assert (seen["status"], seen["requirements_zh"], seen["sha256"]) == ("open", ["讲师有执业证", "提供讲义"], None)
        receipt = await http.post(path, json=body)
        assert receipt.status_code == 201
        assert (await http.get(path)).json()["sha256"] == receipt.json()["sha256"]
        wrong = await http.post(path, json=body | {"unit_price_fen": 70_000})
        assert wrong.status_code == 422
        assert (await http.post(f"{path}/withdrawal")).status_code == 204
        assert (await http.get(path)).json()["sha256"] is None
    async with client(here.suppliers[1].member) as http:
        assert (await http.get(path)).status_code == 404
        assert (await http.post(path, json=body)).status_code == 404


async def test_a_keeper_makes_and_revokes_a_key_on_a_page(db: None) -> None:
    person = await buying.person_as(Role.APPROVER, buying.CITY)
    words = "a passphrase of mine"
    async with client(person) as http:
        refused = await http.post("/my/keeper-key", data={"passphrase": words, "repeated": "another one"})
        assert refused.status_code == 422
        assert words not in refused.text
        assert (await http.post("/my/keeper-key", data={"passphrase": words, "repeated": words})).status_code == 303
        shown = (await http.get("/my/keeper-key")).text
        assert re.search(r"<code>[0-9a-f]{4}( [0-9a-f]{4}){3}</code>", shown)
        assert (await http.post("/my/keeper-key/revoke")).status_code == 303
        assert "生成密钥" in (await http.get("/my/keeper-key")).text


@pytest.mark.parametrize("action", ["approve", "refuse"])
async def test_a_purchase_that_is_not_compared_is_not_decided(db: None, action: str) -> None:
    here = await bidding.requested()
    reference = await database.fetch_value("SELECT reference FROM purchase")
    async with client(here.approver) as http:
        assert reference not in (await http.get("/buying/purchases/waiting")).text
        form = {"purchases": reference, "reason": "不急"} | ({"approve": "on"} if action == "approve" else {})
        assert (await http.post("/buying/purchases/waiting", data=form)).status_code == 409
