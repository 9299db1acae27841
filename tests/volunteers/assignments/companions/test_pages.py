"""The pages and the API of friends who go together, seen by everybody whom they concern."""

import pytest

from app.composition import compose
from app.core.access import ANONYMOUS
from tests.app.web.client import client
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def shift(capacity: int = 4) -> tuple[int, str]:
    [found] = await world.publish(await world.draft(positions=(PositionDraft("helper", capacity),)))
    return found.position_ids[0], found.reference


async def test_one_invites_friends_by_a_link_and_all_see_how_it_goes(db: None) -> None:
    (_, one), (_, two), (_, three) = await world.volunteers(3)
    _, reference = await shift()
    form = f"/assignments/{reference}/1/companions"
    async with client(one) as page:
        assert form in (await page.get(f"/assignments/{reference}")).text
        assert "连我 4 人" in (await page.get(form)).text
        assert (await page.post(form, data={"size": "9"})).status_code == 422
        sent = await page.post(form, data={"size": "3"})
        assert sent.status_code == 303
        link = sent.headers["location"]
        shown = await page.get(link)
        assert link in shown.text
        assert shown.headers["x-robots-tag"] == "noindex"
        again = await page.post(form, data={"size": "3"})
        assert (again.status_code, "已经约了人" in again.text) == (409, True)
        mine = (await page.get("/my/assignments")).text
        assert "1/3 人答应了" in mine
        assert link not in mine
    async with client(ANONYMOUS) as page:
        shown = (await page.get(link)).text
        assert f"/sign-in?next={link}" in shown
        assert (await page.get("/companions/unknown")).status_code == 404
    async with client(two) as page:
        assert "一起去吗？" in (await page.get(link)).text
        agreed = await page.post(f"{link}/agree")
        group = agreed.headers["location"]
        assert "2/3 人答应了" in (await page.get(group)).text
        assert (await page.post(f"{group}/leave")).status_code == 303
        assert (await page.get(group)).status_code == 404
        assert (await page.post(f"{link}/agree")).status_code == 303
    async with client(three) as page:
        assert (await page.get(group)).status_code == 404
        assert (await page.post(f"{link}/agree")).status_code == 303
        assert "3 人都报上了" in (await page.get(group)).text
        assert reference in (await page.get("/my/assignments")).text
        late = await page.post(f"{link}/agree")
        assert (late.status_code, "已经结束" in late.text) == (409, True)


async def test_the_page_says_what_stands_in_the_way_and_lets_the_group_try_again_or_give_up(db: None) -> None:
    (_, one), (_, two), (_, other) = await world.volunteers(3)
    position, reference = await shift(2)
    async with client(one) as page:
        link = (await page.post(f"/assignments/{reference}/1/companions", data={"size": "2"})).headers["location"]
    await sign_up(other, position)
    async with client(other) as page:
        refused = await page.post(f"{link}/agree")
        assert (refused.status_code, "已经报了这个任务" in refused.text) == (409, True)
    async with client(two) as page:
        group = (await page.post(f"{link}/agree")).headers["location"]
        shown = (await page.get(group)).text
        assert "只剩 1 个" in shown
        assert "再试一次" in shown
        assert "没有报上" in (await page.get("/inbox")).text
    async with client(other) as page:
        assert "已经够人了" in (await page.get(link)).text
    async with client(one) as page:
        assert (await page.post(f"{group}/try")).headers["location"] == group
        fresh = (await page.post(f"{group}/link")).headers["location"]
        assert fresh != link
        assert fresh in (await page.get(fresh)).text
        assert (await page.post(f"{group}/dissolve")).status_code == 303
        assert "这一组已经结束" in (await page.get(group)).text


async def test_programs_invite_agree_and_give_up(db: None) -> None:
    (_, one), (_, two), (_, other) = await world.volunteers(3)
    position, reference = await shift(2)
    async with client(one) as program:
        made = await program.post("/api/v1/companions", json={"assignment": reference, "size": 2})
        assert made.status_code == 201
        group, token = made.json()["id"], made.json()["token"]
        assert made.json()["link"].endswith(f"/companions/{token}")
        assert (await program.post("/api/v1/companions", json={"assignment": reference, "size": 9})).status_code == 400
        [entry] = (await program.get("/api/v1/companions")).json()
        assert (entry["id"], entry["size"], len(entry["agreed"])) == (group, 2, 1)
        token = (await program.post(f"/api/v1/companions/{group}/link")).json()["token"]
    await sign_up(other, position)
    async with client(two) as program:
        answer = (await program.post("/api/v1/companions/agree", json={"token": token})).json()
        assert (answer["status"], answer["why"]) == ("gathering", "要 2 个名额，只剩 1 个。")
        assert (await program.post(f"/api/v1/companions/{group}/try")).json()["agreed"] == 2
        assert (await program.post(f"/api/v1/companions/{group}/leave")).status_code == 204
    async with client(one) as program:
        assert (await program.post(f"/api/v1/companions/{group}/try")).status_code == 409
        assert (await program.delete(f"/api/v1/companions/{group}")).status_code == 204
        assert (await program.get("/api/v1/companions")).json() == []
