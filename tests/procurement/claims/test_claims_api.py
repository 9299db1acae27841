"""Claims for programs: the same rules as on the pages, refusals as problem+json."""

from app.core import database
from tests.app.web.client import client
from tests.procurement import settled_work
from tests.procurement.offers.bidding import as_owner

JSON = {"accept": "application/json"}


async def test_claims_are_listed_page_by_page(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        first = (await http.get("/api/v1/claims?limit=3", headers=JSON)).json()
        rest = (await http.get(f"/api/v1/claims?limit=3&cursor={first['next_cursor']}", headers=JSON)).json()
    assert [claim["reference"] for claim in first["items"] + rest["items"]] == money.references
    assert rest["next_cursor"] is None
    assert first["items"][0]["amount_fen"] == 25_000
    assert first["items"][0]["label"] == "Demonstration tariff (not official)"


async def test_claims_stay_in_their_order_beyond_the_millionth(db: None) -> None:
    await as_owner("SELECT setval('reference_bt', 999998, false)")
    money = await settled_work.accrued(people=1, shifts=4)
    by_id = [row["reference"] for row in await database.fetch("SELECT reference FROM claim ORDER BY id")]
    assert [len(reference) for reference in by_id] == [14, 14, 15, 15]
    for reader, path, expected in (
        (money.desk.claims, "/api/v1/claims", by_id),
        (money.payee, "/api/v1/my/claims", by_id[::-1]),
    ):
        async with client(reader) as http:
            first = (await http.get(f"{path}?limit=3", headers=JSON)).json()
            rest = (await http.get(f"{path}?limit=3&cursor={first['next_cursor']}", headers=JSON)).json()
        assert [claim["reference"] for claim in first["items"] + rest["items"]] == expected


async def test_a_claim_tells_its_price_in_the_callers_language(db: None) -> None:
    money = await settled_work.computed()
    async with client(money.payee) as http:
        shown = (await http.get(f"/api/v1/claims/{money.reference}?lang=en", headers=JSON)).json()
    assert "Duty lawyer, half day: one × half-day at ¥250.00 = ¥250.00" in shown["steps"]
    assert money.batch is not None
    assert shown["batch"] == money.batch.reference


async def test_claims_are_approved_all_or_none(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        wrong = {"references": [money.reference, "BT-1999-000001"]}
        refused = await http.post("/api/v1/claims/approvals", json=wrong, headers=JSON)
        done = await http.post("/api/v1/claims/approvals", json={"references": money.references}, headers=JSON)
        again = await http.post("/api/v1/claims/approvals", json={"references": money.references}, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert done.json() == {"count": 4, "total_fen": 100_000}
    assert (again.status_code, again.json()["code"]) == (409, "transition_refused")
    assert again.headers["content-type"].startswith("application/problem+json")


async def test_a_claim_is_returned_and_rejected_with_a_reason(db: None) -> None:
    money = await settled_work.accrued()
    one, two, *_ = money.references
    async with client(money.desk.claims) as http:
        silent = await http.post(f"/api/v1/claims/{one}/return", json={"reason": ""}, headers=JSON)
        returned = await http.post(f"/api/v1/claims/{one}/return", json={"reason": "time"}, headers=JSON)
        rejected = await http.post(f"/api/v1/claims/{two}/reject", json={"reason": "absent"}, headers=JSON)
    assert (silent.status_code, returned.status_code, rejected.status_code) == (400, 204, 204)
    rows = await database.fetch("SELECT status, reason FROM claim ORDER BY reference LIMIT 2")
    assert rows == [{"status": "returned", "reason": "time"}, {"status": "rejected", "reason": "absent"}]


async def test_another_districts_officer_finds_nothing(db: None) -> None:
    money = await settled_work.accrued()
    async with client(settled_work.moved(money.desk.claims)) as http:
        listed = (await http.get("/api/v1/claims", headers=JSON)).json()
        approval = await http.post("/api/v1/claims/approvals", json={"references": money.references}, headers=JSON)
    assert listed == {"items": [], "next_cursor": None}
    assert approval.status_code == 404


async def test_a_payee_cannot_judge(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.payee) as http:
        listed = await http.get("/api/v1/claims", headers=JSON)
        approval = await http.post("/api/v1/claims/approvals", json={"references": money.references}, headers=JSON)
    assert (listed.status_code, approval.status_code) == (403, 403)


async def test_the_desk_adds_up_and_looks_at_an_approval_beforehand(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        totals = (await http.get("/api/v1/claims/totals?status=accrued", headers=JSON)).json()
        asked = {"references": money.references}
        [effect] = (await http.post("/api/v1/claims/effects", json=asked, headers=JSON)).json()
    assert totals == {"count": 4, "total_fen": 100_000}
    assert (effect["count"], effect["to_reserve_fen"], effect["short_fen"]) == (4, 100_000, 0)
    assert await database.fetch_value("SELECT count(*) FROM claim WHERE status = 'accrued'") == 4
    async with client(settled_work.moved(money.desk.claims)) as http:
        assert (await http.get("/api/v1/claims/totals", headers=JSON)).json() == {"count": 0, "total_fen": 0}
        assert (await http.post("/api/v1/claims/effects", json=asked, headers=JSON)).status_code == 404


async def test_a_payee_reads_their_own_and_hands_in_again_what_was_sent_back(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.payee) as http:
        own = (await http.get("/api/v1/my/claims", headers=JSON)).json()
    mine = own["items"][0]["reference"]
    assert own["coming_fen"] == sum(claim["amount_fen"] for claim in own["items"])
    async with client(money.desk.claims) as http:
        await http.post(f"/api/v1/claims/{mine}/return", json={"reason": "time"}, headers=JSON)
    async with client(money.payee) as http:
        assert (await http.get("/api/v1/my/claims", headers=JSON)).json()["returned"] == 1
        done = [(await http.post(f"/api/v1/claims/{mine}/resubmission", headers=JSON)).status_code for _ in range(2)]
        assert (await http.get("/api/v1/my/organization-claims", headers=JSON)).json()["items"] == []
    assert done == [204, 409]
