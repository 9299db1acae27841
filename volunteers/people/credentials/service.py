"""Claiming a credential, and the verdict of an officer of the holder's place."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.attachments.service import attach
from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput, NotFound, SamePersonRefused
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from volunteers.people.credentials import files, rules
from volunteers.people.credentials.files import Upload
from volunteers.people.credentials.rules import (
    AlreadyClaimed,
    CredentialEvent,
    CredentialNumberTaken,
    Ground,
    NewCredential,
    NothingToLookAt,
    ReasonNeeded,
)
from volunteers.people.queries import person_id_of

_REFUSALS: Mapping[str, type[DomainError]] = {
    "credential_number_once": CredentialNumberTaken,
    "credential_renewed_once": AlreadyClaimed,
    "credential_renews_what_stands": AlreadyClaimed,
    "credential_second_party": SamePersonRefused,
}
_LAST_OF_ITS_KIND = """
SELECT c.id, c.verified_at FROM credential c
WHERE c.person_id = $1 AND c.kind = $2 AND c.number = $3 AND c.refused_at IS NULL AND NOT EXISTS (
    SELECT FROM credential later WHERE later.renews_id = c.id AND later.refused_at IS NULL)
"""


async def add_credential(principal: Principal, credential: NewCredential, upload: Upload | None = None) -> UUID:
    """Claim a credential, with a picture of it or without; it counts once an officer has verified it.

    The same number once more is a renewal: it stands beside the one in force until it is verified itself.
    """
    principal.scope(Permission.VOLUNTEER_SELF)
    if found := rules.faults(credential, clock.today()):
        raise InvalidInput(found)
    stored = await files.kept(principal, upload) if upload else None
    async with database.refusing(_REFUSALS), transaction():
        person_id = await person_id_of(principal)
        held = await database.fetch_one(_LAST_OF_ITS_KIND, person_id, credential.kind, credential.number.strip())
        if held and held["verified_at"] is None:
            raise AlreadyClaimed
        row = await database.fetch_one(
            """INSERT INTO credential (person_id, kind, number, issuer_zh, valid_from, valid_until, claimed_at,
                                       renews_id)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id, public_id""",
            *(person_id, credential.kind, credential.number.strip(), credential.issuer_zh.strip()),
            *(credential.valid_from, credential.valid_until, clock.now(), held["id"] if held else None),
        )
        if row is None:
            raise NotFound
        if stored:
            await attach(principal, stored, files.OWNER, row["id"])
        await audit.record(principal, "credential.claimed", "credential", row["id"], kind=credential.kind)
    public_id: UUID = row["public_id"]
    return public_id


async def verify_credentials(
    principal: Principal, public_ids: Sequence[UUID], ground: Ground = Ground.ORIGINAL, note: str = ""
) -> int:
    """Vouch by name for credentials, saying what they were held against; all of them or, if one may not be, none."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    async with database.refusing(_REFUSALS), transaction():
        rows = await _judged(principal, scope, public_ids, CredentialEvent.VERIFY)
        ids = [row["id"] for row in rows]
        if ground is Ground.COPY and (names := await files.names_without_file(ids)):
            raise NothingToLookAt(names="、".join(names))
        await database.execute(
            """UPDATE credential SET verified_by = $2, verified_at = $3, verified_ground = $4, verified_note = $5
               WHERE id = ANY($1)""",
            *(ids, principal.actor, clock.now(), ground, note.strip()),
        )
        await audit.record_many(
            principal, [audit.Entry("credential.verified", "credential", found, {"ground": ground}) for found in ids]
        )
        await notify_many([_notice(row, N_("%(kind)s已核验，可以报需要它的岗位了。")) for row in rows])
    return len(ids)


async def refuse_credential(principal: Principal, public_id: UUID, reason: str) -> None:
    """Refuse a claim, or take back a verification; seats that need it are given back by a job."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    if not reason.strip():
        raise ReasonNeeded
    async with database.refusing(_REFUSALS), transaction():
        row = (await _judged(principal, scope, [public_id], CredentialEvent.REFUSE))[0]
        await database.execute(
            """UPDATE credential SET verified_by = NULL, verified_at = NULL, verified_ground = '', verified_note = '',
                      refused_by = $2, refused_at = $3, refused_reason = $4 WHERE id = $1""",
            *(row["id"], principal.actor, clock.now(), reason.strip()),
        )
        await audit.record(principal, "credential.refused", "credential", row["id"], was_verified=row["verified"])
        await notify_many([_notice(row, N_("%(kind)s没有通过核验，原因写在“我的资料”里。"))])


def _notice(row: dict[str, Any], msgid: str) -> Notice:
    kind = Message(rules.KIND_NAMES[rules.CredentialKind(row["kind"])])
    return Notice(row["account_id"], msgid, {"kind": kind}, link="/my/profile")


async def _judged(
    principal: Principal, scope: Scope, public_ids: Sequence[UUID], event: CredentialEvent
) -> list[dict[str, Any]]:
    """Lock the credentials and check place, person and state."""
    rows = await database.fetch(
        """SELECT c.id, c.kind, c.verified_at IS NOT NULL AS verified, c.refused_at IS NOT NULL AS refused,
                  place.code, p.account_id
           FROM credential c JOIN person p ON p.id = c.person_id JOIN place ON place.id = p.home_place_id
           WHERE c.public_id = ANY($1) ORDER BY c.id FOR NO KEY UPDATE OF c""",
        list(public_ids),
    )
    if len(rows) != len(set(public_ids)) or not rows:
        raise NotFound
    for row in rows:
        scope.require_place(row["code"])
        if row["account_id"] == principal.account_id:
            raise SamePersonRefused
        advance(rules.TRANSITIONS, rules.status_of(row["verified"], row["refused"]), event)
    return rows
