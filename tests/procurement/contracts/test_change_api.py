"""Programs amend a contract, end it, and read a tender."""

from datetime import timedelta

from app.core import clock, database
from app.core.access import ANONYMOUS
from tests.app.web.client import client
from tests.procurement.deliveries.test_orders import ground
from tests.procurement.purchases.tenders.stage import K
from tests.procurement.purchases.tenders.stage import ground as tender_ground

API = "/api/v1/contracts"


async def test_a_program_amends_and_ends_a_contract(db: None) -> None:
    here = await ground(villages=1, station=False)
    path = f"{API}/" + str(await database.fetch_value("SELECT reference FROM contract"))
    for who, where, body, status in (
        (here.who.officer, "/amendments", {"reason_zh": "需求增加", "added": 2}, 409),
        (here.who.officer, "/amendments", {"reason_zh": "需求增加", "added": 1}, 201),
        (here.who.provider, "/amendments/1/agreement", None, 204),
        (here.who.officer, "/amendments/1/approval", None, 403),
        (here.who.approver, "/amendments/1/approval", None, 204),
        (here.who.officer, "/terminations", {"ground": "public_interest", "reason_zh": "场地关闭"}, 204),
        (here.who.approver, "/terminations/decision", None, 204),
    ):
        async with client(who) as http:
            answer = await http.post(path + where, json=body, headers={"accept": "application/json"})
            assert answer.status_code == status, (where, answer.text)
    async with client(ANONYMOUS) as http:
        [amendment] = (await http.get(f"{path}/amendments")).json()
        [end] = (await http.get(f"{path}/terminations")).json()
    assert (amendment["status"], amendment["added"]) == ("in_force", 1)
    assert (end["status"], end["released_fen"]) == ("in_force", 660_000)


async def test_programs_turn_changes_and_ends_down_take_them_back_and_note_a_cure(db: None) -> None:
    here = await ground(villages=1, station=False)
    path = f"{API}/" + str(await database.fetch_value("SELECT reference FROM contract"))
    change, reason = {"reason_zh": "需求增加", "added": 1}, {"reason": "人手不足"}
    breach = {
        "ground": "breach", "reason_zh": "两次没有到场", "at_fault": "provider",
        "cure_by": str(clock.today() + timedelta(days=9)),
    }  # fmt: skip
    agreed = {"ground": "agreement", "reason_zh": "计划调整"}
    for who, where, body, status in (
        (here.who.officer, "/amendments", change, 201),
        (here.who.provider, "/amendments/1/refusal", reason, 204),
        (here.who.officer, "/amendments", change, 201),
        (here.who.provider, "/amendments/2/agreement", None, 204),
        (here.who.approver, "/amendments/2/rejection", reason, 204),
        (here.who.officer, "/terminations", breach, 204),
        (here.who.provider, "/terminations/cure", reason, 403),
        (here.who.officer, "/terminations/cure", reason, 204),
        (here.who.officer, "/terminations", agreed, 204),
        (here.who.provider, "/terminations/refusal", reason, 204),
        (here.who.officer, "/terminations", agreed, 204),
        (here.who.officer, "/terminations/withdrawal", reason, 204),
        (here.who.officer, "/terminations", {**agreed, "ground": "public_interest"}, 204),
        (here.who.approver, "/terminations/rejection", reason, 204),
    ):
        async with client(who) as http:
            answer = await http.post(path + where, json=body, headers={"accept": "application/json"})
            assert answer.status_code == status, (where, answer.text)
    ends = await database.fetch("SELECT status FROM contract_termination ORDER BY id")
    assert [row["status"] for row in ends] == ["cured", "declined", "withdrawn", "refused"]


async def test_a_program_reads_a_tenders_steps_and_verdicts(db: None) -> None:
    here = await tender_ground()
    await here.record_until(K.NOTICE)
    path = "/api/v1/tenders/" + str(await database.fetch_value("SELECT reference FROM purchase"))
    async with client(here.who.officer) as http:
        tender, verdicts = (await http.get(path)).json(), (await http.get(f"{path}/verdicts")).json()
    assert [step["kind"] for step in tender["steps"]][-1] == "notice"
    assert len(tender["steps"][-1]["sha256"]) == 64
    assert tender["steps"][0]["facts"]["budget_fen"] == 60_000_000
    assert all(verdict["then"] == [] for verdict in verdicts)
    async with client(here.who.provider) as http:
        assert (await http.get(path)).status_code == 403
