"""Organizations apply, officers verify them; separate use cases by separate people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.accounts.registration import insert_memberships
from app.core import audit, clock, database, vault
from app.core.access import Grant, Permission, Principal, Role
from app.core.database import transaction
from app.core.errors import DomainError, EditConflict, InvalidInput, NotFound, SamePersonRefused
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from marketplace.organizations import rules
from marketplace.organizations.members.standing import require_owner
from marketplace.organizations.provision import LICENCE_KINDS
from marketplace.organizations.rules import (
    Application,
    Funding,
    OrganizationEvent,
    OrganizationExists,
    OrganizationStatus,
    Standing,
    TieDeclared,
)
from marketplace.products.suspension.service import locked_listings, record_moves

_INSERT = """
INSERT INTO organization (uscc, kind, name_zh, name_en, profile_zh, profile_en, place_id, status, subject_key_id,
                          bank_name, bank_account_sealed, funding, applied_by, applied_at)
SELECT d.uscc, d.kind, d.name_zh, d.name_en, d.profile_zh, d.profile_en, place.id, 'applied', d.subject_key_id,
       d.bank_name, d.bank_account_sealed, d.funding, $12, $13
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
            $9::text[], $10::bytea[], $11::text[])
     AS d (uscc, kind, name_zh, name_en, profile_zh, profile_en, place_code, subject_key_id, bank_name,
           bank_account_sealed, funding)
JOIN place ON place.code = d.place_code ORDER BY d.uscc
RETURNING id, public_id, uscc
"""

# The officer is tied by a membership or by a tie that he declared: 政府采购法实施条例 art. 9.
_STANDINGS = """
SELECT o.id, o.public_id, o.name_zh, o.kind, o.status, o.applied_by, place.code AS place_code,
       is_tied($2, o.id, $3) AS tied,
       EXISTS (SELECT 1 FROM qualification q WHERE q.organization_id = o.id AND q.verified_at IS NOT NULL
               AND q.kind = ($5::jsonb ->> o.kind)
               AND q.valid_from <= $4 AND coalesce(q.valid_until, 'infinity') >= $4) AS licence_verified
FROM organization o JOIN place ON place.id = o.place_id
WHERE o.public_id = ANY ($1) ORDER BY o.id FOR NO KEY UPDATE OF o
"""


_DECIDING: dict[str, type[DomainError]] = {
    "organization_decided_by_another": SamePersonRefused,
    "organization_decided_without_tie": TieDeclared,
}


@dataclass(frozen=True, slots=True)
class Applied:
    """An application that was taken in."""

    id: int
    public_id: UUID
    uscc: str


@dataclass(frozen=True, slots=True)
class OrganizationDecision:
    """What an officer decides on one organization, and why."""

    public_id: UUID
    event: OrganizationEvent
    reasons: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What an organization may change about itself; an absent account number leaves the stored one."""

    name_en: str
    profile_zh: str
    profile_en: str
    bank_name: str = ""
    bank_account: str = ""
    funding: Funding | None = None  # None leaves what was stated


async def apply_organization(principal: Principal, application: Application) -> Applied:
    """Apply for the applicant's own organization and make the applicant its first member."""
    principal.scope(Permission.ACCOUNT_SELF)
    async with transaction(), database.refusing({"organization_uscc_key": OrganizationExists}):
        (applied,) = await _take_in(principal, [application])
        founder = Grant(Role.PROVIDER, organization_id=applied.id)
        await insert_memberships([principal.actor], [[founder]], granted_by=None)
    return applied


async def register_organizations(principal: Principal, applications: Sequence[Application]) -> list[Applied]:
    """Take in many applications that came on paper; another officer decides on them."""
    scope = principal.scope(Permission.ORGANIZATION_MANAGE)
    for application in applications:
        scope.require_place(application.place_code)
    async with transaction(), database.refusing({"organization_uscc_key": OrganizationExists}):
        return await _take_in(principal, applications)


async def reapply_organization(principal: Principal, public_id: UUID, application: Application) -> None:
    """Apply again after a refusal, with what was wrong put right; the credit code stays."""
    scope = principal.scope(Permission.ORGANIZATION_MANAGE)
    _require_valid([application])
    async with transaction():
        row = await _own(public_id)
        scope.require_organization(row["id"])
        after = rules.advance(OrganizationStatus(row["status"]), OrganizationEvent.REAPPLY)
        place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", application.place_code)
        if place_id is None:
            raise _unknown_place()
        if application.uscc != row["uscc"]:
            raise InvalidInput(fields={"uscc": Message(N_("重新申请不能更换统一社会信用代码。"))})
        named = ("kind", "name_zh", "name_en", "profile_zh", "profile_en", "funding")
        stated: dict[str, Any] = {name: getattr(application, name) for name in named}
        stated |= await _bank_columns(row["subject_key_id"], application.bank_name, application.bank_account)
        decision = {"decided_by": None, "decided_at": None, "decision_reason": ""}
        applied = {"status": after.value, "applied_by": principal.actor, "applied_at": clock.now()}
        version = {"version": row["version"] + 1, "place_id": place_id}
        await database.update_row("organization", row["id"], stated | applied | decision | version)
        await audit.record(principal, "organization.reapplied", "organization", row["id"])


async def edit_profile(principal: Principal, public_id: UUID, expected_version: int, profile: Profile) -> int:
    """Change what the organization says about itself; return the new version."""
    scope = principal.scope(Permission.ORGANIZATION_MANAGE)
    if profile.bank_account and (faults := rules.bank_faults(profile.bank_name, profile.bank_account)):
        raise InvalidInput(fields=faults)
    async with transaction():
        row = await _own(public_id)
        scope.require_organization(row["id"])
        if row["version"] != expected_version:
            raise EditConflict
        if profile.bank_account:
            await require_owner(principal, row["id"])
        if profile.funding and (faults := rules.funding_faults(row["uscc"], profile.funding)):
            raise InvalidInput(fields=faults)
        changed = {name: getattr(profile, name) for name in ("name_en", "profile_zh", "profile_en")}
        changed |= {"funding": profile.funding.value} if profile.funding else {}
        changed |= await _bank_columns(row["subject_key_id"], profile.bank_name, profile.bank_account)
        await database.update_row("organization", row["id"], changed | {"version": expected_version + 1})
        await audit.record(
            principal,
            "organization.edited",
            "organization",
            row["id"],
            bank_changed=bool(profile.bank_account),
            funding=profile.funding and profile.funding.value,
        )
    return expected_version + 1


async def decide_organizations(principal: Principal, decisions: Sequence[OrganizationDecision]) -> None:
    """Verify, refuse, suspend or reinstate organizations, each with written reasons; all or none.

    A suspended organization's listings are suspended in the same moment, and come back with it (the database
    lets them follow); what was suspended for another reason stays suspended.
    """
    scope = principal.scope(Permission.ORGANIZATION_VERIFY)
    wanted = {decision.public_id: decision for decision in decisions}
    now = clock.now()
    async with transaction(), database.refusing(_DECIDING):
        rows = await _standings(principal, wanted)
        entries, changes = [], []
        for row in rows:
            scope.require_place(row["place_code"])
            decision = wanted[row["public_id"]]
            after = rules.decide(_standing(row), decision.event, decision.reasons)
            changes.append((row["id"], after.value, decision.reasons.strip()))
            detail = {"from": row["status"], "to": after.value}
            entries.append(audit.Entry(f"organization.{decision.event.value}", "organization", row["id"], detail))
        listings = await locked_listings([row["id"] for row in rows])
        await database.execute(
            """UPDATE organization o
               SET status = d.status, decision_reason = d.reason, decided_by = $4, decided_at = $5
               FROM unnest($1::bigint[], $2::text[], $3::text[]) AS d (id, status, reason) WHERE o.id = d.id""",
            *database.columns(changes, 3),
            principal.actor,
            now,
        )
        await audit.record_many(principal, entries)
        await record_moves(principal, listings)
        await notify_many([_notice(row, wanted[row["public_id"]]) for row in rows])


async def reveal_bank_account(principal: Principal, public_id: UUID) -> str:
    """Show the account number in full; that somebody looked is itself on record."""
    principal.scope(Permission.ACCOUNT_REVEAL)
    async with transaction():
        row = await _own(public_id)
        await audit.record(principal, "organization.bank_account_revealed", "organization", row["id"])
        if row["bank_account_sealed"] is None:
            raise NotFound
        return (await vault.subject_key(row["subject_key_id"])).open(row["bank_account_sealed"])


async def _take_in(principal: Principal, applications: Sequence[Application]) -> list[Applied]:
    _require_valid(applications)
    keys = await vault.new_subject_keys(len(applications))
    stated = [
        (a.uscc, a.kind.value, a.name_zh.strip(), a.name_en, a.profile_zh, a.profile_en, a.place_code, key.id,
         a.bank_name, key.seal(a.bank_account) if a.bank_account else None, a.funding.value)
        for a, key in zip(applications, keys, strict=True)
    ]  # fmt: skip
    rows = await database.fetch(_INSERT, *database.columns(stated, 11), principal.actor, clock.now())
    if len(rows) < len(applications):
        raise _unknown_place()
    await audit.record_many(
        principal,
        [audit.Entry("organization.applied", "organization", row["id"], {"uscc": row["uscc"]}) for row in rows],
    )
    return [Applied(**row) for row in rows]


def _require_valid(applications: Iterable[Application]) -> None:
    for application in applications:
        if faults := rules.application_faults(application):
            raise InvalidInput(fields=faults)


def _unknown_place() -> InvalidInput:
    return InvalidInput(fields={"place_code": Message(N_("没有这个地区，请从列表里选。"))})


async def _own(public_id: UUID) -> database.Row:
    row = await database.fetch_one(
        """SELECT id, uscc, status, version, subject_key_id, bank_account_sealed
           FROM organization WHERE public_id = $1 FOR NO KEY UPDATE""",
        public_id,
    )
    if row is None:
        raise NotFound
    return row


async def _bank_columns(subject_key_id: int, bank_name: str, bank_account: str) -> dict[str, Any]:
    if not bank_account:
        return {}
    key = await vault.subject_key(subject_key_id)
    return {"bank_name": bank_name, "bank_account_sealed": key.seal(bank_account)}


async def _standings(principal: Principal, wanted: dict[UUID, OrganizationDecision]) -> list[database.Row]:
    rows = await database.fetch(
        _STANDINGS,
        list(wanted),
        principal.actor,
        clock.now(),
        clock.today(),
        LICENCE_KINDS,
    )
    if len(rows) < len(wanted):
        raise NotFound
    return rows


def _notice(row: database.Row, decision: OrganizationDecision) -> Notice:
    values = {"name": row["name_zh"], "event": Message(rules.EVENT_NAMES[decision.event]), "reasons": decision.reasons}
    return Notice(
        row["applied_by"],
        N_("“%(name)s”：%(event)s。理由：%(reasons)s"),
        values,
        link=f"/my/organizations/{row['public_id']}",
    )


def _standing(row: database.Row) -> Standing:
    return Standing(row["name_zh"], OrganizationStatus(row["status"]), row["licence_verified"], row["tied"])
