"""The village's page, the office's, the tap on a phone, and the same for programs."""

from datetime import timedelta

import pytest

from app.composition import compose
from app.core import database
from app.core.access import Role
from marketplace.organizations.rules import OrganizationKind
from tests import world as places
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.pairings.stage import TODAY, YEAR, coordinator, draft, lawyer, paired, villages
from volunteers.pairings import service


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def test_everybody_sees_who_comes_to_a_village(db: None) -> None:
    [(place, code), (_, other)] = await villages(2)
    person, _ = await lawyer("王芳")
    await paired(place, person)
    async with client() as http:
        page = (await http.get(f"/places/{code}/lawyer")).text
        assert "王芳" in page
        assert "杭州话" in page
        assert "12348" in page
        assert "王芳" in (await http.get(f"/places/{code}")).text
        assert "还没有结对的律师" in (await http.get(f"/places/{other}/lawyer")).text
        assert (await http.get(f"/places/{world.TOWN}/lawyer")).status_code == 404
        [entry] = (await http.get(f"/api/v1/places/{code}/pairings")).json()
        assert (entry["name_zh"], entry["kind"], entry["next_visit"]) == ("王芳", "adviser", None)
        assert set(entry) & {"phone", "id", "reason"} == set()


async def test_the_office_finds_the_village_chooses_a_lawyer_and_the_lawyer_taps(db: None) -> None:
    [(_, code)] = await villages(1)
    person, who = await lawyer("王芳")
    public_id = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", person)
    officer = await coordinator("330106")
    async with client(officer) as http:
        page = (await http.get(f"/pairings?place={world.TOWN}")).text
        assert f"/pairings/new?place={code}" in page
        assert code in (await http.get(f"/pairings/new?village={code}")).text
        form = await http.get(f"/pairings/new?place={code}")
        assert "王芳" in form.text
        assert "王芳" not in (await http.get(f"/pairings/new?place={code}&q=李")).text
        sent = {"place": code, "kind": "adviser", "from_day": str(TODAY), "until_day": str(TODAY + YEAR)}
        refused = await http.post("/pairings/new", data=sent)
        assert (refused.status_code, "只能选一样" in refused.text) == (422, True)
        made = await http.post("/pairings/new", data={**sent, "person": str(public_id)})
        assert made.status_code == 303
        shown = made.headers["location"]
        assert "等对方同意" in (await http.get(shown)).text
        assert "等对方同意" in (await http.get(f"/pairings?place={world.TOWN}")).text
        assert (await http.get("/pairings?place=330127")).status_code == 403
    async with client(who) as http:
        assert "请你结对" in (await http.get("/workbench")).text
        assert "同意结对" in (await http.get("/my/pairings")).text
        path = f"/my/pairings/{shown.rsplit('/', 1)[1]}"
        refused = await http.post(f"{path}/decline", data={"reason": ""})
        assert "请写明原因" in refused.text
        assert (await http.post(f"{path}/agree")).status_code == 303
        assert "结对的村社" in (await http.get("/my/assignments")).text
    async with client(officer) as http:
        assert "对方点了同意" in (await http.get(shown)).text
        assert "请写明原因" in (await http.post(f"{shown}/end", data={"reason": ""})).text
        assert (await http.post(f"{shown}/end", data={"reason": "调走了"})).status_code == 303
        assert "调走了" in (await http.get(shown)).text


async def test_what_ends_soon_waits_on_the_workbench(db: None) -> None:
    [(place, _)] = await villages(1)
    person, _ = await lawyer()
    await paired(place, person, TODAY + timedelta(days=20))
    async with client(await coordinator()) as http:
        assert "1 个结对 60 天内到期" in (await http.get("/workbench")).text
        assert "去续期" in (await http.get("/pairings")).text


async def test_the_api_proposes_answers_ends_and_counts(db: None) -> None:
    [(place, code), (_, other)] = await villages(2)
    person, who = await lawyer()
    public_id = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", person)
    firm = await places.organization(OrganizationKind.LAW_FIRM)
    body = {"place": code, "person": str(public_id), "from_day": str(TODAY), "until_day": str(TODAY + YEAR)}
    async with client(await coordinator()) as http:
        made = await http.post("/api/v1/pairings", json=body)
        assert made.status_code == 201
        declined = await http.post(
            "/api/v1/pairings", json={**body, "place": other, "person": None, "organization": firm.uscc}
        )
        wrong = await http.post("/api/v1/pairings", json={**body, "place": world.TOWN})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_input")
    async with client(who) as http:
        path = f"/api/v1/pairings/{made.json()['id']}"
        assert (await http.post(f"{path}/answer", json={"agree": True})).status_code == 204
        [mine] = (await http.get("/api/v1/my-pairings")).json()
        assert (mine["place"], mine["status"]) == (code, "active")
    async with client(firm.member) as http:
        answer = {"agree": False, "reason": "人手不够"}
        answered = await http.post(f"/api/v1/pairings/{declined.json()['id']}/answer", json=answer)
        assert answered.status_code == 204
    async with client(await coordinator()) as http:
        listed = (await http.get("/api/v1/pairings")).json()["items"]
        assert [(one["status"], one["reason"]) for one in listed] == [("ended", "人手不够"), ("active", "")]
        shares = (await http.get("/api/v1/pairings/coverage?place=330106")).json()
        assert sum(one["paired"] for one in shares) == 1
        assert (await http.post(f"{path}/end", json={"reason": "x"})).status_code == 204
    assert place


async def test_a_station_pairs_nobody(db: None) -> None:
    [(place, _)] = await villages(1)
    person, _ = await lawyer()
    async with client(await world.officer(Role.STATION_STAFF)) as http:
        assert (await http.get("/pairings")).status_code == 403
    made = await service.propose(await coordinator(), draft(place, person))
    async with client(await coordinator("330127")) as http:
        assert (await http.get(f"/pairings/{made}")).status_code == 403
