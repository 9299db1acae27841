"""Contracts after their signatures, by pages: paper and its check, publication, amendments, an early end."""

import re
from io import BytesIO

from pypdf import PdfReader

from app.core import clock, database
from app.core.access import ANONYMOUS, Principal
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import Ground, ground


async def token(http: object, path: str) -> str:
    page = await http.get(path)  # type: ignore[attr-defined]
    found = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
    assert found, (path, page.status_code)
    return found.group(1)


async def sent(who: Principal, path: str, form: str, **fields: str) -> str:
    """Post a form as the browser does, and return the page that follows."""
    async with client(who) as http:
        answer = await http.post(path, data={"_csrf_token": await token(http, form), **fields}, follow_redirects=True)
        assert answer.status_code in (200, 409, 422), answer.text[:500]
        return answer.text


async def reference(here: Ground) -> str:
    return str(await database.fetch_value("SELECT reference FROM contract WHERE id = $1", here.contract))


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


async def test_a_contract_on_paper_says_what_was_signed_and_the_same_bytes_each_time(db: None) -> None:
    here = await ground(villages=1, station=False)
    path = f"/contracts/{await reference(here)}/contract.pdf"
    async with client(ANONYMOUS) as http:
        first, again = await http.get(path), await http.get(path)
    assert (first.status_code, first.headers["content-type"]) == (200, "application/pdf")
    assert first.content == again.content
    text = words(first.content)
    body, digest = (await database.fetch("SELECT body_zh, text_sha256 FROM contract"))[0].values()
    assert re.sub(r"\s", "", body.split("二、")[1].split("三、")[0]) in re.sub(
        r"\s|HT-2026-\d+第\d+页共\d+页", "", text
    )
    assert digest.hex() in re.sub(r"\s", "", text)
    assert "第 1 页 共 3 页" in text
    async with client(here.who.officer) as http:
        known = words((await http.get(path)).content)
    names = await database.fetch(
        "SELECT display_name FROM account WHERE id = ANY($1)", [here.who.officer.actor, here.who.provider.actor]
    )
    for row in names:
        assert row["display_name"] in known
    assert "（签署人留存于平台，仅双方可见）" in re.sub(r"\s", "", text)
    assert "仅双方可见" not in known


async def test_anybody_checks_a_paper_by_its_hash(db: None) -> None:
    here = await ground(villages=1, station=False)
    path = f"/contracts/{await reference(here)}/check"
    digest = (await database.fetch_value("SELECT text_sha256 FROM contract")).hex()
    async with client(ANONYMOUS) as http:
        for typed, said in (
            ("", "核对合同"),
            (digest, "一致。"),
            (f"{digest[:4]} {digest[4:9].upper()}", "一致。"),
            (digest[:7], "不一致。"),
            ("0" * 64, "不一致。"),
        ):
            page = await http.get(path, params={"sha256": typed})
            assert page.status_code == 200
            assert said in page.text, typed
        assert (await http.get("/contracts/HT-2026-999999/check")).status_code == 404


async def test_publication_and_filing_are_recorded_once_with_their_clocks(db: None) -> None:
    here = await ground(villages=1, station=False)
    page = f"/contracts/{await reference(here)}"
    form, today = f"{page}/notices", clock.today().isoformat()
    async with client(ANONYMOUS) as http:
        shown = (await http.get(page)).text
    assert "政府采购法实施条例 第50条" in shown
    assert shown.count("尚未登记") == 2
    refused = await sent(here.who.officer, form, form, kind="published", done_on=today, url="zfcg.gov.cn")
    assert "请填写公告的网址" in refused
    refused = await sent(here.who.officer, form, form, kind="filed", done_on="2020-01-01", number="1")
    assert "日期应当在合同签订之后" in refused
    await sent(here.who.officer, form, form, kind="published", done_on=today, url="https://zfcg.czt.zj.gov.cn/1")
    done = await sent(here.who.officer, form, form, kind="filed", done_on=today, number="备〔2026〕12号")
    assert "备〔2026〕12号" in done
    assert "尚未登记" not in done
    assert await database.fetch_value("SELECT count(*) FROM contract_notice") == 2


async def test_what_is_late_is_shown_to_everybody(db: None) -> None:
    here = await ground(villages=1, station=False)
    page = f"/contracts/{await reference(here)}"
    from datetime import timedelta

    with clock.travelled_to(clock.now() + timedelta(days=30)):
        async with client(ANONYMOUS) as http:
            assert (await http.get(page)).text.count("逾期：最迟") == 2


async def test_an_amendment_goes_from_the_form_to_the_contract_and_the_paper(db: None) -> None:
    here = await ground(villages=1, station=False)
    page = f"/contracts/{await reference(here)}"
    refused = await sent(here.who.officer, f"{page}/amendments", f"{page}/amendments", added="2", reason_zh="需求增加")
    assert "累计不得超过原合同的10%" in refused
    assert "政府采购法 第49条" in refused
    one = f"{page}/amendments/1"
    shown = await sent(here.who.officer, f"{page}/amendments", f"{page}/amendments", added="1", reason_zh="需求增加")
    assert "待服务机构同意" in shown
    async with client(ANONYMOUS) as http:
        assert (await http.get(one)).status_code == 404
    assert "待另一人审批" in await sent(here.who.provider, f"{one}/agree", one)
    async with client(here.who.approver) as http:
        assert "去处理" in (await http.get("/workbench")).text
    assert "补充协议已生效" in await sent(here.who.approver, f"{one}/approve", one)
    async with client(ANONYMOUS) as http:
        paper = await http.get(f"{one}/amendment.pdf")
        contract = (await http.get(page)).text
    assert "增加数量：1 场" in words(paper.content)
    assert "补充协议" in contract


async def test_an_early_end_goes_from_the_proposal_to_the_decision(db: None) -> None:
    here = await ground(villages=1, station=False)
    page = f"/contracts/{await reference(here)}/termination"
    refused = await sent(here.who.officer, page, page, ground="breach", reason_zh="拒绝接单", at_fault="provider")
    assert "限期改正" in refused
    proposed = await sent(here.who.officer, page, page, ground="agreement", reason_zh="计划取消", at_fault="none")
    assert "已提出解除" in proposed
    assert "不同意解除" in await shown(here.who.provider, page)
    assert "待另一人决定" in await sent(here.who.provider, f"{page}/agree", page)
    assert "同意解除" not in await shown(here.who.officer, page)
    done = await sent(here.who.approver, f"{page}/decide", page)
    assert "释放预算 ¥6,000.00" in re.sub(r"<[^>]+>", "", done)
    assert "计划取消" in await shown(ANONYMOUS, page)


async def shown(who: Principal, path: str) -> str:
    async with client(who) as http:
        return (await http.get(path)).text


async def test_who_is_no_party_proposes_nothing(db: None) -> None:
    here = await ground(villages=1, station=False)
    page = f"/contracts/{await reference(here)}"
    stranger = await buying.people(await buying.organization(), buying.OTHER_DISTRICT)
    async with client(stranger.officer) as http:
        assert (await http.get(f"{page}/amendments")).status_code == 404
        assert (await http.get(f"{page}/notices")).status_code == 404
        assert (await http.get(f"{page}/termination")).status_code == 404
