"""Expenses, posts, samples and payees for programs: what the pages do, with their refusals."""

from app.core import clock, database, vault
from app.core.access import Permission
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import closed_cases as world
from tests.procurement import settled_work

JSON = {"accept": "application/json"}
PNG = b"\x89PNG\r\n\x1a\n"
POST = {
    "licence": "M1", "agency": "清波街道人民调解委员会", "district": work.DISTRICT, "document": "上司聘〔2026〕4号",
    "monthly_fen": 310_000, "from_day": "2026-08-17",
}  # fmt: skip


async def test_an_expense_is_handed_in_with_its_receipts_and_listed_with_its_claim(db: None) -> None:
    await world.office()
    payee = await world.self_of(await work.person("payee"))
    said = {"kind": "travel", "spent_on": clock.today().isoformat(), "amount_fen": "46.00", "reason": "到桐庐值班"}
    receipt = {"receipts": ("taxi.png", PNG + b"one", "image/png")}
    async with client(payee) as http:
        bare = await http.post("/api/v1/my/expenses", data=said, files={"other": ("a.txt", b"a")}, headers=JSON)
        done = await http.post("/api/v1/my/expenses", data=said, files=receipt, headers=JSON)
        again = await http.post("/api/v1/my/expenses", data=said, files=receipt, headers=JSON)
        listed = (await http.get("/api/v1/my/expenses", headers=JSON)).json()
    assert (bare.status_code, bare.json()["code"]) == (422, "receipt_missing")
    assert done.status_code == 201
    assert (again.status_code, again.json()["code"]) == (409, "receipt_used")
    (one,) = listed["items"]
    assert (one["claim"], one["amount_fen"], one["receipts"], one["status"]) == (
        done.json()["claim"], 4_600, 1, "accrued",
    )  # fmt: skip
    async with client(await world.self_of(await work.person("another"))) as http:
        assert (await http.get("/api/v1/my/expenses", headers=JSON)).json()["items"] == []


async def test_a_post_is_recorded_named_by_a_random_id_and_ended_once(db: None) -> None:
    made = await world.office()
    await world.licensed("P", "M1")
    async with client(made.recorder) as http:
        done = await http.post("/api/v1/mediator-posts", json=POST, headers=JSON)
        twice = await http.post("/api/v1/mediator-posts", json=POST, headers=JSON)
        nobody = await http.post("/api/v1/mediator-posts", json={**POST, "licence": "M9"}, headers=JSON)
        (row,) = (await http.get("/api/v1/mediator-posts", headers=JSON)).json()
        end = f"/api/v1/mediator-posts/{row['id']}/end"
        early = await http.post(end, json={"until_day": "2026-08-01"}, headers=JSON)
        ended = await http.post(end, json={"until_day": "2026-12-31"}, headers=JSON)
        again = await http.post(end, json={"until_day": "2026-12-31"}, headers=JSON)
    assert (done.status_code, done.json()["id"]) == (201, row["id"])
    assert (twice.status_code, twice.json()["code"]) == (409, "post_overlaps")
    assert nobody.status_code == 422
    assert (early.status_code, ended.status_code, again.status_code) == (422, 204, 409)
    assert (row["mediator"], row["monthly_fen"]) == ("P", 310_000)
    async with client(settled_work.moved(made.recorder)) as http:
        assert (await http.get("/api/v1/mediator-posts", headers=JSON)).json() == []
        assert (await http.post(end, json={"until_day": "2026-12-31"}, headers=JSON)).status_code == 404


async def test_a_sample_is_drawn_looked_at_and_then_all_are_approved(db: None) -> None:
    money = await settled_work.accrued(10, 2)
    body = {"references": money.references}
    async with client(money.desk.claims) as http:
        few = (
            await http.post("/api/v1/claims/samples", json={"references": money.references[:3]}, headers=JSON)
        ).json()
        drawn = (await http.post("/api/v1/claims/samples", json=body, headers=JSON)).json()
        refused = await http.post("/api/v1/claims/approvals", json=body, headers=JSON)
        (waiting,) = (await http.get("/api/v1/claims/samples", headers=JSON)).json()
        for reference in drawn["waiting"]:
            looked = await http.post(f"/api/v1/claims/samples/{drawn['sample']}/{reference}", headers=JSON)
            assert looked.status_code == 204
        assert (await http.get("/api/v1/claims/samples", headers=JSON)).json() == []
        done = await http.post("/api/v1/claims/approvals", json=body, headers=JSON)
    assert few == {"sample": None, "drawn": [], "waiting": []}
    assert (refused.status_code, refused.json()["code"]) == (409, "sample_not_looked_at")
    assert (waiting["sample"], waiting["claims"], waiting["drawn"], waiting["waiting"]) == (
        drawn["sample"], 20, 5, drawn["waiting"],
    )  # fmt: skip
    assert done.json()["count"] == 20


async def test_payees_are_listed_and_cleared_by_random_ids(db: None) -> None:
    money = await settled_work.approved(2, 1)
    await database.execute("UPDATE person SET bank_account_digest = $1", vault.digest("bank/1"))
    async with client(money.desk.claims) as http:
        first, second = (await http.get("/api/v1/claims/payees", headers=JSON)).json()
        assert (first["ground"], first["other_id"], first["total_fen"]) == ("twin", second["id"], 25_000)
        pair = {"payee": first["id"], "other": second["id"]}
        silent = await http.post("/api/v1/claims/payees/clearances", json={**pair, "ground": ""}, headers=JSON)
        done = await http.post("/api/v1/claims/payees/clearances", json={**pair, "ground": "夫妻"}, headers=JSON)
        again = await http.post("/api/v1/claims/payees/clearances", json={**pair, "ground": "夫妻"}, headers=JSON)
        assert (await http.get("/api/v1/claims/payees", headers=JSON)).json() == []
    assert (silent.status_code, done.status_code, again.status_code) == (400, 204, 409)


async def test_none_of_it_is_for_others(db: None) -> None:
    money = await settled_work.accrued(1, 1)
    async with client(money.payee) as http:
        for address in ("claims/payees", "claims/samples", "mediator-posts"):
            assert (await http.get(f"/api/v1/{address}", headers=JSON)).status_code == 403
    async with client(await work.officer("recorder", Permission.CASE_RECORD)) as http:
        assert (await http.get("/api/v1/my/expenses", headers=JSON)).status_code == 403


async def test_a_wrong_last_day_comes_back_on_the_page_with_what_was_typed(db: None) -> None:
    made = await world.office()
    await world.licensed("P", "M1")
    async with client(made.recorder) as http:
        await http.post("/api/v1/mediator-posts", json=POST, headers=JSON)
        (row,) = (await http.get("/api/v1/mediator-posts", headers=JSON)).json()
        page = (await http.post(f"/mediator-posts/{row['id']}/end", data={"until_day": "2026-08-01"})).text
    assert "终止日期不能早于开始日期" in page
    assert 'value="2026-08-01"' in page


async def test_a_payee_cleared_without_a_ground_is_asked_for_it_on_the_page(db: None) -> None:
    money = await settled_work.approved(2, 1)
    await database.execute("UPDATE person SET bank_account_digest = $1", vault.digest("bank/1"))
    async with client(money.desk.claims) as http:
        first, second = (await http.get("/api/v1/claims/payees", headers=JSON)).json()
        page = await http.post(f"/claims/payees/{first['id']}/{second['id']}", data={"ground": " "})
    assert page.status_code == 422
    assert "请写明怎么核实的" in page.text


async def test_the_document_names_every_endpoint() -> None:
    async with client() as http:
        document = (await http.get("/api/schema/openapi.json")).json()
    for path in (
        "/my/expenses", "/mediator-posts", "/mediator-posts/{post_id}/end", "/claims/samples",
        "/claims/samples/{sample}/{reference}", "/claims/payees", "/claims/payees/clearances",
    ):  # fmt: skip
        assert f"/api/v1{path}" in document["paths"]
