"""Settlement for programs."""

from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import settled_work

JSON = {"accept": "application/json"}
NOVEMBER = {
    "place": work.DISTRICT, "period_from": "2026-11-01", "period_to": "2026-12-01", "idempotency_key": "2026-11",
}  # fmt: skip
BATCHES = "/api/v1/settlement-batches"


async def test_a_batch_is_made_once_for_a_key(db: None) -> None:
    money = await settled_work.approved()
    async with client(money.desk.clerk) as http:
        made = await http.post(BATCHES, json=NOVEMBER, headers=JSON)
        found = await http.post(BATCHES, json=NOVEMBER, headers=JSON)
        other = await http.post(BATCHES, json={**NOVEMBER, "period_to": "2026-11-20"}, headers=JSON)
    assert (made.status_code, found.status_code) == (201, 200)
    assert made.json() == found.json()
    assert (made.json()["total_fen"], made.json()["status"]) == (100_000, "computed")
    assert (other.status_code, other.json()["code"]) == (409, "settlement_key_conflict")


async def test_a_batch_goes_its_way_through_three_people(db: None) -> None:
    money = await settled_work.computed()
    assert money.batch is not None
    here = f"{BATCHES}/{money.batch.reference}"
    async with client(money.desk.cashier) as http:
        early = await http.post(f"{here}/pay", headers=JSON)
    async with client(money.desk.approver) as http:
        approved = await http.post(f"{here}/approve", headers=JSON)
    async with client(money.desk.cashier) as http:
        paid = await http.post(f"{here}/pay", headers=JSON)
        file = await http.post(f"{here}/bank-file", headers={"accept": "text/csv"})
    assert (early.status_code, early.json()["code"]) == (409, "transition_refused")
    assert (approved.json()["status"], paid.json()["status"]) == ("approved", "paid")
    assert file.content.decode("gb18030").splitlines()[-1].startswith("合计,2,,,1000.00")


async def test_batches_are_listed_by_status(db: None) -> None:
    money = await settled_work.paid(1, 1)
    async with client(money.supervisor) as http:
        paid = (await http.get(f"{BATCHES}?status=paid", headers=JSON)).json()
        computed = (await http.get(f"{BATCHES}?status=computed", headers=JSON)).json()
    assert money.batch is not None
    assert [batch["reference"] for batch in paid["items"]] == [money.batch.reference]
    assert computed["items"] == []


async def test_a_wrong_body_is_refused_field_by_field(db: None) -> None:
    money = await settled_work.approved(1, 1)
    async with client(money.desk.clerk) as http:
        answer = await http.post(BATCHES, json={**NOVEMBER, "place": "West Lake"}, headers=JSON)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_what_waits_is_previewed_and_a_computed_batch_is_given_up(db: None) -> None:
    money = await settled_work.approved()
    async with client(money.desk.clerk) as http:
        [waiting] = (await http.get(f"{BATCHES}/unsettled", headers=JSON)).json()
        made = (await http.post(BATCHES, json=NOVEMBER, headers=JSON)).json()
        nothing = (await http.get(f"{BATCHES}/unsettled", headers=JSON)).json()
        ends = [await http.post(f"{BATCHES}/{made['reference']}/cancellation", headers=JSON) for _ in range(2)]
        again = (await http.get(f"{BATCHES}/unsettled", headers=JSON)).json()
    assert (waiting["claims"], waiting["total_fen"]) == (4, 100_000)
    assert (nothing, again) == ([], [waiting])
    assert (ends[0].json()["status"], ends[1].status_code) == ("cancelled", 409)
