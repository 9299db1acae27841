"""Members of an organization: invited by link or number, named owner or editor; one owner is always there."""

import asyncio
from datetime import timedelta
from itertools import product

import asyncpg
import pytest

from app.accounts import memberships, principals
from app.accounts.errors import LastOfOrganization
from app.core import clock, database
from app.core.access import Permission, Principal, Role, system_principal
from app.core.errors import DomainError, NotFound, NotPermitted, TransitionRefused
from app.core.state import advance
from marketplace.organizations import service as organizations
from marketplace.organizations.members import queries, rules, service
from marketplace.organizations.members.rules import (
    MOST_OPEN,
    TRANSITIONS,
    Duty,
    InvitationEvent,
    InvitationOver,
    InvitationStatus,
    InvitedAnother,
    LastOwner,
    MemberAlready,
    NotAnOwner,
    TooManyInvitations,
)
from marketplace.organizations.service import Profile
from tests import world
from tests.app.web.client import client
from tests.conftest import rounds
from tests.refusals import refusal_by, refused

PHONE = "13912345678"


def _token(invited: service.Invited) -> str:
    return invited.link.rsplit("/", 1)[1]


async def _invited(firm: world.Organization, duty: Duty = Duty.EDITOR, phone: str = "") -> str:
    return _token(await service.invite(firm.member, firm.public_id, duty, phone))


async def _joined(firm: world.Organization, duty: Duty = Duty.EDITOR) -> Principal:
    person = await world.account()
    await service.accept(person, await _invited(firm, duty))
    return await principals.principal_of_account(person.actor)


async def _duties(firm: world.Organization) -> dict[str, Duty]:
    found = await queries.members_of(firm.member, firm.public_id)
    return {member.name: member.duty for member in found.members}


async def _membership(person: Principal, firm: world.Organization) -> queries.Member:
    found = await queries.members_of(person, firm.public_id)
    return next(member for member in found.members if member.own)


@pytest.mark.parametrize(("status", "event"), list(product(InvitationStatus, InvitationEvent)))
def test_an_invitation_is_answered_once(status: InvitationStatus, event: InvitationEvent) -> None:
    if status is InvitationStatus.OPEN:
        assert advance(TRANSITIONS, status, event) is not InvitationStatus.OPEN
        return
    with pytest.raises(TransitionRefused):
        advance(TRANSITIONS, status, event)


async def test_the_founder_owns_and_whoever_follows_a_link_joins_as_what_the_owner_chose(db: None) -> None:
    firm = await world.organization()
    editor, owner = await _joined(firm), await _joined(firm, Duty.OWNER)
    assert await _duties(firm) == {
        firm.member.name: Duty.OWNER, owner.name: Duty.OWNER, editor.name: Duty.EDITOR,
    }  # fmt: skip
    assert editor.scope(Permission.PRODUCT_WRITE).covers_organization(firm.id)
    told = await database.fetch_value("SELECT count(*) FROM notification WHERE account_id = $1", firm.member.actor)
    assert told >= 2


async def test_a_link_works_once_for_seven_days_and_not_for_who_sent_it(db: None) -> None:
    firm = await world.organization()
    token = await _invited(firm)
    with pytest.raises(MemberAlready):
        await service.accept(firm.member, token)
    await service.accept(await world.account(), token)
    with pytest.raises(InvitationOver):
        await service.accept(await world.account(), token)
    late, person = await _invited(firm), await world.account()
    with clock.travelled_to(clock.now() + rules.LIFE), pytest.raises(InvitationOver):
        await service.accept(person, late)
    with pytest.raises(NotFound):
        await service.accept(person, "no-such-link")


async def test_an_invitation_by_number_is_for_its_holder_alone_and_keeps_no_number(db: None) -> None:
    firm = await world.organization()
    token = await _invited(firm, phone=PHONE)
    with pytest.raises(InvitedAnother):
        await service.accept(await world.account(phone="13900000001"), token)
    kept = await database.fetch_value("SELECT to_jsonb(i)::text FROM organization_invitation i")
    assert PHONE not in kept
    assert token not in kept
    sms = await database.fetch_one(
        "SELECT channel, detail::text, secret_sealed FROM notification WHERE channel = 'sms'"
    )
    assert sms is not None
    assert token not in sms["detail"]
    await service.accept(await world.account(phone=PHONE), token)


async def test_the_database_lets_a_link_be_answered_once_in_time_and_not_accepted_by_who_sent_it(db: None) -> None:
    firm, person = await world.organization(), await world.account()
    token = await _invited(firm)
    accepted = "UPDATE organization_invitation SET status = 'accepted', answered_by = $1, answered_at ="
    await refused("invitation_accepted_by_another", f"{accepted} now()", firm.member.actor)
    await refused("invitation_accepted_in_time", f"{accepted} expires_at", person.actor)
    await service.decline(person, token)
    for again in ("UPDATE organization_invitation SET status = 'accepted'", "DELETE FROM organization_invitation"):
        await refused("invitation_answered_once", again)


async def test_declined_and_withdrawn_links_are_spent(db: None) -> None:
    firm = await world.organization()
    declined, withdrawn = await _invited(firm), await service.invite(firm.member, firm.public_id, Duty.EDITOR)
    person = await world.account()
    await service.decline(person, declined)
    await service.withdraw(firm.member, firm.public_id, withdrawn.public_id)
    for token in (declined, _token(withdrawn)):
        with pytest.raises(InvitationOver):
            await service.accept(person, token)
    with pytest.raises(TransitionRefused):
        await service.withdraw(firm.member, firm.public_id, withdrawn.public_id)


async def test_only_an_owner_invites_names_removes_and_changes_the_account_that_is_paid_to(db: None) -> None:
    firm, other = await world.organization(), await world.organization()
    editor = await _joined(firm)
    founder = await _membership(firm.member, firm)
    bank = Profile("", "", "", "工商银行", "1202020209900012345")
    for attempt in (
        service.invite(editor, firm.public_id, Duty.EDITOR),
        service.name_duty(editor, firm.public_id, founder.membership, Duty.EDITOR),
        service.remove(editor, firm.public_id, (await _membership(await _joined(firm), firm)).membership),
        organizations.edit_profile(editor, firm.public_id, 1, bank),
    ):
        with pytest.raises(NotAnOwner):
            await attempt
    with pytest.raises(NotPermitted):
        await service.invite(other.member, firm.public_id, Duty.EDITOR)
    await organizations.edit_profile(firm.member, firm.public_id, 1, bank)
    assert (await queries.members_of(editor, firm.public_id)).invitations == ()


async def test_who_is_removed_may_no_longer_write_and_may_be_invited_again(db: None) -> None:
    firm = await world.organization()
    editor = await _joined(firm)
    await service.remove(firm.member, firm.public_id, (await _membership(editor, firm)).membership)
    again = await principals.principal_of_account(editor.actor)
    assert not again.can(Permission.PRODUCT_WRITE)
    with clock.travelled_to(clock.now() + timedelta(seconds=5)):
        await service.accept(again, await _invited(firm))
    assert editor.name in await _duties(firm)


async def test_the_last_owner_neither_leaves_nor_lays_it_down_until_another_is_named(db: None) -> None:
    firm = await world.organization()
    editor = await _joined(firm)
    own, theirs = await _membership(firm.member, firm), await _membership(editor, firm)
    with pytest.raises(LastOwner):
        await service.remove(firm.member, firm.public_id, own.membership)
    with pytest.raises(LastOwner):
        await service.name_duty(firm.member, firm.public_id, own.membership, Duty.EDITOR)
    await service.name_duty(firm.member, firm.public_id, theirs.membership, Duty.OWNER)
    await service.remove(firm.member, firm.public_id, own.membership)
    assert {member.duty for member in (await queries.members_of(editor, firm.public_id)).members} == {Duty.OWNER}


async def test_the_database_keeps_an_owner_whoever_writes(db: None) -> None:
    firm = await world.organization()
    await refused(
        "organization_keeps_an_owner", "UPDATE membership SET valid_until = now() WHERE organization_id = $1", firm.id
    )
    editor = await _joined(firm)
    for statement in ("UPDATE organization_owner SET until = now()", "DELETE FROM organization_owner"):
        await refused("organization_keeps_an_owner", statement)
    await database.execute("UPDATE membership SET valid_until = now() WHERE account_id = $1", firm.member.actor)
    assert (await _membership(editor, firm)).duty is Duty.OWNER  # the longest-serving one is named


async def test_the_database_keeps_an_owner_who_is_a_member(db: None) -> None:
    firm, other = await world.organization(), await world.organization()
    moved = "UPDATE membership SET organization_id = $2 WHERE organization_id = $1"
    await refused("organization_keeps_an_owner", moved, firm.id, other.id)


async def test_the_database_takes_no_stranger_for_an_owner(db: None) -> None:
    firm, stranger = await world.organization(), await _joined(await world.organization())
    async with refusal_by("organization_keeps_an_owner"):
        await database.execute("UPDATE organization_owner SET until = now() WHERE organization_id = $1", firm.id)
        await database.execute(
            """INSERT INTO organization_owner (membership_id, organization_id, since)
               SELECT id, $1, now() FROM membership WHERE account_id = $2 AND role = 'provider'""",
            *(firm.id, stranger.actor),
        )


async def test_an_accounts_officer_does_not_leave_an_organization_without_anybody(db: None) -> None:
    firm = await world.organization()
    membership = (await _membership(firm.member, firm)).membership
    with pytest.raises(LastOfOrganization):
        await memberships.end_membership(system_principal(Permission.ACCOUNT_MANAGE), membership)
    colleague = await world.account(Role.PROVIDER, organization=firm.id)
    await memberships.end_membership(system_principal(Permission.ACCOUNT_MANAGE), membership)
    assert (await _membership(colleague, firm)).duty is Duty.OWNER


async def test_two_owners_who_leave_at_once_leave_one_behind(db: None) -> None:
    for _ in range(rounds(4, 100)):
        firm = await world.organization()
        second = await _joined(firm, Duty.OWNER)
        own, theirs = await _membership(firm.member, firm), await _membership(second, firm)
        outcomes = await asyncio.gather(
            service.name_duty(firm.member, firm.public_id, own.membership, Duty.EDITOR),
            service.name_duty(second, firm.public_id, theirs.membership, Duty.EDITOR),
            return_exceptions=True,
        )
        assert all(isinstance(one, DomainError) for one in outcomes if isinstance(one, BaseException))
        assert (await queries.members_of(firm.member, firm.public_id)).owners >= 1


async def test_the_database_lets_the_second_owner_who_leaves_wait_for_the_first(db: None) -> None:
    firm = await world.organization()
    await _joined(firm, Duty.OWNER)
    first, second = [row["id"] for row in await database.fetch("SELECT id FROM organization_owner ORDER BY id")]
    lay_down = "UPDATE organization_owner SET until = now() WHERE id = $1"
    assert database.DB.pool is not None
    async with database.DB.pool.acquire() as one, database.DB.pool.acquire() as other:
        await one.execute("BEGIN")
        await one.execute(lay_down, first)
        await one.execute("SET CONSTRAINTS ALL IMMEDIATE")
        await other.execute("BEGIN")
        await other.execute(lay_down, second)
        checked = asyncio.create_task(other.execute("SET CONSTRAINTS ALL IMMEDIATE"))
        await asyncio.sleep(0.2)
        await one.execute("COMMIT")
        with pytest.raises(asyncpg.CheckViolationError, match="left without an owner"):
            await checked
        await other.execute("ROLLBACK")


async def test_one_link_followed_by_two_at_once_makes_one_member(db: None) -> None:
    for _ in range(rounds(4, 100)):
        firm = await world.organization()
        token, people = await _invited(firm), [await world.account(), await world.account()]
        outcomes = await asyncio.gather(*(service.accept(person, token) for person in people), return_exceptions=True)
        assert sorted(isinstance(one, InvitationOver) for one in outcomes) == [False, True]
        assert len((await queries.members_of(firm.member, firm.public_id)).members) == 2


async def test_open_invitations_are_few(db: None) -> None:
    firm = await world.organization()
    for _ in range(MOST_OPEN):
        await _invited(firm)
    with pytest.raises(TooManyInvitations):
        await _invited(firm)
    with clock.travelled_to(clock.now() + rules.LIFE):
        await _invited(firm)


async def test_the_pages_lead_from_the_invitation_to_the_organization(db: None) -> None:
    firm, person = await world.organization(), await world.account()
    address = f"/my/organizations/{firm.public_id}/members"
    async with client(firm.member) as http:
        made = await http.post(f"{address}/invite", data={"duty": "editor", "phone": ""})
        wrong = await http.post(f"{address}/invite", data={"duty": "editor", "phone": "123"})
    link = made.text.split("/organizations/join/")[1].split("<")[0]
    assert wrong.status_code == 422
    async with client() as http:
        read = await http.get(f"/organizations/join/{link}")
    assert "登录后接受" in read.text
    async with client(person) as http:
        shown = await http.get(f"/organizations/join/{link}")
        joined = await http.post(f"/organizations/join/{link}")
        spent = await http.post(f"/organizations/join/{link}")
    assert "接受并加入" in shown.text
    assert joined.headers["location"] == f"/my/organizations/{firm.public_id}"
    assert spent.status_code == 409
    async with client(firm.member) as http:
        own = (await _membership(firm.member, firm)).membership
        refused = await http.post(f"{address}/{own}/remove")
        listed = await http.get(address)
    assert refused.status_code == 409
    assert person.name in listed.text
