"""Every page of buying answers its reader, refuses others, and its forms do what they say."""

import re

import pytest

from app.core import database
from app.core.access import ANONYMOUS, Principal
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.buying_pages import Season, paths, paths_after, season
from tests.procurement.counting import counted_statements

MOST_STATEMENTS, ON_ORDERS = 12, 16  # an order gathers what six features say of it


def person(here: Season, role: str) -> Principal:
    return getattr(here, role) if role else ANONYMOUS


async def test_every_page_answers_its_reader_in_both_languages_with_few_statements(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await season()
    asked = counted_statements(monkeypatch)
    for role, pages in [*paths(here).items(), *paths_after(here).items()]:
        for locale in ("zh", "en"):
            async with client(person(here, role), locale=locale) as http:
                for path in pages:
                    asked.clear()
                    answer = await http.get(path)
                    assert answer.status_code == 200, (role, path, answer.text[-600:])
                    assert "<h1" in answer.text
                    most = ON_ORDERS if path.startswith("/orders/DD") else MOST_STATEMENTS
                    assert len(asked) <= most, (path, asked)


async def test_pages_of_officers_are_closed_to_others(db: None) -> None:
    here = await season()
    closed = [path for role in ("officer", "approver", "acceptor") for path in paths(here)[role] if "/buying/" in path]
    async with client(here.clerk) as http:
        assert [(await http.get(path)).status_code for path in closed] == [403] * len(closed)
    async with client() as http:
        assert {(await http.get(path)).status_code for path in closed} <= {401, 303}


async def test_an_offered_contract_is_hidden_from_the_public_and_shown_to_its_parties(db: None) -> None:
    here = await season()
    for visitor, status in ((ANONYMOUS, 404), (here.clerk, 404), (here.provider, 200), (here.officer, 200)):
        async with client(visitor) as http:
            assert (await http.get(f"/contracts/{here.offered}")).status_code == status


async def test_a_clerk_orders_in_four_taps(db: None) -> None:
    here = await season()
    async with client(here.clerk) as http:
        services = await http.get("/orders/new")
        link = re.search(r'href="(/orders/new/HT-[^"]+)"', services.text)
        assert link
        times = await http.get(link[1].replace("&amp;", "&"))
        day = re.search(r'name="day" value="([^"]+)"', times.text)
        code = re.search(r'name="place_code" value="(\d+)"', times.text)
        assert day
        assert code
        asked = {"day": day[1], "part": "morning", "place_code": code[1]}
        done = await http.post(link[1].split("?")[0], data=asked)
        assert (done.status_code, done.headers["location"]) == (303, "/orders")
    assert await database.fetch_value("SELECT count(*) FROM village_order WHERE status = 'placed'") == 2


async def test_the_time_page_says_why_nothing_can_be_ordered(db: None) -> None:
    here = await season()
    await buying.quota([here.clerk.grants[0].place_code or ""], 2)
    async with client(here.clerk) as http:
        page = await http.get(f"/orders/new/{here.contract}?month={buying.soon():%Y-%m}")
        assert "额度2已经用完" in page.text
        assert 'form="order" disabled' in page.text
        refused = await http.post(f"/orders/new/{here.contract}", data={"day": "", "place_code": ""})
        assert refused.status_code == 422


async def test_the_whole_way_can_be_walked_by_forms(db: None) -> None:
    here = await season()
    async with client(here.approver) as http:
        approved = await http.post(
            "/buying/purchases/waiting", data={"purchases": here.purchases["reserved"], "approve": "on"}
        )
        assert approved.status_code == 303
    async with client(here.officer) as http:
        reference = here.purchases["reserved"]
        offered = await http.post(
            f"/buying/purchases/{reference}/contract", data={"starts_on": "2026-12-01", "ends_on": "2020-01-01"}
        )
        assert offered.status_code == 409
        assert "合同的截止日期" in offered.text
        page = await http.get(f"/buying/purchases/{reference}")
        dates = dict(re.findall(r'name="(starts_on|ends_on)"[^>]*value="([^"]+)"', page.text))
        assert (await http.post(f"/buying/purchases/{reference}/contract", data=dates)).status_code == 303
    async with client(here.provider) as http:
        assert (await http.post(f"/contracts/{here.offered}/sign")).status_code == 303
        taken = await http.post("/my/orders", data={"orders": here.placed, "take": "on"})
        assert taken.status_code == 303
        nothing = await http.post("/my/orders", data={"take": "on"})
        assert nothing.status_code == 422
    async with client(here.acceptor) as http:
        wrong = await http.post(f"/orders/{here.delivered}/accept", data={"people_reached": "0", "rating": "5"})
        assert wrong.status_code == 422
        right = {"people_reached": "33", "rating": "5", "accepted": "on"}
        assert (await http.post(f"/orders/{here.delivered}/accept", data=right)).status_code == 303
    statuses = await database.fetch("SELECT reference, status FROM village_order")
    found = {row["reference"]: row["status"] for row in statuses}
    assert (found[here.placed], found[here.delivered]) == ("scheduled", "accepted")


async def test_a_decision_about_ticked_rows_says_so_when_none_is_ticked(db: None) -> None:
    here = await season()
    desks = {
        "approver": ("/buying/purchases/waiting", "/buying/budgets/waiting", "/buying/budgets/adjustments"),
        "officer": (f"/buying/frameworks/{here.waiting_framework}/decide",),
    }
    for role, paths_of_role in desks.items():
        async with client(person(here, role)) as http:
            for path in paths_of_role:
                answer = await http.post(path, data={"approve": "on", "admit": "on"})
                assert (path, answer.status_code, "请先勾选至少一项" in answer.text) == (path, 422, True)


async def test_an_officer_s_forms_open_lines_frameworks_and_quotas(db: None) -> None:
    here = await season()
    async with client(here.officer) as http:
        filed = await http.post(f"/buying/frameworks/{here.scheme}/file", data={"filing_number": " "})
        assert (filed.status_code, "必须先报本级财政部门备案" in filed.text) == (409, True)
        await http.post(f"/buying/frameworks/{here.scheme}/file", data={"filing_number": "浙财采备9号"})
        assert (await http.post(f"/buying/frameworks/{here.scheme}/publish")).status_code == 303
        page = await http.get(f"/buying/frameworks/{here.scheme}")
        assert "至少要有2家供应商入围，现在是0家" in page.text
        assert "财政部令第110号第3条第3项" in page.text
        assert (await http.post(f"/buying/frameworks/{here.scheme}/force")).status_code == 409
        application = re.findall(
            r'name="applications" value="([^"]+)"',
            (await http.get(f"/buying/frameworks/{here.waiting_framework}")).text,
        )
        admitted = await http.post(
            f"/buying/frameworks/{here.waiting_framework}/decide", data={"applications": application, "admit": "on"}
        )
        assert admitted.status_code == 303
        amount = await http.post("/buying/budgets/2026/330106/purchase", data={"amount": "viel", "document": "x"})
        assert "最多两位小数" in amount.text
        quota = {"place_code": buying.OTHER_DISTRICT, "year": "2026", "quota": "4"}
        assert (await http.post("/buying/quotas", data=quota)).status_code == 303
    assert await database.fetch_value("SELECT count(*) FROM village_quota WHERE quota = 4") > 100


async def test_the_workbench_says_what_waits(db: None) -> None:
    here = await season()
    expected = {
        "officer": ["1 项入围申请等你审核", "1 项采购等你发合同"],
        "approver": ["1 项采购等你审批", "1 笔预算等你审批"],
        "provider": ["1 个村社订单等你接单", "1 份合同等你签署"],
        "acceptor": ["1 项服务等你验收"],
    }
    for role, sentences in expected.items():
        async with client(person(here, role)) as http:
            page = (await http.get("/workbench")).text
        assert [words for words in sentences if words not in page] == [], role
