"""The officer's pages of the rulebook."""

from app.core import database
from app.core.access import ANONYMOUS, Grant, Role
from app.rulebook import RuleSeed, seed_rules
from tests.app.accounts.people import account, acting, use_roles
from tests.app.web.client import client

LIMIT = RuleSeed("purchase.limit", "采购目录", "第一条", 1_000_000, "yuan", "限额标准", "limit", read=False)


async def rule_id() -> int:
    return await database.fetch_value("SELECT max(id) FROM law_rule")


async def test_an_officer_sees_what_is_unverified_confirms_it_and_replaces_it(db: None) -> None:
    use_roles()
    await seed_rules([LIMIT])
    officer = await acting(await account(Grant(Role.PROCUREMENT_OFFICER, "3301")))
    path = f"/rulebook/{await rule_id()}"
    async with client(officer) as http:
        listed = await http.get("/rulebook")
        assert "未核实" in listed.text
        assert "1,000,000" in listed.text
        assert (await http.get(path)).status_code == 200
        assert (await http.post(f"{path}/confirm", data={"value": "999"})).status_code == 409
        assert (await http.post(f"{path}/confirm", data={"value": "1000000"})).status_code == 303
        assert "未核实" not in (await http.get(path)).text
        wrong = await http.post(f"{path}/supersede", data={"value": "many", "effective_from": "2026-01-01"})
        assert wrong.status_code == 422
        new = {"value": "4,000,000", "effective_from": "2026-01-01", "document": "新目录", "article": "第二条"}
        assert (await http.post(f"{path}/supersede", data=new)).headers["location"] != path
        assert "4,000,000" in (await http.get("/rulebook")).text


async def test_a_supervisor_reads_but_does_not_decide_and_strangers_do_neither(db: None) -> None:
    use_roles()
    await seed_rules([LIMIT])
    path = f"/rulebook/{await rule_id()}"
    async with client(await acting(await account(Grant(Role.SUPERVISOR, "3301")))) as http:
        assert "换成新数值" not in (await http.get(path)).text
        assert (await http.post(f"{path}/confirm", data={"value": "1000000"})).status_code == 403
    async with client(ANONYMOUS) as http:
        assert (await http.get("/rulebook")).status_code == 303
    async with client(await acting(await account())) as http:
        assert (await http.get("/rulebook")).status_code == 403
