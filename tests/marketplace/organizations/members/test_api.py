"""Members for programs: an owner invites and names, an editor reads, a stranger finds nothing."""

from typing import Any

from app.accounts import principals
from app.core.access import ANONYMOUS, Principal
from tests import world
from tests.app.web.client import call, client

NOBODY = "00000000-0000-4000-8000-000000000000"


async def _invited(firm: world.Organization, **said: str) -> dict[str, Any]:
    """Invite somebody; return the answer with the token of the link."""
    answer = await call(firm.member, "POST", f"/my/organizations/{firm.public_id}/invitations", said)
    assert answer.status_code == 201
    return answer.json() | {"token": answer.json()["link"].rsplit("/", 1)[1]}


async def _joined(firm: world.Organization) -> Principal:
    person = await world.account()
    invited = await _invited(firm)
    joined = await call(person, "POST", f"/invitations/{invited['token']}/acceptance")
    assert joined.json() == {"organization": str(firm.public_id)}
    return await principals.principal_of_account(person.actor)


async def test_an_owner_invites_names_another_owner_and_leaves(db: None) -> None:
    firm = await world.organization()
    path = f"/my/organizations/{firm.public_id}/members"
    editor = await _joined(firm)
    seen = (await call(editor, "GET", path)).json()
    assert [(one["duty"], one["own"]) for one in seen["members"]] == [("owner", False), ("editor", True)]
    assert (seen["owner"], seen["invitations"]) == (False, [])
    [owner, other] = (await call(firm.member, "GET", path)).json()["members"]
    last = await call(firm.member, "DELETE", f"{path}/{owner['id']}")
    assert (last.status_code, last.json()["code"]) == (409, "last_owner")
    named = await call(firm.member, "PUT", f"{path}/{other['id']}/duty", {"duty": "owner"})
    assert [one["duty"] for one in named.json()["members"]] == ["owner", "owner"]
    assert (await call(firm.member, "DELETE", f"{path}/{owner['id']}")).status_code == 204
    assert [one["name"] for one in (await call(editor, "GET", path)).json()["members"]] == [editor.name]


async def test_a_link_is_read_by_whoever_has_it_and_spent_by_a_word(db: None) -> None:
    firm, person = await world.organization(), await world.account()
    invited = await _invited(firm, duty="owner")
    async with client(ANONYMOUS) as http:
        shown = await http.get(f"/api/v1/invitations/{invited['token']}")
    assert (shown.json()["duty"], shown.json()["live"]) == ("owner", True)
    assert shown.headers["cache-control"] == "private, no-store"
    assert (await call(ANONYMOUS, "POST", f"/invitations/{invited['token']}/acceptance")).status_code == 403
    assert (await call(person, "POST", f"/invitations/{invited['token']}/refusal")).status_code == 204
    late = await call(person, "POST", f"/invitations/{invited['token']}/acceptance")
    assert (late.status_code, late.json()["code"]) == (409, "invitation_over")
    second = await _invited(firm)
    waiting = (await call(firm.member, "GET", f"/my/organizations/{firm.public_id}/members")).json()["invitations"]
    assert [one["id"] for one in waiting] == [second["id"]]
    taken_back = f"/my/organizations/{firm.public_id}/invitations/{second['id']}"
    assert (await call(firm.member, "DELETE", taken_back)).status_code == 204
    assert (await call(ANONYMOUS, "GET", f"/invitations/{second['token']}")).json()["live"] is False
    assert (await call(ANONYMOUS, "GET", "/invitations/never-was")).status_code == 404
    assert (await call(person, "POST", "/invitations/never-was/refusal")).status_code == 404


async def test_neither_another_firm_nor_an_editor_changes_who_belongs(db: None) -> None:
    firm, other = await world.organization(), await world.organization()
    editor = await _joined(firm)
    here = f"/my/organizations/{firm.public_id}"
    [owner, _] = (await call(firm.member, "GET", f"{here}/members")).json()["members"]
    attempts: list[tuple[str, str, Any]] = [
        ("POST", f"{here}/invitations", {}),
        ("PUT", f"{here}/members/{owner['id']}/duty", {"duty": "editor"}),
        ("DELETE", f"{here}/members/{owner['id']}", None),
        ("DELETE", f"{here}/invitations/{NOBODY}", None),
    ]
    for method, path, body in attempts:
        assert (await call(other.member, method, path, body)).status_code == 403
        assert (await call(await world.account(), method, path, body)).status_code == 403
        refused = await call(editor, method, path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "not_an_owner")
    assert (await call(other.member, "GET", f"{here}/members")).status_code == 403
    assert (await call(firm.member, "DELETE", f"{here}/invitations/{NOBODY}")).status_code == 404
    assert (await call(firm.member, "DELETE", f"{here}/members/{NOBODY}")).status_code == 404
