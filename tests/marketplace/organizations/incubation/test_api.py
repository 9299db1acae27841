"""Incubation for programs: everybody reads who is in it, each side acts in its own part, others are refused."""

import httpx

from app.core import clock
from app.core.access import ANONYMOUS, Principal, Role
from tests import world
from tests.app.web.client import call
from tests.marketplace.organizations.test_incubation import PHONE, Nest


def _own(nest: Nest, part: str = "") -> str:
    return f"/my/organizations/{nest.organization.public_id}/incubation{part}"


async def _decided(person: Principal, nest: Nest, event: str, phone: str = "") -> httpx.Response:
    said = {"event": event, "reason": "材料齐全", "mentor_phone": phone}
    return await call(person, "POST", f"/incubations/{nest.public_id}/decision", said)


async def test_a_program_goes_from_the_application_to_the_second_stage(db: None) -> None:
    organization, officer = await world.organization(), await world.account(Role.CATALOGUE_REVIEWER)
    mentor = await world.account(Role.VOLUNTEER, None, phone=PHONE)
    member, path = organization.member, f"/my/organizations/{organization.public_id}/incubation"
    assert (await call(member, "GET", path)).status_code == 404
    applied = await call(member, "POST", path, {"aim_zh": "独立承办讲座"})
    assert (applied.status_code, applied.json()["incubation"]["status"]) == (201, "applied")
    here = f"/incubations/{applied.json()['incubation']['id']}"
    [waiting] = (await call(officer, "GET", "/incubations/desk")).json()["items"]
    assert (waiting["organization"], waiting["mentor"]) == (str(organization.public_id), None)
    taken_in = {"event": "take_in", "reason": "符合条件", "mentor_phone": PHONE}
    assert (await call(officer, "POST", f"{here}/decision", taken_in)).status_code == 204
    [mentored] = (await call(mentor, "GET", "/incubations/mentored")).json()["items"]
    assert mentored["id"] == applied.json()["incubation"]["id"]
    for milestone in ("papers", "charter", "needs"):
        said = {"milestone": milestone, "evidence_zh": "证书编号5233"}
        assert (await call(member, "POST", f"{path}/milestones", said)).status_code == 201
    meeting = {"held_on": str(clock.today()), "minutes": 60, "topic_zh": "财务制度", "next_zh": "交草案"}
    assert (await call(mentor, "POST", f"{here}/meetings", meeting)).json()["meetings"] == [meeting]
    confirmed = await call(mentor, "POST", f"{here}/confirmations", {"milestones": ["papers", "charter", "needs"]})
    [first, *_] = confirmed.json()["stages"]
    assert (first["stage"], {one["confirmed_by"] for one in first["milestones"]}) == ("diagnosis", {mentor.name})
    assert (await call(officer, "POST", f"{here}/decision", taken_in | {"event": "advance"})).status_code == 204
    assert (await call(member, "GET", path)).json()["incubation"]["status"] == "capacity"


async def test_everybody_reads_who_is_in_it_but_not_what_is_said_inside(db: None) -> None:
    nest = await Nest().taken_in()
    [shown] = (await call(ANONYMOUS, "GET", "/incubations")).json()["items"]
    assert (shown["organization"], shown["status"], shown["confirmed"]) == (
        str(nest.organization.public_id), "diagnosis", 0
    )  # fmt: skip
    assert not {"aim_zh", "mentor", "reason"} & set(shown)
    assert (await call(ANONYMOUS, "GET", "/incubations/plan")).json() == {"graduated": 0, "going_on": 1, "target": 20}


async def test_an_organization_without_a_public_page_is_named_without_a_link(db: None) -> None:
    firm, _ = await world.applied_organization()
    officer = await world.account(Role.CATALOGUE_REVIEWER)
    await world.account(Role.VOLUNTEER, None, phone=PHONE)
    applied = await call(
        firm.member, "POST", f"/my/organizations/{firm.public_id}/incubation", {"aim_zh": "先学会办讲座"}
    )
    said = {"event": "take_in", "reason": "边办证边孵化", "mentor_phone": PHONE}
    here = f"/incubations/{applied.json()['incubation']['id']}"
    assert (await call(officer, "POST", f"{here}/decision", said)).status_code == 204
    [shown] = (await call(ANONYMOUS, "GET", "/incubations")).json()["items"]
    assert (shown["organization"], shown["status"]) == (None, "diagnosis")
    assert shown["name_zh"]


async def test_others_neither_read_nor_move_an_incubation(db: None) -> None:
    nest, other = await Nest().taken_in(), await world.organization()
    elsewhere = await world.account(Role.CATALOGUE_REVIEWER, "330110")
    here = f"/incubations/{nest.public_id}"
    for stranger in (other.member, elsewhere):
        assert (await call(stranger, "GET", here)).status_code == 403
        confirming = await call(stranger, "POST", f"{here}/confirmations", {"milestones": ["papers"]})
        assert confirming.status_code == 403
    for part, body in (
        ("/milestones", {"milestone": "papers", "evidence_zh": "证书"}),
        ("/departure", {"reason": "人手不足"}),
    ):
        assert (await call(other.member, "POST", _own(nest, part), body)).status_code == 403
        assert (await call(other.member, "POST", f"/my/organizations/{other.public_id}/incubation{part}", body)
                ).status_code == 404  # fmt: skip
    assert (await call(other.member, "POST", _own(nest), {"aim_zh": "替别人申请"})).status_code == 403
    assert (await call(other.member, "GET", _own(nest))).status_code == 403
    assert (await _decided(other.member, nest, "advance")).status_code == 403
    assert (await _decided(elsewhere, nest, "advance")).status_code == 403
    meeting = {"held_on": str(clock.today()), "minutes": 60, "topic_zh": "财务制度", "next_zh": "交草案"}
    assert (await call(nest.officer, "POST", f"{here}/meetings", meeting)).status_code == 403
    assert (await call(ANONYMOUS, "GET", here)).status_code == 401
    assert await nest.status() == "diagnosis"


async def test_a_refusal_says_what_is_missing_and_leaving_makes_room_for_another_application(db: None) -> None:
    nest = await Nest().taken_in()
    missing = await _decided(nest.officer, nest, "advance")
    assert (missing.status_code, missing.json()["code"]) == (409, "milestones_missing")
    assert (await _decided(nest.officer, nest, "leave")).status_code == 403
    member = nest.organization.member
    early = await call(member, "POST", _own(nest, "/milestones"), {"milestone": "admission", "evidence_zh": "公告"})
    assert (early.status_code, early.json()["code"]) == (409, "not_in_stage")
    assert (await call(member, "POST", _own(nest, "/departure"), {"reason": "人手不足"})).status_code == 204
    assert (await call(member, "POST", _own(nest), {"aim_zh": "再来一次"})).json()["incubation"]["status"] == "applied"
