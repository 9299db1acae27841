"""Papers for programs: stated with a file by a member, verified by an officer, read by nobody else."""

from typing import Any

from app.core import clock
from app.core.access import ANONYMOUS, Principal, Role
from marketplace.organizations.qualifications import service
from tests import world
from tests.app.web.client import call, client

NEW = {"kind": "registration", "number": "登2026-018", "issuer_zh": "杭州市民政局"}


def _paper(**said: Any) -> dict[str, Any]:
    return NEW | {"valid_from": str(clock.today())} | said


async def _sent(person: Principal, path: str, content: bytes, name: str = "licence.pdf") -> int:
    async with client(person) as http:
        sent = await http.post(
            f"/api/v1{path}", files={"file": (name, content)}, headers={"accept": "application/json"}
        )
    return sent.status_code


async def test_a_paper_is_stated_with_its_file_and_verified(db: None) -> None:
    provider = await world.organization()
    officer = await world.reviewer(world.DISTRICT)
    path = f"/organizations/{provider.public_id}/papers"
    stated = await call(provider.member, "POST", path, _paper())
    assert stated.status_code == 201
    paper = stated.json()["id"]
    assert await _sent(provider.member, f"{path}/{paper}/files", b"%PDF-1.7 a licence") == 204
    [waiting] = (await call(officer, "GET", "/organizations/waiting")).json()["items"]
    assert (waiting["id"], waiting["pending_papers"]) == (str(provider.public_id), 1)
    shown = {one["id"]: one for one in (await call(officer, "GET", path)).json()["items"]}[paper]
    assert (shown["state"], [file["file_name"] for file in shown["files"]]) == ("pending", ["licence.pdf"])
    decision = {"paper": paper, "genuine": True}
    assert (await call(officer, "POST", "/papers/decisions", {"decisions": [decision]})).status_code == 204
    again = await call(officer, "POST", "/papers/decisions", {"decisions": [decision]})
    assert (again.status_code, again.json()["code"]) == (409, "qualification_decided")
    assert await _sent(provider.member, f"{path}/{paper}/files", b"%PDF-1.7 another") == 409
    own = {one["id"]: one for one in (await call(provider.member, "GET", path)).json()["items"]}[paper]
    assert own["state"] == "valid"
    [mine] = (await call(provider.member, "GET", "/my/organizations")).json()["items"]
    assert (mine["id"], mine["status"], mine["pending_papers"]) == (str(provider.public_id), "verified", 0)


async def test_a_refusal_needs_its_reason_and_decisions_land_together(db: None) -> None:
    provider, officer = await world.organization(), await world.reviewer()
    path = f"/organizations/{provider.public_id}/papers"
    paper = (await call(provider.member, "POST", path, _paper())).json()["id"]
    refusal = {"paper": paper, "genuine": False}
    assert (await call(officer, "POST", "/papers/decisions", {"decisions": [refusal]})).status_code == 422
    both = [refusal | {"reason": "看不清"}, {"paper": 999_999_999, "genuine": True}]
    assert (await call(officer, "POST", "/papers/decisions", {"decisions": both})).status_code == 404
    assert (await call(officer, "POST", "/papers/decisions", {"decisions": both[:1]})).status_code == 204
    shown = {one["id"]: one for one in (await call(provider.member, "GET", path)).json()["items"]}[paper]
    assert (shown["state"], shown["refused_reason"]) == ("refused", "看不清")


async def test_others_neither_read_nor_state_nor_verify(db: None) -> None:
    provider, other = await world.organization(), await world.organization()
    path = f"/organizations/{provider.public_id}/papers"
    [paper] = await service.state_qualifications(
        provider.member, [(provider.public_id, world.statement(world.EVIDENCE[0]))]
    )
    decisions = {"decisions": [{"paper": paper, "genuine": True}]}
    elsewhere = await world.reviewer("330110")
    for stranger in (other.member, elsewhere):
        assert (await call(stranger, "GET", path)).status_code == 404
        assert (await call(stranger, "POST", path, _paper())).status_code == 403
        assert (await call(stranger, "POST", "/papers/decisions", decisions)).status_code == 403
    assert await _sent(other.member, f"{path}/{paper}/files", b"%PDF-1.7 a licence") == 403
    assert await _sent(other.member, f"/organizations/{other.public_id}/papers/{paper}/files", b"%PDF-1.7") == 404
    assert await _sent(provider.member, f"{path}/{paper}/files", b"MZ a program", "licence.exe") in (415, 422)
    assert (await call(provider.member, "POST", "/papers/decisions", decisions)).status_code == 403
    assert (await call(await world.account(Role.RESIDENT), "GET", path)).status_code == 403
    assert (await call(ANONYMOUS, "GET", path)).status_code == 401
    assert (await call(elsewhere, "GET", "/organizations/waiting")).json()["items"] == []
    for method, closed in (("GET", "/my/organizations"), ("GET", "/organizations/waiting")):
        assert (await call(await world.account(Role.RESIDENT), method, closed)).status_code == 403
