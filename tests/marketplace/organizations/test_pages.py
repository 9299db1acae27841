"""The pages of organizations: public, a member's, an officer's."""

from typing import Any

from app.accounts.principals import principal_of_account
from app.core import database
from app.core.access import Principal, Role
from marketplace.organizations import queries
from marketplace.organizations.qualifications.rules import PaperState
from marketplace.organizations.rules import OrganizationKind
from tests import world
from tests.app.web.client import client


async def _post(person: Principal, path: str, data: dict[str, Any]) -> Any:
    async with client(person) as http:
        return await http.post(path, data=data)


def _typed(**changed: str) -> dict[str, str]:
    typed = {
        "uscc": world.uscc(OrganizationKind.LAW_FIRM),
        "kind": "law_firm",
        "name_zh": "浙江清波律师事务所",
        "place_code": "330110",
        "profile_zh": "劳动与婚姻家庭。",
        "bank_name": "工商银行",
        "bank_account": "1202 0202 0990 0012 345",
    }
    return typed | changed


async def test_a_firm_registers_states_its_papers_and_is_verified_page_by_page(db: None) -> None:
    founder, officer = await world.account(Role.RESIDENT), await world.reviewer()
    async with client(founder) as http:
        assert "你还没有代表任何单位" in (await http.get("/my/organizations")).text
    applied = await _post(founder, "/my/organizations/apply", _typed())
    assert applied.status_code == 303
    address = applied.headers["location"]
    member = await principal_of_account(founder.actor)
    async with client(member) as http:
        page = await http.get(address)
    assert "还缺：" in page.text
    assert "120************2345" in page.text
    for kind in ("law_practice", "financial_report", "tax_and_social_security", "capability", "no_violation"):
        paper = {"kind": kind, "number": f"N-{kind}", "issuer_zh": "杭州市司法局", "valid_from": "2026-01-01"}
        assert (await _post(member, f"{address}/papers", paper)).status_code == 303
    desk = address.replace("/my/", "/review/")
    public_id = address.rsplit("/", 1)[1]
    view = await queries.organization_in_full(officer, _uuid(public_id))
    ticked = [str(paper.id) for paper in view.qualifications]
    done = await _post(officer, f"{desk}/papers", {"papers": ticked, "genuine": "on", "reason": ""})
    assert done.status_code == 303
    decided = await _post(officer, f"{desk}/decide", {"event": "verify", "reasons": "证照齐全。"})
    assert decided.status_code == 303
    async with client() as http:
        profile = await http.get(f"/organizations/{public_id}")
        listed = await http.get("/organizations?kind=law_firm&q=清波")
    assert "浙江清波律师事务所" in profile.text
    assert "1202020209900012345" not in profile.text
    assert public_id in listed.text


def _uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)


async def test_a_wrong_application_comes_back_with_its_faults(db: None) -> None:
    founder = await world.account(Role.RESIDENT)
    answer = await _post(founder, "/my/organizations/apply", _typed(uscc="1" * 18, bank_account="x"))
    assert answer.status_code == 422
    assert 'id="field-uscc-error"' in answer.text
    assert 'id="field-bank_account-error"' in answer.text
    assert "浙江清波律师事务所" in answer.text
    assert await database.fetch_value("SELECT count(*) FROM organization") == 0


async def test_a_paper_is_sent_back_with_a_reason_and_a_reason_is_asked_for(db: None) -> None:
    made, [paper, *_] = await world.applied_organization()
    desk, officer = f"/review/organizations/{made.public_id}/papers", await world.reviewer()
    without = await _post(officer, desk, {"papers": str(paper), "reason": ""})
    assert without.status_code == 422
    assert (await _post(officer, desk, {"papers": str(paper), "reason": "字迹不清"})).status_code == 303
    view = await queries.organization_in_full(made.member, made.public_id)
    assert [one.state for one in view.qualifications if one.id == paper] == [PaperState.REFUSED]


async def test_a_refused_organization_sees_why_and_submits_again(db: None) -> None:
    made, _ = await world.applied_organization()
    decision = {"event": "refuse", "reasons": "名称与证照不符"}
    await _post(await world.reviewer(), f"/review/organizations/{made.public_id}/decide", decision)
    address = f"/my/organizations/{made.public_id}"
    async with client(made.member) as http:
        assert "名称与证照不符" in (await http.get(address)).text
        assert made.uscc in (await http.get(f"{address}/reapply")).text
        assert "登记没有通过" in (await http.get("/workbench")).text
    again = _typed(uscc=made.uscc, kind="service_institution", name_zh="改正后的名称")
    assert (await _post(made.member, f"{address}/reapply", again)).status_code == 303
    assert await database.fetch_value("SELECT status FROM organization WHERE id = $1", made.id) == "applied"


async def test_a_decision_before_the_licence_is_verified_is_explained(db: None) -> None:
    made, _ = await world.applied_organization()
    desk = f"/review/organizations/{made.public_id}/decide"
    answer = await _post(await world.reviewer(), desk, {"event": "verify", "reasons": "通过"})
    assert answer.status_code == 409
    assert "请先核验证照" in answer.text


async def test_the_profile_is_changed_from_its_latest_version(db: None) -> None:
    made = await world.organization()
    path = f"/my/organizations/{made.public_id}/edit"
    first = await _post(made.member, path, {"version": "1", "name_en": "Test Centre", "profile_zh": "甲"})
    late = await _post(made.member, path, {"version": "1", "name_en": "Other", "profile_zh": "乙"})
    assert (first.status_code, late.status_code) == (303, 409)


async def test_one_member_does_not_open_anothers_organization(db: None) -> None:
    mine, other = await world.organization(), await world.organization()
    async with client(mine.member) as http:
        assert (await http.get(f"/my/organizations/{other.public_id}")).status_code == 404
        assert (await http.get("/review/organizations")).status_code == 403
    paper = {"kind": "registration", "number": "1", "issuer_zh": "x", "valid_from": "2026-01-01"}
    forged = await _post(mine.member, f"/my/organizations/{other.public_id}/papers", paper)
    assert forged.status_code in (403, 404)


async def test_the_queue_shows_applications_of_the_officers_place(db: None) -> None:
    made, _ = await world.applied_organization(place="330112", name_zh="天目山调解社")
    async with client(await world.reviewer("330112")) as http:
        assert "天目山调解社" in (await http.get("/review/organizations")).text
        assert str(made.public_id) in (await http.get("/workbench")).text
    async with client(await world.reviewer("330106")) as http:
        assert "没有等待核验的单位" in (await http.get("/review/organizations")).text
