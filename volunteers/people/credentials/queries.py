"""The officer's queue: claims from the officer's places, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from app.core import database
from app.core.access import Permission, Principal
from volunteers.people.credentials.rules import CredentialKind


class ClaimFile(msgspec.Struct, array_like=True, frozen=True):
    """A picture of the licence."""

    public_id: UUID
    file_name: str
    byte_count: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A credential waiting for a verdict; ``own`` is the officer's, who leaves it to a colleague."""

    id: int
    public_id: UUID
    kind: CredentialKind
    number: str
    issuer_zh: str
    valid_from: date
    valid_until: date | None
    claimed_at: datetime
    name: str
    home_zh: str
    home_en: str
    own: bool
    renewal: bool
    files: Sequence[ClaimFile] = ()


_FILES = """
coalesce((SELECT jsonb_agg(jsonb_build_array(f.public_id, f.file_name, f.byte_count) ORDER BY f.id) FROM attachment f
          WHERE f.owner_type = 'credential' AND f.owner_id = c.id), '[]')::text
"""
_WAITING = """
FROM credential c JOIN person p ON p.id = c.person_id JOIN place ON place.id = p.home_place_id
WHERE c.verified_at IS NULL AND c.refused_at IS NULL AND place.code LIKE ANY ($1)
"""


async def queue(principal: Principal, after: tuple[datetime, int] | None = None, limit: int = 51) -> list[Claim]:
    """Return the claims that wait for a verdict in the officer's places."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    rows = await database.fetch(
        f"""SELECT c.id, c.public_id, c.kind, c.number, c.issuer_zh, c.valid_from, c.valid_until, c.claimed_at,
                   p.name, place.name_zh AS home_zh, place.name_en AS home_en, p.account_id = $2 AS own,
                   c.renews_id IS NOT NULL AS renewal, {_FILES} AS files
            {_WAITING} AND ($3::timestamptz IS NULL OR (c.claimed_at, c.id) > ($3, $4))
            ORDER BY c.claimed_at, c.id LIMIT $5""",
        *(scope.like_patterns(), principal.account_id, *(after or (None, None)), limit),
    )
    return [
        Claim(
            **{
                **row,
                "kind": CredentialKind(row["kind"]),
                "files": database.decoded(row["files"], tuple[ClaimFile, ...]),
            }
        )
        for row in rows
    ]


async def waiting_count(principal: Principal) -> int:
    """Return how many claims wait in the officer's places."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    return int(await database.fetch_value(f"SELECT count(*) {_WAITING}", scope.like_patterns()))


async def waiting_ids(principal: Principal) -> list[UUID]:
    """Return all claims that wait in the officer's places, for a verdict on a whole register."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    rows = await database.fetch(
        f"SELECT c.public_id {_WAITING} AND p.account_id IS DISTINCT FROM $2 ORDER BY c.id",
        *(scope.like_patterns(), principal.account_id),
    )
    return [row["public_id"] for row in rows]
