"""The pages and endpoints of offers: a link that needs no password, one's own list, and the planner's figures."""

from uuid import UUID

import pytest

from app.composition import compose
from app.core import database
from app.core.access import ANONYMOUS, Principal
from app.web.workbench import waiting_for
from tests.app.web.client import client, whole_application
from tests.volunteers.dispatch import small


async def published(people: int = 1) -> tuple[Principal, UUID, list[Principal]]:
    """Publish a plan of one shift with a seat for everybody; return the planner, the run and the people."""
    compose()
    whole_application()
    known = await small.people(people)
    await small.shifts(57, seats=people)
    planner = await small.planner()
    run = await small.solved(planner)
    await small.publish(planner, run)
    return planner, run, [principal for _, principal in known]


async def offer() -> UUID:
    """Return the latest offer."""
    found: UUID = await database.fetch_value("SELECT public_id FROM dispatch_offer ORDER BY id DESC LIMIT 1")
    return found


async def test_a_link_answers_without_a_password_and_looking_answers_nothing(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("volunteers.dispatch.offers.making.new_token", lambda: "link")
    await published()
    one = await offer()
    async with client(ANONYMOUS) as http:
        page = await http.get("/offers/link")
        assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store")
        http.headers["x-csrftoken"] = http.cookies["fahui_csrf"]
        assert "我去" in page.text
        assert "那天有事" in page.text
        assert (await http.get("/offers/other")).status_code == 404
        assert await database.fetch_value("SELECT status FROM dispatch_offer") == "offered"
        wrong = await http.post(f"/offers/link/{one}/decline", data={"reason": "no such"})
        assert wrong.status_code == 422
        assert (await http.post(f"/offers/link/{one}/decline", data={"reason": "far"})).status_code == 303
        late = await http.post(f"/offers/link/{one}/accept")
        assert late.status_code == 409
        assert "已经答复过" in late.text
        assert "太远" in (await http.get("/offers/link")).text


async def test_own_offers_are_listed_counted_and_answered(db: None) -> None:
    planner, run, [yes, no] = await published(2)
    async with client(yes) as http:
        assert "1 个班次想请你去" in (await http.get("/my/assignments")).text
        assert "/my/offers" in [row.action.path for row in await waiting_for(yes)]
        [own] = (await http.get("/api/v1/dispatch/offers")).json()
        assert (own["status"], own["cause"]) == ("offered", "plan")
        why = (await http.get("/my/offers")).text.split('/why"')[0].rsplit('href="', 1)[1]
        assert (await http.get(f"{why}/why")).status_code == 200
        assert (await http.post(f"/my/offers/{own['id']}/accept")).status_code == 303
        assert "已答应" in (await http.get("/my/offers")).text
    async with client(no) as http:
        [own] = (await http.get("/api/v1/dispatch/offers")).json()
        refused = {"accept": False, "reason": "health"}
        assert (await http.post(f"/api/v1/dispatch/offers/{own['id']}/answer", json=refused)).status_code == 204
    async with client(planner) as http:
        endpoint = f"/api/v1/dispatch/runs/{run}"
        counted = (await http.get(f"{endpoint}/answers")).json()
        assert counted == {"offered": 0, "accepted": 1, "declined": 1, "expired": 0, "ended": 0}
        [asked] = (await http.get(f"{endpoint}/offers", params={"status": "declined"})).json()["items"]
        assert asked["reason"] == "health"
        figures = (await http.get(f"/dispatch/{run}")).text
        seen = figures.split("answers/now?seen=")[1].split('"')[0]
        assert (await http.get(f"/dispatch/{run}/answers/now", params={"seen": seen})).status_code == 204
        assert (await http.get(f"/dispatch/{run}/answers/now", params={"seen": "old"})).status_code == 200
        assert "身体不适" in (await http.get(f"/dispatch/{run}/answers")).text
