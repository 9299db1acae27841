"""The owner's page of a fund: equal to the ledger, for its members alone, with the paper that keeps it open."""

import re
from datetime import date, timedelta

import pytest

from app.core import clock
from app.core.access import Principal, Role
from app.core.errors import NotFound
from marketplace.organizations.provision import QualificationKind
from marketplace.organizations.qualifications import service as papers
from marketplace.organizations.qualifications.rules import Paper, PaperState
from procurement.donations.fake import acting
from procurement.donations.funds.rules import Month, every_month
from procurement.donations.funds.service import pause_fund
from procurement.donations.own import queries
from procurement.donations.own.rules import Certificate, standing
from procurement.donations.uses.service import NewUse, decide_use, propose_use
from tests import world
from tests.app.web.client import call, client
from tests.procurement.counting import counted_statements
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE, Desk

TODAY = date(2026, 11, 30)
KIND = QualificationKind.PUBLIC_FUNDRAISING


def paper(number: int, until: date | None, *, verified: bool = True, since: date = date(2025, 1, 1)) -> Certificate:
    return Certificate(number, f"证{number}", Paper(KIND, since, until, verified))


async def spend(desk: Desk, minor: int, *, approve: bool = True) -> None:
    new = NewUse(desk.code, minor, "CNY", clock.today(), "三件案件的鉴定费", "Appraisals in three cases", "付001")
    made = await propose_use(desk.clerk, new)
    if approve:
        await decide_use(desk.approver, made, approve=True)


async def lived(desk: Desk) -> None:
    """Have people give in two months, take back some, dispute one; something is spent and something is proposed."""
    with clock.travelled_to(clock.now() - timedelta(days=40)):
        await giving.given(100_000)
        await giving.refunded(desk, await giving.given(20_000), 5_000)
    await giving.given(30_000, name="", monthly=True)
    await acting.dispute(STRIPE, await giving.given(8_000))
    await giving.deliver()
    await spend(desk, 40_000)
    await spend(desk, 1_000, approve=False)


async def other_member() -> Principal:
    return (await world.organization()).member


async def test_what_the_owner_sees_is_what_the_ledger_says(db: None) -> None:
    desk = await giving.desk()
    await lived(desk)
    found = await queries.own_fund(desk.organization.member, desk.code)
    balances = await giving.balances()
    (sums,) = found.sums
    assert sums.received == 158_000
    assert sums.back == 5_000 + 8_000
    assert sums.received - sums.back == -balances["donated:legal-aid:given:CNY"]
    assert sums.fees == balances["donated:legal-aid:fees:CNY"] > 0
    assert sums.used == balances["donated:legal-aid:used:CNY"] == 40_000
    (totals,) = found.fund.totals
    assert (sums.received - sums.back, sums.fees, sums.used, sums.balance) == (
        totals.given, totals.fees, totals.used, totals.balance,
    )  # fmt: skip
    months = found.months["CNY"]
    assert (months[0].received, months[0].back) == (120_000, 5_000)
    assert (months[-1].received, months[-1].back, months[-1].used) == (38_000, 8_000, 40_000)
    assert months[-1].first_day == clock.today().replace(day=1)
    assert [use.status for use in found.uses] == ["proposed", "approved"]


async def test_members_read_it_on_their_page_and_cannot_act_on_it(db: None) -> None:
    desk = await giving.desk()
    await lived(desk)
    async with client(desk.organization.member) as http:
        assert (await http.get("/my/funds")).headers["location"] == "/my/funds/legal-aid"
        said = (await http.get("/my/funds/legal-aid")).text
        for words in (
            "西湖法律援助基金",
            "正在收捐赠",
            "三件案件的鉴定费",
            "待审批",
            "已批准",
            'href="/funds/legal-aid"',
        ):
            assert words in said
        assert "<form" not in said.split("<main")[1].split("</main>")[0]
        for path in ("/workbench", f"/my/organizations/{desk.organization.public_id}"):
            assert 'href="/my/funds/legal-aid"' in (await http.get(path)).text
        use = {"amount": "50", "used_on": str(clock.today()), "purpose_zh": "鉴定费", "document": "付001"}
        assert (await http.post("/donations/funds/legal-aid/uses", data=use)).status_code == 403


async def test_nobody_else_finds_it(db: None) -> None:
    desk = await giving.desk()
    await giving.given(10_000)
    stranger = await other_member()
    with pytest.raises(NotFound):
        await queries.own_fund(stranger, desk.code)
    coordinator = await world.account(Role.COORDINATOR, "330106")
    for person, status in ((stranger, 404), (coordinator, 404), (desk.clerk, 403)):
        assert (await call(person, "GET", "/my/donation-funds/legal-aid")).status_code == status
        async with client(person) as http:
            assert (await http.get("/my/funds/legal-aid")).status_code == status
    assert (await call(stranger, "GET", "/my/donation-funds")).json() == []
    async with client(stranger) as http:
        assert "本单位还没有基金" in (await http.get("/my/funds")).text
        for path in ("/workbench", "/my/organizations"):
            assert "legal-aid" not in (await http.get(path)).text
    async with client() as http:
        assert (await http.get("/my/funds/legal-aid")).status_code in (303, 401)


async def test_donors_are_counted_when_they_are_several_and_never_named(db: None) -> None:
    desk = await giving.desk()
    member = desk.organization.member
    for count in range(1, 5):
        await giving.given(10_000, name="王秀英" if count % 2 else "", email="wang@example.org")
        async with client(member) as http:
            said = (await http.get("/my/funds/legal-aid")).text
            public = (await http.get("/funds/legal-aid")).text
        assert "王秀英" not in said
        assert "wang@example.org" not in said
        body = (await call(member, "GET", "/my/donation-funds/legal-aid")).json()
        assert body["donors_shown_from"] == 3
        assert body["donors"] == (count if count >= 3 else None)
        assert ("少于 3 人" in said) is (count < 3)
        assert ("捐赠少于 3 笔" in public) is (count < 3)
        assert (f"共 {count} 笔捐赠" in public) is (count >= 3)


async def test_the_end_of_the_paper_is_warned_of_and_a_renewal_is_on_its_way(db: None) -> None:
    ends = clock.today() + timedelta(days=20)
    desk = await giving.desk(valid_until=ends)
    organization, member = desk.organization, desk.organization.member
    async with client(member) as http:
        said = (await http.get("/my/funds/legal-aid")).text
        assert "还剩 20 天" in said
        assert "到期后基金停止收捐赠" in said
        renewal = re.search(r'href="(/my/organizations/[^"]+)#add-paper"', said).group(1)
        form = (await http.get(renewal)).text
        assert '<option value="public_fundraising" selected>' in form
        with clock.travelled_to(clock.now() + timedelta(days=21)):
            late = (await http.get("/my/funds/legal-aid")).text
            assert "现在不收捐赠" in late
            assert "公开募捐资格已经到期" in late
            assert "登记续期的证书" in late
        stated = world.statement(KIND, ends + timedelta(days=700))
        await papers.state_qualification(member, organization.public_id, stated)
        said = (await http.get("/my/funds/legal-aid")).text
        assert "续期的证书已登记" in said
        assert "到期后基金停止收捐赠" not in said
    body = (await call(member, "GET", "/my/donation-funds/legal-aid")).json()["qualification"]
    assert (body["state"], body["days_left"]) == ("valid", 20)
    assert (body["to_renew"], body["renewal_on_its_way"]) == (False, True)


async def test_a_program_reads_the_same(db: None) -> None:
    desk = await giving.desk()
    await lived(desk)
    await pause_fund(desk.clerk, desk.code, pause=True)
    member = desk.organization.member
    found = await queries.own_fund(member, desk.code)
    body = (await call(member, "GET", "/my/donation-funds/legal-aid")).json()
    assert body["closed_because"] == ["fund_paused"]
    (sums,) = found.sums
    assert body["sums"] == [{
        "currency": "CNY", "received_minor": sums.received, "back_minor": sums.back, "fees_minor": sums.fees,
        "used_minor": sums.used, "balance_minor": sums.balance,
    }]  # fmt: skip
    assert sum(one["received_minor"] for one in body["months"]) == sums.received
    assert [one["status"] for one in body["uses"]] == ["proposed", "approved"]
    assert [one["code"] for one in (await call(member, "GET", "/my/donation-funds")).json()] == ["legal-aid"]
    async with client() as http:
        described = (await http.get("/api/schema/openapi.json")).json()
    assert described["paths"]["/api/v1/my/donation-funds/{code}"]["get"]["summary"]
    assert described["components"]["schemas"]["OwnFundBody"]["properties"]["donors"]["examples"] == [17]


async def test_the_pages_take_ten_statements_at_most(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await giving.desk()
    await lived(desk)
    asked = counted_statements(monkeypatch)
    async with client(desk.organization.member) as http:
        for path in ("/my/funds", "/my/funds/legal-aid", "/funds/legal-aid"):
            asked.clear()
            await http.get(path)
            assert len(asked) <= 10, (path, asked)


async def test_a_fund_without_a_gift_has_zeros_and_no_chart(db: None) -> None:
    desk = await giving.desk()
    (sums,) = (await queries.own_fund(desk.organization.member, desk.code)).sums
    assert (sums.currency, sums.received, sums.balance) == ("CNY", 0, 0)
    async with client(desk.organization.member) as http:
        said = (await http.get("/my/funds/legal-aid")).text
    assert "还没有支出" in said
    assert "每月收支" not in said


def test_months_follow_one_another_to_todays() -> None:
    known = [Month(date(2025, 12, 1), 5), Month(date(2026, 2, 1), 7)]
    found = every_month(known, date(2026, 3, 9))
    assert [(one.first_day, one.received) for one in found] == [
        (date(2025, 12, 1), 5), (date(2026, 1, 1), 0), (date(2026, 2, 1), 7), (date(2026, 3, 1), 0),
    ]  # fmt: skip


def test_the_best_paper_speaks_and_a_renewal_is_asked_for_in_time() -> None:
    warned = TODAY + timedelta(days=60)
    soon, later = paper(1, TODAY + timedelta(days=7)), paper(2, date(2028, 1, 1))
    none = standing([], TODAY, warned)
    assert (none.certificate, none.to_renew) == (None, True)
    ending = standing([soon], TODAY, warned)
    assert (ending.days_left, ending.to_renew, ending.urgent, ending.on_its_way) == (7, True, True, False)
    assert standing([soon, later], TODAY, warned).certificate == later
    assert not standing([later], TODAY, warned).to_renew
    assert not standing([paper(3, None), soon], TODAY, warned).to_renew
    waits = standing([soon, paper(2, date(2028, 1, 1), verified=False)], TODAY, warned)
    assert (waits.certificate, waits.to_renew, waits.on_its_way) == (soon, False, True)
    follows = standing([soon, paper(2, date(2028, 1, 1), since=TODAY + timedelta(days=8))], TODAY, warned)
    assert (follows.to_renew, follows.on_its_way) == (False, True)
    shorter = standing([soon, paper(2, TODAY + timedelta(days=3), verified=False)], TODAY, warned)
    assert (shorter.to_renew, shorter.on_its_way) == (True, False)
    ended = standing([paper(1, TODAY - timedelta(days=1))], TODAY, warned)
    assert (ended.state, ended.to_renew, ended.days_left) == (PaperState.EXPIRED, True, None)
    pending = standing([paper(1, None, verified=False)], TODAY, warned)
    assert (pending.state, pending.to_renew) == (PaperState.PENDING, False)
