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


async def asked_twice() -> tuple[Principal, list[str]]:
    """Let a plan ask one person for two shifts; return the person and the offers, the most urgent first."""
    compose()
    whole_application()
    [(_, asked)] = await small.people(1)
    await small.shifts(57, 81)
    planner = await small.planner()
    await small.publish(planner, await small.solved(planner))
    async with client(asked) as http:
        return asked, [one["id"] for one in (await http.get("/api/v1/dispatch/offers")).json()]


async def test_one_tap_says_yes_to_all_that_was_shown(db: None) -> None:
    asked, offers = await asked_twice()
    async with client(asked) as http:
        shown = (await http.get("/my/offers")).text
        assert all(f'name="offer" value="{one}"' in shown for one in offers)
        done = await http.post("/my/offers/accept", data={"offer": offers})
        assert (done.status_code, done.headers["location"]) == (303, "/my/offers")
        assert "都能去" not in (await http.get("/my/offers")).text
    assert await database.fetch_value("SELECT count(*) FROM dispatch_offer WHERE status = 'accepted'") == 2


async def test_what_came_after_the_page_was_shown_waits_for_an_answer_of_its_own(db: None) -> None:
    asked, [first, second] = await asked_twice()
    async with client(asked) as http:
        assert (await http.post("/my/offers/accept", data={"offer": [first]})).status_code == 303
        assert "都能去" not in (await http.get("/my/offers")).text  # one is left, and has its own button
    left = await database.fetch_value("SELECT public_id FROM dispatch_offer WHERE status = 'offered'")
    assert str(left) == second


async def test_what_cannot_be_taken_any_more_is_named_and_keeps_nobody_from_the_others(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("volunteers.dispatch.offers.making.new_token", lambda: "link")
    asked, [first, second] = await asked_twice()
    async with client(asked) as http:
        await http.post(f"/my/offers/{first}/decline")
        title = await database.fetch_value("SELECT title_zh FROM assignment ORDER BY starts LIMIT 1")
        page = await http.post("/my/offers/accept", data={"offer": [first, second]})
        assert page.status_code == 409
        assert f"{title}：这个邀请已经答复过" in page.text
        [failed] = (await http.post("/api/v1/dispatch/offers/acceptances", json={"offers": [first, second]})).json()
        assert (failed["id"], failed["code"]) == (first, "offer_is_over")
    assert await database.fetch_value("SELECT count(*) FROM dispatch_offer WHERE status = 'accepted'") == 1


async def test_the_link_of_a_message_says_yes_to_all_and_to_nobody_elses(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("volunteers.dispatch.offers.making.new_token", lambda: "link")
    _, offers = await asked_twice()
    async with client(ANONYMOUS) as http:
        await http.get("/offers/link")
        http.headers["x-csrftoken"] = http.cookies["fahui_csrf"]
        other = UUID(int=7)
        done = await http.post("/offers/link/accept", data={"offer": [*offers, str(other)]})
        assert (done.status_code, done.headers["location"]) == (303, "/offers/link")
    assert await database.fetch_value("SELECT count(*) FROM dispatch_offer WHERE status = 'accepted'") == 2
