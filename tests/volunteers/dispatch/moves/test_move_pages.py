"""The pages and endpoints on which a plan is looked at and changed by hand."""

from uuid import UUID

from app.composition import compose
from app.core import database
from app.core.access import Principal
from tests.app.web.client import client, whole_application
from tests.volunteers.dispatch import small


async def planned() -> tuple[Principal, UUID, str, str, UUID]:
    """Plan two shifts; return the planner, the run, the shifts, and who is on the first."""
    compose()
    whole_application()
    await small.people(2)
    [shift, other] = await small.shifts(9, 33)
    planner = await small.planner()
    run = await small.solved(planner)
    who = await database.fetch_value(
        """SELECT person.public_id FROM dispatch_proposal d JOIN position p ON p.id = d.position_id
           JOIN assignment a ON a.id = p.assignment_id JOIN person ON person.id = d.person_id WHERE a.reference = $1""",
        shift,
    )
    return planner, run, shift, other, who


async def test_a_plan_is_looked_at_changed_and_undone_on_its_pages(db: None) -> None:
    planner, run, shift, other, who = await planned()
    path, endpoint = f"/dispatch/{run}", f"/api/v1/dispatch/runs/{run}"
    async with client(planner) as http:
        cover = (await http.get(f"{endpoint}/cover")).json()
        assert [(cell["state"], cell["filled"], cell["seats"]) for cell in cover] == [("full", 1, 1)] * 2
        assert shift in (await http.get(f"{path}/shifts", params={"day": cover[0]["day"]})).text
        assert other not in (await http.get(f"{path}/shifts", params={"day": cover[0]["day"]})).text
        assert {row["change"] for row in (await http.get(f"{endpoint}/difference")).json()} == {"new"}
        assert (await http.get(f"{path}/difference")).status_code == 200
        page = (await http.get(f"{path}/shifts/{shift}")).text
        assert f'value="1:{who}"' in page
        assert (await http.get(f"{path}/shifts/{shift}/swap", params={"number": 1, "person": str(who)})).is_success
        full = await http.post(f"{path}/shifts/{other}/put", data={"put": f"1:{who}", "reason": "why not"})
        assert full.status_code == 409
        assert "已经满了" in full.text
        silent = await http.post(f"{path}/shifts/{shift}/take", data={"take": f"1:{who}", "reason": ""})
        assert (silent.status_code, "请写一句为什么" in silent.text) == (422, True)
        taken = await http.post(f"{path}/shifts/{shift}/take", data={"take": f"1:{who}", "reason": "当天要出庭"})
        assert taken.status_code == 303
        assert "当天要出庭" in (await http.get(path)).text
        assert (await http.post(f"{path}/undo")).status_code == 303
        assert [one["kind"] for one in (await http.get(f"{endpoint}/moves")).json()] == ["undo", "take"]


async def test_a_lock_an_approval_and_a_refused_move_for_programs(db: None) -> None:
    planner, run, shift, other, who = await planned()
    path, endpoint = f"/dispatch/{run}", f"/api/v1/dispatch/runs/{run}"
    async with client(planner) as http:
        locked = await http.post(f"{path}/locks", data={"shift": shift, "person": "", "reason": "一直是她"})
        assert locked.status_code == 303
        [lock] = (await http.get(f"{endpoint}/locks")).json()
        assert (lock["assignment"], lock["seats"]) == (shift, 1)
        assert (await http.delete(f"/api/v1/dispatch/locks/{lock['id']}")).status_code == 204
        http.headers["accept"] = "application/json"
        seat = {"assignment": other, "person": str(who), "position": 1}
        broken = await http.post(f"{endpoint}/moves", json={"kind": "put", "seats": [seat], "reason": "again"})
        assert (broken.status_code, broken.json()["code"]) == (409, "move_breaks_a_rule")
        assert (await http.post(f"{endpoint}/approval")).json()["approved_at"]
        assert (await http.delete(f"{endpoint}/approval")).json()["approved_at"] is None
