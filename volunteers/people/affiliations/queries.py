"""Reading affiliations: one's own, an organization's, and the organizations one may ask."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from volunteers.people.affiliations.rules import AffiliationStatus
from volunteers.people.queries import person_id_of

MOST = 12


@dataclass(frozen=True, slots=True)
class OwnAffiliation:
    """Where the person belongs, belonged or asked to belong."""

    public_id: UUID
    status: AffiliationStatus
    name_zh: str
    name_en: str
    organization: UUID
    reason: str
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs to an organization, or asks to."""

    public_id: UUID
    status: AffiliationStatus
    person: str
    home_zh: str
    home_en: str
    credentials: tuple[str, ...]
    organization_zh: str
    organization_en: str
    note: str
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """An organization one may ask."""

    public_id: UUID
    name_zh: str
    name_en: str
    place_zh: str
    place_en: str


async def my_affiliations(principal: Principal) -> list[OwnAffiliation]:
    """Return the person's own, the live one first."""
    rows = await database.fetch(
        """SELECT f.public_id, f.status, o.name_zh, o.name_en, o.public_id AS organization, f.reason, f.asked_at,
                  f.answered_at
           FROM affiliation f JOIN organization o ON o.id = f.organization_id WHERE f.person_id = $1
           ORDER BY f.status IN ('asked', 'confirmed') DESC, f.id DESC LIMIT 20""",
        await person_id_of(principal),
    )
    return [OwnAffiliation(**{**row, "status": AffiliationStatus(row["status"])}) for row in rows]


async def members(principal: Principal, status: AffiliationStatus) -> list[Member]:
    """Return who belongs to the person's organizations, or who asks to; the longest first."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    rows = await database.fetch(
        """SELECT f.public_id, f.status, person.name AS person, home.name_zh AS home_zh, home.name_en AS home_en,
                  ARRAY(SELECT DISTINCT c.kind FROM credential c
                        WHERE c.person_id = person.id AND c.verified_at IS NOT NULL ORDER BY c.kind) AS credentials,
                  o.name_zh AS organization_zh, o.name_en AS organization_en, f.note, f.asked_at, f.answered_at
           FROM affiliation f JOIN person ON person.id = f.person_id JOIN place home ON home.id = person.home_place_id
           JOIN organization o ON o.id = f.organization_id
           WHERE f.organization_id = ANY ($1) AND f.status = $2 ORDER BY f.asked_at, f.id LIMIT 500""",
        *(list(scope.organization_ids), status),
    )
    return [
        Member(**{**row, "status": AffiliationStatus(row["status"]), "credentials": tuple(row["credentials"])})
        for row in rows
    ]


async def asking_count(principal: Principal) -> tuple[int, datetime | None]:
    """Return how many people ask to belong, and since when the first waits."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    row = await database.fetch_one(
        """SELECT count(*) AS people, min(asked_at) AS since FROM affiliation
           WHERE organization_id = ANY ($1) AND status = 'asked'""",
        list(scope.organization_ids),
    )
    return (row["people"], row["since"]) if row else (0, None)


async def organizations_named(text: str) -> list[Found]:
    """Return verified organizations by a part of their name."""
    rows = await database.fetch(
        """SELECT o.public_id, o.name_zh, o.name_en, place.name_zh AS place_zh, place.name_en AS place_en
           FROM organization o JOIN place ON place.id = o.place_id
           WHERE o.status = 'verified' AND (o.name_zh LIKE '%' || $1 || '%' OR o.name_en ILIKE '%' || $1 || '%')
           ORDER BY o.name_zh, o.id LIMIT $2""",
        *(text.strip().replace("%", "").replace("_", ""), MOST),
    )
    return [Found(**row) for row in rows]
