"""The officer's pages of the rulebook."""

from app.core import database
from app.core.access import ANONYMOUS, Grant, Role
from app.rulebook import RuleSeed, seed_rules
from tests.app.accounts.people import account, acting, use_roles
from tests.app.web.client import client

LIMIT = RuleSeed("purchase.limit", "采购目录", "第一条", 1_000_000, "yuan", "限额标准", "limit", read=False)

SHARE = RuleSeed("purchase.share", "采购目录", "第三条", 10, "percent", "比例", "share", read=False)


async def rule_id(key: str) -> int:
    return await database.fetch_value("SELECT max(id) FROM law_rule WHERE rule_key = $1", key)


async def test_an_officer_finds_what_is_unverified_confirms_it_and_two_replace_it(db: None) -> None:
    use_roles()
    await seed_rules([LIMIT, SHARE])
    officer = await acting(await account(Grant(Role.PROCUREMENT_OFFICER, "3301")))
    second = await acting(await account(Grant(Role.PROCUREMENT_OFFICER, "3301")))
    row = await rule_id(LIMIT.key)
    path = f"/rulebook/{row}"
    async with client(officer) as http:
        listed = (await http.get("/rulebook?show=unverified&q=采购目录")).text
        assert "1,000,000" in listed
        assert f'value="{row}=1000000"' in listed
        assert (await http.post("/rulebook/confirm", data={"rules": f"{row}=999"})).status_code == 409
        assert (await http.post("/rulebook/confirm", data={})).status_code == 422
        both = {"rules": [f"{row}=1000000", f"{await rule_id(SHARE.key)}=10"]}
        assert (await http.post("/rulebook/confirm", data=both)).status_code == 303
        assert "没有找到" in (await http.get("/rulebook?q=没有这样的规则")).text
        assert f"/rulebook/{row}" not in (await http.get("/rulebook?show=unverified")).text
        assert "未核实" not in (await http.get(path)).text
        wrong = await http.post(f"{path}/propose", data={"value": "many", "effective_from": "2026-01-01"})
        assert wrong.status_code == 422
        new = {"value": "4,000,000", "effective_from": "2026-01-01", "document": "新目录", "article": "第二条"}
        assert (await http.post(f"{path}/propose", data=new)).headers["location"] == path
        assert "等另一人对照原文确认" in (await http.get(path)).text
        assert (await http.post(f"{path}/proposal/confirm")).status_code == 409
    async with client(second) as http:
        assert path in (await http.get("/workbench")).text
        assert "4,000,000" in (await http.get(path)).text
        assert (await http.post(f"{path}/proposal/refuse", data={})).status_code == 422
        assert (await http.post(f"{path}/proposal/confirm")).headers["location"] != path
        assert "4,000,000" in (await http.get("/rulebook?q=新目录")).text
        assert "历次数值" in (await http.get(path)).text


async def test_a_supervisor_reads_but_does_not_decide_and_strangers_do_neither(db: None) -> None:
    use_roles()
    await seed_rules([LIMIT])
    path = f"/rulebook/{await rule_id(LIMIT.key)}"
    async with client(await acting(await account(Grant(Role.SUPERVISOR, "3301")))) as http:
        assert "提出新数值" not in (await http.get(path)).text
        assert (await http.post("/rulebook/confirm", data={"rules": "1=1000000"})).status_code == 403
    async with client(ANONYMOUS) as http:
        assert (await http.get("/rulebook")).status_code == 303
    async with client(await acting(await account())) as http:
        assert (await http.get("/rulebook")).status_code == 403
