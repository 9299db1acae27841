"""A tender by its pages: begun, recorded with the saved notice, refused with its sources, judged again."""

import hashlib
import re
from datetime import timedelta

from app.core import clock, database
from app.core.access import ANONYMOUS, Principal
from app.core.clock import local
from procurement.purchases.tenders.facts import StepKind
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.purchases.tenders.stage import Ground, K, ground

PDF = b"%PDF-1.7\nnotice of the platform\n%%EOF"


async def reference(here: Ground) -> str:
    return str(await database.fetch_value("SELECT reference FROM purchase WHERE id = $1", here.tender))


async def sent(who: Principal, path: str, form: str, file: bytes | None = None, **fields: str) -> str:
    async with client(who) as http:
        found = re.search(r'name="_csrf_token" value="([^"]+)"', (await http.get(form)).text)
        assert found
        files = {"copy": ("notice.pdf", file, "application/pdf")} if file else None
        data = {"_csrf_token": found.group(1), **fields}
        answer = await http.post(path, data=data, files=files, follow_redirects=True)
        assert answer.status_code in (200, 409, 422), answer.text[:800]
        return answer.text


def wall(here: Ground, kind: StepKind) -> str:
    return f"{local(here.steps[kind].at):%Y-%m-%dT%H:%M}"


async def test_an_officer_begins_a_tender_and_reserves_its_money(db: None) -> None:
    who = await buying.people(await buying.organization())
    await buying.budget_line(1_000_000_000)
    today = clock.today()
    fields = {
        "place_code": buying.DISTRICT, "line": f"{buying.DISTRICT}/{today.year}", "category": "legal_education",
        "quantity": "1000", "ceiling_fen": "600", "purpose_zh": "村社普法服务", "url": "https://zfcg.czt.zj.gov.cn/1",
        "published_at": f"{today - timedelta(days=40)}T10:00", "expected_month": "2027-01", "public_service": "on",
    }  # fmt: skip
    page = await sent(who.officer, "/buying/tenders", "/buying/tenders/new", **fields)
    assert "下一步：预留预算" in page
    path = "/buying/tenders/" + str(await database.fetch_value("SELECT reference FROM purchase"))
    page = await sent(who.officer, f"{path}/reserve", path, at=f"{today - timedelta(days=30)}T10:00")
    assert "等待另一人登记需求审查" in page
    assert await database.fetch_value("SELECT reserved_fen FROM budget_line") == 60_000_000
    async with client(who.officer) as http:
        assert "看过程和下一步" in (await http.get(path.replace("tenders", "purchases"))).text


async def test_the_saved_notice_must_be_what_was_published(db: None) -> None:
    here = await ground()
    await here.record_until(K.SET_METHOD)
    path = f"/buying/tenders/{await reference(here)}"
    facts = here.steps[K.NOTICE].facts
    fields = {
        "at": wall(here, K.NOTICE), "number": "ZJZC-2026-1", "url": "https://zfcg.czt.zj.gov.cn/1",
        "deadline": f"{local(facts.deadline):%Y-%m-%dT%H:%M}", "documents_from": str(facts.documents_from),
        "documents_until": str(facts.documents_until), "budget_disclosed": "on",
    }  # fmt: skip
    assert "请上传保存的公告" in await sent(here.who.officer, f"{path}/notice", path, **fields)
    wrong = await sent(here.who.officer, f"{path}/notice", path, PDF, **fields, sha256="0" * 64)
    assert "与上传的公告不一致" in wrong
    short = {**fields, "deadline": fields["at"]}
    refused = await sent(here.who.officer, f"{path}/notice", path, PDF, **short)
    assert "公告到截止的时间太短，至少10日。" in refused
    assert "财库〔2014〕214号 第10条" in refused
    digest = hashlib.sha256(PDF).hexdigest()
    page = await sent(here.who.officer, f"{path}/notice", path, PDF, **fields, sha256=digest)
    assert "下一步：投标截止" in page
    assert digest[:32] in page
    link = re.search(r'href="(/attachments/[^"]+)"', page)
    assert link
    async with client(here.who.officer) as http:
        assert (await http.get(link.group(1))).content == PDF
    async with client(ANONYMOUS) as http:
        assert (await http.get(link.group(1))).status_code in (303, 401, 404)


async def test_the_approver_finds_the_award_on_the_workbench_and_decides_it(db: None) -> None:
    here = await ground()
    await here.record_until(K.EVALUATE)
    path = f"/buying/tenders/{await reference(here)}"
    async with client(here.who.officer) as http:
        assert "等待另一人确定供应商" in (await http.get(path)).text
    async with client(here.who.approver) as http:
        assert path in (await http.get("/workbench")).text
    facts = here.steps[K.AWARD].facts
    page = await sent(
        here.who.approver, f"{path}/award", path, at=wall(here, K.AWARD), reported_on=str(facts.reported_on), rank="1",
        product=facts.product, unit_price_fen="550",
    )  # fmt: skip
    assert "已确定供应商" in page
    await here.record(K.PUBLISH_RESULT)
    async with client(here.who.officer) as http:
        shown = (await http.get(path)).text
        assert "30日内签订合同" in shown
        assert "送交评审报告" in shown
        assert 'id="contract"' in (await http.get(path.replace("tenders", "purchases"))).text


async def test_pages_of_tenders_are_closed_to_others_and_unknown_ones_are_not_found(db: None) -> None:
    here = await ground()
    path = f"/buying/tenders/{await reference(here)}"
    async with client(here.who.provider) as http:
        assert (await http.get(path)).status_code == 403
    elsewhere = await buying.people(here.organization, buying.OTHER_DISTRICT)
    async with client(elsewhere.officer) as http:
        assert (await http.get(path)).status_code == 404
    async with client(here.who.officer) as http:
        assert (await http.get("/buying/tenders/CG-2026-999999")).status_code == 404
