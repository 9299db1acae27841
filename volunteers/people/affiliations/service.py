"""Asking to belong, answering, leaving; the person first, then the affiliation, in each use case."""

from typing import Any
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal, Role
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.people.affiliations.rules import (
    BY_THE_ORGANIZATION,
    CONSTRAINTS,
    NEEDS_REASON,
    TRANSITIONS,
    AffiliationEvent,
    AffiliationStatus,
    OrganizationNotVerified,
    ReasonForAnswer,
)
from volunteers.people.service import lock_own_person

_LOCKED = """
SELECT f.id, f.public_id, f.person_id, f.organization_id, f.status, person.account_id, person.name AS person, o.name_zh
FROM affiliation f JOIN person ON person.id = f.person_id JOIN organization o ON o.id = f.organization_id
WHERE f.public_id = $1 FOR NO KEY UPDATE OF f
"""
_MEMBERS = """
SELECT DISTINCT account_id FROM membership
WHERE role = $1 AND organization_id = $2 AND valid_from <= $3 AND (valid_until IS NULL OR valid_until > $3)
"""
_TOLD = {
    AffiliationEvent.CONFIRM: N_("%(organization)s确认你是它的成员了。"),
    AffiliationEvent.REFUSE: N_("%(organization)s没有确认你的加入申请：%(reason)s。"),
    AffiliationEvent.DISMISS: N_("%(organization)s把你移出了成员名单：%(reason)s。已报的任务不受影响。"),
}


async def ask(principal: Principal, organization: UUID, note: str = "") -> UUID:
    """Ask a verified organization to take one as its member; return the affiliation's public id."""
    principal.scope(Permission.VOLUNTEER_SELF)
    async with database.refusing(CONSTRAINTS), transaction():
        person_id = await lock_own_person(principal)
        row = await database.fetch_one("SELECT id, status FROM organization WHERE public_id = $1", organization)
        if row is None:
            raise NotFound
        if row["status"] != "verified":
            raise OrganizationNotVerified
        stated = {"person_id": person_id, "organization_id": row["id"], "origin": "asked", "note": note.strip()}
        found = await database.insert_row(
            "affiliation", {**stated, "status": AffiliationStatus.ASKED, "asked_at": clock.now()}
        )
        await audit.record(principal, "affiliation.asked", "affiliation", found)
        name = await database.fetch_value("SELECT name FROM person WHERE id = $1", person_id)
        await _tell_organization(
            row["id"], N_("%(person)s申请加入你们机构，请确认或说明原因。"), name, f"asked:{found}"
        )
        public_id: UUID = await database.fetch_value("SELECT public_id FROM affiliation WHERE id = $1", found)
    return public_id


async def step_back(principal: Principal, public_id: UUID) -> AffiliationStatus:
    """Withdraw one's own asking, or leave the organization; seats stay the person's own."""
    principal.scope(Permission.VOLUNTEER_SELF)
    async with transaction():
        person_id = await lock_own_person(principal)
        row = await _lock(public_id)
        if row["person_id"] != person_id:
            raise NotFound
        asked = row["status"] == AffiliationStatus.ASKED
        event = AffiliationEvent.WITHDRAW if asked else AffiliationEvent.LEAVE
        status = await _move(principal, row, event, {"ended_at": clock.now()})
        if event is AffiliationEvent.LEAVE:
            await _tell_organization(
                row["organization_id"], N_("%(person)s离开了你们机构。"), row["person"], f"left:{row['public_id']}"
            )
    return status


async def answer(principal: Principal, public_id: UUID, event: AffiliationEvent, reason: str = "") -> AffiliationStatus:
    """Confirm, refuse or dismiss, for somebody who acts for the organization; never about oneself."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    if event not in BY_THE_ORGANIZATION:
        raise ValueError("the person withdraws and leaves")
    if event in NEEDS_REASON and not reason.strip():
        raise ReasonForAnswer
    async with database.refusing(CONSTRAINTS), transaction():
        person_id = await database.fetch_value("SELECT person_id FROM affiliation WHERE public_id = $1", public_id)
        if person_id is None:
            raise NotFound
        await database.locked("person", [person_id])
        row = await _lock(public_id)
        scope.require_organization(row["organization_id"])
        said: dict[str, Any] = {"reason": reason.strip()} if event in NEEDS_REASON else {}
        said |= {"answered_by": principal.actor}
        said |= {"ended_at": clock.now()} if event is AffiliationEvent.DISMISS else {"answered_at": clock.now()}
        status = await _move(principal, row, event, said)
        await _tell_person(row, event, reason)
    return status


async def _lock(public_id: UUID) -> Row:
    row = await database.fetch_one(_LOCKED, public_id)
    if row is None:
        raise NotFound
    return row


async def _move(principal: Principal, row: Row, event: AffiliationEvent, said: dict[str, Any]) -> AffiliationStatus:
    status = advance(TRANSITIONS, AffiliationStatus(row["status"]), event)
    await database.update_row("affiliation", row["id"], {"status": status, **said})
    await audit.record(principal, f"affiliation.{event}", "affiliation", row["id"])
    return status


async def _tell_person(row: Row, event: AffiliationEvent, reason: str) -> None:
    detail = {"organization": row["name_zh"], "reason": reason.strip().rstrip("。")}
    channels = (Channel.IN_APP, Channel.SMS)
    key = f"affiliation:{row['public_id']}:{event}"
    await notify_many([Notice(row["account_id"], _TOLD[event], detail, channels, "/my/organization", key)])


async def _tell_organization(organization_id: int, text: str, person: str, key: str) -> None:
    rows = await database.fetch(_MEMBERS, Role.PROVIDER, organization_id, clock.now())
    await notify_many(
        [
            Notice(
                row["account_id"],
                text,
                {"person": person},
                link="/organization/members",
                once_key=f"affiliation-{key}:{row['account_id']}",
            )
            for row in rows
        ]
    )
