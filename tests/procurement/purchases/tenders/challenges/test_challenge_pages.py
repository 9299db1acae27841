"""Challenges by their pages and for programs: recorded where they stand, refused with the entries kept."""

import base64
from datetime import timedelta

from app.core import clock, database
from app.core.access import Role
from app.core.clock import local
from tests.app.web.client import call, client
from tests.procurement import buying
from tests.procurement.purchases.tenders.challenged import Challenged, published
from tests.procurement.purchases.tenders.test_tender_pages import PDF, reference, sent

NOW = "%Y-%m-%dT%H:%M"


async def path_of(made: Challenged) -> str:
    return f"/buying/tenders/{await reference(made.here)}"


async def test_an_officer_records_a_challenge_up_to_finances_decision(db: None) -> None:
    made = await published()
    path, officer = await path_of(made), made.here.who.officer
    at = {"at": f"{local(clock.now()):{NOW}}"}
    about = {"challenger": "某某中心", "could_change_result": "on", "about": "result"}
    page = await sent(officer, f"{path}/challenge", path, **at, **about)
    assert "第 1 件质疑：某某中心" in page
    assert "暂停签约、履约和付款" in page
    assert "答复质疑" in page
    untold = await sent(officer, f"{path}/settle_challenge", path, **at, outcome="rejected", challenge="1")
    assert "答复要书面通知质疑供应商和其他有关供应商。" in untold
    assert "<details open><summary>答复质疑" in untold
    answered = {"outcome": "rejected", "others_told": "on", "challenge": "1"}
    page = await sent(officer, f"{path}/settle_challenge", path, **at, **answered)
    assert "供应商可以投诉" in page
    page = await sent(officer, f"{path}/complain", path, **at, within_challenge="on", challenge="1", number="投诉1号")
    assert "处理投诉" in page
    last = clock.today() + timedelta(days=31)
    suspend = {**at, "number": "暂停1号", "challenge": "1"}
    assert "请上传保存的公告" in await sent(officer, f"{path}/suspend", path, **suspend, until=str(last))
    long = await sent(officer, f"{path}/suspend", path, PDF, **suspend, until=str(last))
    assert "暂停采购活动最长30日。" in long
    assert f'value="{last}"' in long
    last -= timedelta(days=1)
    page = await sent(officer, f"{path}/suspend", path, PDF, **suspend, until=str(last))
    assert "期满自行恢复" in page
    decide = {**at, "number": "决定1号", "challenge": "1", "url": "https://czt.zj.gov.cn/1"}
    page = await sent(officer, f"{path}/decide_complaint", path, PDF, **decide, decision="dismissed")
    assert "投诉已驳回" in page
    assert "我们保存的副本" in page
    assert await made.stands() == [("dismissed", False)]


async def test_the_purchase_s_page_does_not_offer_to_sign_while_a_challenge_holds_it(db: None) -> None:
    made = await published()
    path = (await path_of(made)).replace("tenders", "purchases")

    async def shown() -> str:
        async with client(made.here.who.officer) as http:
            return (await http.get(path)).text

    assert f'action="{path}/contract"' in await shown()
    await made.challenge()
    held = await shown()
    assert f'action="{path}/contract"' not in held
    assert "暂停签约、履约和付款" in held
    assert "政府采购法第57条" in held
    await made.answer()
    assert f'action="{path}/contract"' in await shown()


async def test_what_is_owed_is_on_the_workbench_and_the_provider_sees_what_holds_its_contract(db: None) -> None:
    made = await published()
    contract = await made.offered()
    await made.challenge()
    number = await database.fetch_value("SELECT reference FROM contract WHERE id = $1", contract)
    async with client(made.here.who.officer) as http:
        workbench = (await http.get("/workbench")).text
        assert f"采购{await reference(made.here)}的质疑等你答复" in workbench
        assert f"{await path_of(made)}#challenge-1" in workbench
    async with client(made.here.who.provider) as http:
        shown = (await http.get(f"/contracts/{number}")).text
        assert "这项采购有质疑或投诉正在处理，暂停签约、履约和付款。" in shown
        english = (await http.get(f"/contracts/{number}?lang=en")).text
        assert "signing, performance and payment stop" in english
    await made.answer()
    async with client(made.here.who.provider) as http:
        assert "正在处理，暂停签约" not in (await http.get(f"/contracts/{number}")).text


async def test_programs_record_and_read_the_same(db: None) -> None:
    made = await published()
    path, officer = (await path_of(made)).removeprefix("/buying"), made.here.who.officer
    at = {"happened_at": clock.now().isoformat()}
    challenge = {"kind": "challenge", **at, "challenger": "某某中心"}
    done = await call(officer, "POST", f"{path}/steps", challenge)
    assert (done.status_code, done.text) == (201, done.text)
    [one] = done.json()["tender"]["challenges"]
    assert (one["number"], one["status"], one["next"]) == (1, "raised", ["settle_challenge", "complain"])
    assert one["answer_by"] > str(clock.today())
    early = {"kind": "complain", **at, "within_challenge": True, "number": "1"}
    refused = await call(officer, "POST", f"{path}/steps", early)
    assert (refused.status_code, "政府采购法" in refused.text) == (409, True)
    answer = {"kind": "settle_challenge", **at, "outcome": "rejected", "others_told": True, "challenge": 1}
    assert (await call(officer, "POST", f"{path}/steps", answer)).status_code == 201
    assert (await call(officer, "POST", f"{path}/steps", early)).status_code == 201
    copy = {"copy": base64.b64encode(PDF).decode(), "copy_name": "notice.pdf", "number": "暂停1号"}
    until = str(clock.today() + timedelta(days=30))
    done = await call(officer, "POST", f"{path}/steps", {"kind": "suspend", **at, **copy, "until": until})
    assert (done.status_code, done.text) == (201, done.text)
    tender = done.json()["tender"]
    assert (tender["held_until"], tender["challenges"][0]["suspended_until"]) == (until, until)
    again = await call(officer, "POST", f"{path}/steps", {**answer, "challenge": 2})
    assert (again.status_code, again.json()["code"]) == (409, "no_such_challenge")
    assert (await call(made.here.who.provider, "POST", f"{path}/steps", challenge)).status_code == 403
    far = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    assert (await call(far, "POST", f"{path}/steps", challenge)).status_code == 404
