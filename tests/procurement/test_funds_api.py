"""The chain of approval and adjustments for programs: the same use cases, refused in the same words."""

from datetime import timedelta

from app.core import clock, database
from tests.app.web.client import client
from tests.procurement import approving, buying
from tests.procurement.approving import MIDDLE

API = "/api/v1"
JSON = {"accept": "application/json"}


async def test_a_program_reads_the_steps_and_takes_one_if_it_is_still_open(db: None) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, MIDDLE)
    reference = await database.fetch_value("SELECT reference FROM purchase WHERE id = $1", purchase_id)
    word = {"reference": reference, "approve": True, "step": 1}
    async with client(here.division) as http:
        early = await http.post(f"{API}/purchases/decisions", json={"decisions": [word]}, headers=JSON)
        assert (early.status_code, early.json()["code"]) == (409, "not_your_step")
    async with client(here.section) as http:
        done = await http.post(f"{API}/purchases/decisions", json={"decisions": [word]}, headers=JSON)
        assert done.status_code == 204
        steps = (await http.get(f"{API}/purchases/{reference}/approvals", headers=JSON)).json()["items"]
        assert [(one["level"], one["verdict"], one["next"]) for one in steps] == [
            ("section", "approved", False),
            ("division", "", True),
        ]
    async with client(here.division) as http:
        late = await http.post(f"{API}/purchases/decisions", json={"decisions": [word]}, headers=JSON)
        assert (late.status_code, late.json()["code"]) == (409, "step_moved")


async def test_a_program_proposes_limits_and_another_person_confirms_them(db: None) -> None:
    here = await approving.desk()
    limit = {
        "place_code": buying.DISTRICT,
        "effective_from": str(clock.today() + timedelta(days=1)),
        "section_up_to_fen": 500,
        "division_up_to_fen": 900,
        "document": "内控〔2026〕8号",
    }
    async with client(here.officer) as http:
        made = await http.post(f"{API}/approval-limits", json=limit, headers=JSON)
        assert made.status_code == 201, made.text
        wrong = await http.post(f"{API}/approval-limits", json={**limit, "division_up_to_fen": 1}, headers=JSON)
        assert wrong.status_code == 422
    async with client(here.second) as http:
        path = f"{API}/approval-limits/{made.json()['id']}/decision"
        assert (await http.post(path, json={"approve": True}, headers=JSON)).status_code == 204
        latest = (await http.get(f"{API}/approval-limits", headers=JSON)).json()["items"][0]
        assert (latest["status"], latest["section_up_to_fen"]) == ("confirmed", 500)


async def test_a_program_moves_money_between_lines_with_a_second_person(db: None) -> None:
    here = await approving.desk()
    await buying.budget_line(1000, programme="expenses")
    line = f"{clock.today().year}/{buying.DISTRICT}/"
    asked = {"from_line": line + "expenses", "to_line": line + "purchase", "amount_fen": 400, "document": "文号"}
    async with client(here.officer) as http:
        made = await http.post(f"{API}/budget-adjustments", json=asked, headers=JSON)
        assert made.status_code == 201, made.text
        nowhere = await http.post(f"{API}/budget-adjustments", json={**asked, "to_line": "1999/3301/x"}, headers=JSON)
        assert nowhere.status_code == 404
    word = {"decisions": [{"id": made.json()["id"], "approve": True}]}
    async with client(here.second) as http:
        path = f"{API}/budget-adjustments/decisions"
        assert (await http.post(path, json=word, headers=JSON)).status_code == 204
        assert (await http.post(path, json=word, headers=JSON)).json()["code"] == "already_decided"
        [shown] = (await http.get(f"{API}/budget-adjustments", headers=JSON)).json()["items"]
        assert (shown["status"], shown["from_line"]) == ("approved", line + "expenses")
        lines = (await http.get(f"{API}/budgets", headers=JSON)).json()["items"]
        assert {row["programme"]: row["approved_fen"] for row in lines}["expenses"] == 600
        assert {row["fund"] for row in lines} == {"fiscal"}


async def test_a_donated_appropriation_for_a_fiscal_line_is_refused_to_programs(db: None) -> None:
    here = await approving.desk()
    body = {"amount_fen": 5, "document": "捐赠协议", "fund": "donated"}
    async with client(here.officer) as http:
        path = f"{API}/budgets/{clock.today().year}/{buying.DISTRICT}/purchase/appropriations"
        answer = await http.post(path, json=body, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (409, "fund_mixed")
        assert "分开记账" in answer.text
