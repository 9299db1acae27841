"""The pages and the API of substitutes and swaps, seen by everybody whom they concern."""

from uuid import UUID

import pytest

from app.composition import compose
from app.core import database
from app.core.access import ANONYMOUS, Principal, Role
from tests.app.web.client import client
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def scene() -> tuple[list[tuple[int, Principal]], list[str], list[UUID]]:
    """Make three colleagues at one station, two of them with a seat on different days; return references and seats."""
    people = await world.volunteers(3)
    station = await world.station()
    seats = (PositionDraft("helper", 1),)
    shifts = await world.publish(
        *[await world.draft(9 + 24 * day, positions=seats, station_id=station) for day in range(3)]
    )
    held = [await sign_up(who, shift.position_ids[0]) for (_, who), shift in zip(people, shifts, strict=True)]
    return people, [shift.reference for shift in shifts], held


async def uuid_of(person_id: int) -> str:
    return str(await database.fetch_value("SELECT public_id FROM person WHERE id = $1", person_id))


async def test_one_asks_a_colleague_on_the_page_who_says_yes_with_one_tap_and_the_station_sees_it(db: None) -> None:
    people, references, held = await scene()
    (_, one), (other_id, other), (_, third) = people
    async with client(one) as page:
        assert "找人替我" in (await page.get("/my/assignments")).text
        assert f"/my/assignments/{held[0]}/exchange" in (await page.get(f"/assignments/{references[0]}")).text
        choices = (await page.get(f"/my/assignments/{held[0]}/exchange")).text
        assert await uuid_of(other_id) in choices
        assert str(held[1]) in choices
        sent = await page.post(
            f"/my/assignments/{held[0]}/exchange", data={"person": await uuid_of(other_id), "note": "临时出庭"}
        )
        assert sent.status_code == 303
        path = sent.headers["location"]
        assert "撤回" in (await page.get(path)).text
        assert "答复替班" in (await page.get(f"/assignments/{references[0]}")).text
        again = await page.post(f"/my/assignments/{held[0]}/exchange", data={})
        assert (again.status_code, "已经问了人" in again.text) == (409, True)
    async with client(third) as page:
        assert (await page.get(path)).status_code == 404
    async with client(ANONYMOUS) as page:
        assert (await page.get(path)).status_code in (303, 401)
    async with client(other) as page:
        assert "请你替班" in (await page.get("/my/assignments")).text
        assert "请你替班" in (await page.get("/workbench")).text
        asked = (await page.get(path)).text
        assert "能去吗？" in asked
        assert "临时出庭" in asked
        assert (await page.post(f"{path}/accept")).status_code == 303
        assert "这个班归你了" in (await page.get(path)).text
        assert references[0] in (await page.get("/my/assignments")).text
    async with client(one) as page:
        assert "由别人替班" in (await page.get("/my/assignments")).text
    async with client(await world.officer(Role.STATION_STAFF, world.TOWN)) as desk:
        shown = (await desk.get(f"/station/shifts/{references[0]}")).text
        assert "替班和换班记录" in shown
        assert "已答应" in shown
        entries = (await desk.get(f"/api/v1/assignments/{references[0]}/exchanges")).json()
        assert [entry["status"] for entry in entries] == ["accepted"]


async def test_a_link_is_read_by_anybody_and_taken_by_the_first_volunteer_who_may(db: None) -> None:
    people, _, held = await scene()
    (_, one), (_, other), (_, third) = people
    async with client(one) as page:
        path = (await page.post(f"/my/assignments/{held[0]}/exchange", data={})).headers["location"]
        assert path in (await page.get(path)).text
    async with client(ANONYMOUS) as page:
        assert "登录后接班" in (await page.get(path)).text
    async with client(other) as page:
        assert (await page.post(f"{path}/accept")).status_code == 303
    async with client(third) as page:
        assert "已经有人接了" in (await page.get(path)).text
        late = await page.post(f"{path}/accept")
        assert (late.status_code, "已经有结果了" in late.text) == (409, True)


async def test_programs_find_options_swap_and_take_back(db: None) -> None:
    people, references, held = await scene()
    (_, one), (_, other), _ = people
    async with client(one) as program:
        found = (await program.get(f"/api/v1/sign-ups/{held[0]}/exchange-options")).json()
        assert [swap["assignment"] for swap in found["swaps"]] == references[1:]
        assert len(found["colleagues"]) == 2
        made = await program.post("/api/v1/exchanges", json={"sign_up": str(held[0]), "seat": str(held[1])})
        assert made.status_code == 201
        offer = made.json()["id"]
        assert (await program.delete(f"/api/v1/exchanges/{offer}")).status_code == 204
        made = await program.post("/api/v1/exchanges", json={"sign_up": str(held[0]), "seat": str(held[1])})
        offer = made.json()["id"]
    async with client(other) as program:
        [entry] = (await program.get("/api/v1/exchanges")).json()
        assert (entry["id"], entry["standing"], entry["in_return"]) == (offer, "asked", references[1])
        assert "能换吗？" in (await program.get(f"/exchanges/{offer}")).text
        assert (await program.post(f"/api/v1/exchanges/{offer}/accept")).status_code == 204
        assert (await program.post(f"/api/v1/exchanges/{offer}/decline")).status_code == 409
        kept = (await program.get("/api/v1/sign-ups")).json()["items"]
        assert {entry["assignment"]: entry["status"] for entry in kept} == {
            references[0]: "confirmed",
            references[1]: "withdrawn",
        }
