"""Reading people: one's own profile with its numbers masked, where somebody is at home."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from app.core import database, vault
from app.core.access import Permission, Principal
from app.core.vault import DataErased
from volunteers.people.credentials.rules import CredentialKind, CredentialStatus, Ground, status_of
from volunteers.people.rules import Limits, NotJoined, PersonStatus, Window


class _StoredCredential(msgspec.Struct, array_like=True, frozen=True):
    """A credential as the profile's statement aggregates it."""

    public_id: UUID
    kind: CredentialKind
    number: str
    issuer_zh: str
    valid_from: date
    valid_until: date | None
    verified: bool
    refused: bool
    refused_reason: str
    ground: str
    note: str
    judged_by: str | None
    judged_at: datetime | None
    files: int
    renewed: bool


@dataclass(frozen=True, slots=True)
class CredentialView:
    """A person's own credential: who judged it when, and on what grounds; ``renewed`` if a later one was claimed."""

    public_id: UUID
    kind: CredentialKind
    number: str
    issuer_zh: str
    valid_from: date
    valid_until: date | None
    status: CredentialStatus
    refused_reason: str
    ground: Ground | None
    note: str
    judged_by: str
    judged_at: datetime | None
    files: int
    renewed: bool

    def ends_within(self, today: date, days: int) -> bool:
        """Tell whether a verified credential has ended or ends soon, and nothing later was claimed."""
        if self.status is not CredentialStatus.VERIFIED or self.valid_until is None or self.renewed:
            return False
        return (self.valid_until - today).days <= days


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A person as they see themselves; identity and bank numbers only masked."""

    person_id: int
    public_id: UUID
    name: str
    gender: str
    corps: tuple[str, ...]
    status: PersonStatus
    id_card_masked: str
    bank_name: str
    bank_account_masked: str
    home_code: str
    home_zh: str
    home_en: str
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    preferred_kinds: tuple[str, ...]
    limits: Limits
    joined_at: datetime
    credentials: tuple[CredentialView, ...]
    availability: tuple[Window, ...]


_PROFILE = """
SELECT p.*, place.code AS home_code, place.name_zh AS home_zh, place.name_en AS home_en,
       coalesce((SELECT jsonb_agg(jsonb_build_array(c.public_id, c.kind, c.number, c.issuer_zh, c.valid_from,
                     c.valid_until, c.verified_at IS NOT NULL, c.refused_at IS NOT NULL, c.refused_reason,
                     c.verified_ground, c.verified_note, judge.display_name, coalesce(c.verified_at, c.refused_at),
                     (SELECT count(*) FROM attachment f WHERE f.owner_type = 'credential' AND f.owner_id = c.id),
                     EXISTS (SELECT FROM credential later WHERE later.renews_id = c.id AND later.refused_at IS NULL))
                     ORDER BY c.id)
                 FROM credential c LEFT JOIN account judge ON judge.id = coalesce(c.verified_by, c.refused_by)
                 WHERE c.person_id = p.id), '[]')::text AS credentials,
       ARRAY(SELECT (w.weekday, w.from_minute, w.to_minute) FROM availability w WHERE w.person_id = p.id
             ORDER BY w.weekday, w.from_minute) AS windows
FROM person p JOIN place ON place.id = p.home_place_id WHERE p.account_id = $1
"""
_credentials = msgspec.json.Decoder(list[_StoredCredential])


async def profile(principal: Principal) -> ProfileView:
    """Return the person behind the account."""
    principal.scope(Permission.ACCOUNT_SELF)
    row = await database.fetch_one(_PROFILE, principal.actor)
    if row is None:
        raise NotJoined
    id_card, bank_account = await _masked(row)
    stated: dict[str, Any] = {
        **{name: row[name] for name in ("public_id", "name", "gender", "bank_name", "home_code", "home_zh", "home_en")},
        **{name: tuple(row[name]) for name in ("corps", "languages", "skills", "preferred_kinds")},
    }
    return ProfileView(
        **stated,
        person_id=row["id"],
        id_card_masked=id_card,
        bank_account_masked=bank_account,
        status=PersonStatus(row["status"]),
        limits=Limits(*(row[name] for name in Limits.__slots__)),
        joined_at=row["joined_at"],
        credentials=tuple(_shown(stored) for stored in _credentials.decode(row["credentials"])),
        availability=tuple(Window(*window) for window in row["windows"]),
    )


async def own_person_id(principal: Principal) -> int | None:
    """Return the id of the person behind the account, None for the anonymous and for who has not joined."""
    if principal.account_id is None:
        return None
    found: int | None = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", principal.account_id)
    return found


async def person_id_of(principal: Principal) -> int:
    """Return the id of the person behind the account, or ask to join first."""
    found = await own_person_id(principal)
    if found is None:
        raise NotJoined
    return found


async def home_places(account_id: int) -> Iterable[str]:
    """Return where a volunteer is at home, for officers' scopes (app.accounts.belonging)."""
    rows = await database.fetch(
        "SELECT place.code FROM person p JOIN place ON place.id = p.home_place_id WHERE p.account_id = $1", account_id
    )
    return [row["code"] for row in rows]


async def _masked(row: database.Row) -> tuple[str, str]:
    if row["id_card_sealed"] is None and row["bank_account_sealed"] is None:
        return "", ""
    try:
        key = await vault.subject_key(row["subject_key_id"])
    except DataErased:
        return "", ""
    sealed = row["id_card_sealed"], row["bank_account_sealed"]
    id_card, bank_account = (vault.masked(key.open(each), 4, 4) if each else "" for each in sealed)
    return id_card, bank_account


def _shown(stored: _StoredCredential) -> CredentialView:
    return CredentialView(
        *(stored.public_id, stored.kind, stored.number, stored.issuer_zh, stored.valid_from, stored.valid_until),
        status_of(stored.verified, stored.refused),
        stored.refused_reason,
        Ground(stored.ground) if stored.ground else None,
        *(stored.note, stored.judged_by or "", stored.judged_at, stored.files, stored.renewed),
    )
