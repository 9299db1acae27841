"""One's own organization for programs: read with its version, changed from that version, applied for again."""

from typing import Any

import httpx

from app.core.access import ANONYMOUS, Principal, Role
from marketplace.organizations import service
from marketplace.organizations.rules import OrganizationEvent
from marketplace.organizations.service import OrganizationDecision
from tests import world
from tests.app.web.client import call, client

PROFILE = {"name_en": "Example", "profile_zh": "面向村社的法律服务。", "profile_en": ""}


async def _saved(person: Principal, path: str, body: dict[str, Any], version: str = "") -> httpx.Response:
    headers = {"accept": "application/json"} | ({"if-match": version} if version else {})
    async with client(person) as http:
        return await http.put(f"/api/v1{path}", json=body, headers=headers)


async def test_a_profile_is_changed_from_the_version_that_was_read(db: None) -> None:
    firm = await world.organization()
    path = f"/my/organizations/{firm.public_id}"
    shown = await call(firm.member, "GET", path)
    version = shown.headers["etag"]
    assert (shown.json()["uscc"], shown.json()["status"]) == (firm.uscc, "verified")
    assert (await _saved(firm.member, path, PROFILE)).status_code == 428
    account = PROFILE | {"bank_name": "杭州银行文新支行", "bank_account": "3301 0401 6000 0000 017"}
    saved = await _saved(firm.member, path, account, version)
    assert (saved.status_code, saved.json()["profile_zh"]) == (200, PROFILE["profile_zh"])
    assert saved.json()["bank_account_masked"].endswith("0017")
    assert "33010401600000" not in saved.text
    late = await _saved(firm.member, path, PROFILE, version)
    assert (late.status_code, late.json()["code"]) == (409, "edit_conflict")
    assert (await _saved(firm.member, path, PROFILE, saved.headers["etag"])).status_code == 200


async def test_who_was_refused_applies_again_under_the_same_code(db: None) -> None:
    firm, _ = await world.applied_organization()
    path = f"/my/organizations/{firm.public_id}/reapplication"
    again = {"uscc": firm.uscc, "kind": firm.kind.value, "name_zh": "改正后的名称", "place_code": world.DISTRICT}
    early = await call(firm.member, "POST", path, again)
    assert early.status_code == 409
    refusal = OrganizationDecision(firm.public_id, OrganizationEvent.REFUSE, "名称与证书不一致。")
    await service.decide_organizations(await world.reviewer(), [refusal])
    seen = (await call(firm.member, "GET", f"/my/organizations/{firm.public_id}")).json()
    assert (seen["status"], seen["decision_reason"]) == ("refused", "名称与证书不一致。")
    another = await call(firm.member, "POST", path, again | {"uscc": world.uscc(firm.kind)})
    assert (another.status_code, [one["field"] for one in another.json()["fields"]]) == (422, ["uscc"])
    assert (await call(firm.member, "POST", path, again)).status_code == 204
    seen = (await call(firm.member, "GET", f"/my/organizations/{firm.public_id}")).json()
    assert (seen["status"], seen["name_zh"]) == ("applied", "改正后的名称")


async def test_others_neither_read_nor_change_it(db: None) -> None:
    firm, other = await world.organization(), await world.organization()
    path = f"/my/organizations/{firm.public_id}"
    again = {"uscc": firm.uscc, "kind": firm.kind.value, "name_zh": "别人", "place_code": world.DISTRICT}
    assert (await call(other.member, "GET", path)).status_code == 404
    assert (await _saved(other.member, path, PROFILE, '"1"')).status_code == 403
    assert (await call(other.member, "POST", f"{path}/reapplication", again)).status_code == 403
    assert (await call(await world.account(Role.RESIDENT), "GET", path)).status_code == 403
    assert (await call(ANONYMOUS, "GET", path)).status_code == 401
