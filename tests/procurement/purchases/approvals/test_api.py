"""Who approves what, for programs: proposed by one, confirmed by another, never by who gains."""

from datetime import timedelta
from typing import Any

from app.core import clock
from app.core.access import ANONYMOUS, Principal, Role
from tests.app.web.client import call
from tests.procurement import approving, buying

NOBODY = "00000000-0000-4000-8000-000000000000"


def _level(person: Principal, **said: Any) -> dict[str, Any]:
    new = {"account": str(person.public_id), "place_code": buying.DISTRICT, "level": "section"}
    return new | {"starts_on": str(clock.today())} | said


def _deputy(deputy: Principal, person: Principal | None = None) -> dict[str, Any]:
    days = {"starts_on": str(clock.today()), "ends_on": str(clock.today() + timedelta(days=2))}
    return {"deputy": str(deputy.public_id), **days} | ({"account": str(person.public_id)} if person else {})


async def test_a_level_is_proposed_by_one_confirmed_by_another_and_ended_by_its_holder(db: None) -> None:
    here = await approving.desk()
    other = await buying.person_as(Role.APPROVER)
    known = (await call(here.officer, "GET", "/approvers")).json()["items"]
    assert {"id": str(other.public_id), "name": other.name} in known
    proposed = await call(here.officer, "POST", "/approval-levels", _level(other, level="division"))
    assert proposed.status_code == 201
    path = f"/approval-levels/{proposed.json()['id']}"
    own = await call(other, "POST", f"{path}/decision", {"approve": True})
    assert (own.status_code, own.json()["code"]) == (409, "own_authority")
    assert (await call(here.second, "POST", f"{path}/decision", {"approve": True})).status_code == 204
    rows = {row["id"]: row for row in (await call(here.second, "GET", "/approval-levels")).json()["items"]}
    held = rows[proposed.json()["id"]]
    assert (held["person"], held["level"], held["status"], held["holds"]) == (
        other.name, "division", "confirmed", True
    )  # fmt: skip
    assert (await call(other, "POST", f"{path}/end")).status_code == 204
    rows = {row["id"]: row for row in (await call(here.second, "GET", "/approval-levels")).json()["items"]}
    assert (rows[held["id"]]["holds"], len(rows)) == (False, 4)


async def test_ones_own_deputy_holds_at_once_and_anothers_waits_for_a_second_person(db: None) -> None:
    here = await approving.desk()
    deputy = await buying.person_as(Role.APPROVER)
    named = await call(here.section, "POST", "/approval-deputies", _deputy(deputy))
    asked = await call(here.officer, "POST", "/approval-deputies", _deputy(deputy, here.division))
    assert (named.status_code, asked.status_code) == (201, 201)
    rows = {row["id"]: row for row in (await call(here.officer, "GET", "/approval-deputies")).json()["items"]}
    mine, theirs = rows[named.json()["id"]], rows[asked.json()["id"]]
    assert (mine["person"], mine["deputy"], mine["holds"]) == (here.section.name, deputy.name, True)
    assert (theirs["person"], theirs["status"], theirs["holds"]) == (here.division.name, "proposed", False)
    path = f"/approval-deputies/{theirs['id']}/decision"
    wordless = await call(here.second, "POST", path, {"approve": False})
    assert wordless.status_code == 422
    assert (await call(here.second, "POST", path, {"approve": False, "reason": "已有代行人"})).status_code == 204
    assert (await call(here.section, "POST", f"/approval-deputies/{mine['id']}/end")).status_code == 204
    rows = {row["id"]: row for row in (await call(here.officer, "GET", "/approval-deputies")).json()["items"]}
    assert (rows[mine["id"]]["holds"], rows[theirs["id"]]["reason"]) == (False, "已有代行人")


async def test_others_neither_read_nor_set_authority(db: None) -> None:
    here = await approving.desk()
    far = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    level = await call(here.officer, "POST", "/approval-levels", _level(here.second, level="division"))
    for path in ("/approvers", "/approval-levels", "/approval-deputies"):
        assert (await call(here.buyers.provider, "GET", path)).status_code == 403
        assert (await call(ANONYMOUS, "GET", path)).status_code == 401
    for path in ("/approval-levels", "/approval-deputies"):
        assert (await call(far, "GET", path)).json()["items"] == []
        assert (await call(here.second, "POST", f"{path}/{NOBODY}/decision", {"approve": True})).status_code == 404
        assert (await call(here.second, "POST", f"{path}/{NOBODY}/end")).status_code == 404
    assert (await call(far, "POST", "/approval-levels", _level(here.second))).status_code == 403
    assert (await call(here.second, "POST", "/approval-levels", _level(here.section))).status_code == 403
    assert (await call(far, "POST", "/approval-deputies", _deputy(here.second, here.section))).status_code == 403
    assert (await call(here.second, "POST", "/approval-deputies", _deputy(here.meeting, here.section))
            ).status_code == 403  # fmt: skip
    confirming = f"/approval-levels/{level.json()['id']}/decision"
    elsewhere = await buying.person_as(Role.APPROVER, buying.OTHER_DISTRICT)
    assert (await call(elsewhere, "POST", confirming, {"approve": True})).status_code == 403
    assert (await call(here.officer, "POST", confirming, {"approve": True})).status_code == 403
