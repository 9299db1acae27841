"""Reading hosts: who they are, whom they may act for, what was done in one's name."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.hosting.rules import ActKind
from volunteers.people.queries import person_id_of


@dataclass(frozen=True, slots=True)
class HostRow:
    """A host as a coordinator sees it."""

    organization: UUID
    name_zh: str
    name_en: str
    appointed_by: str
    appointed_at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class HostedPerson:
    """Somebody a host may act for."""

    consent: UUID
    person_id: int
    name: str
    home_zh: str
    home_en: str
    origin: str
    given_on: date
    organization_zh: str
    organization_en: str
    ahead: int


@dataclass(frozen=True, slots=True)
class HostedSeat:
    """A seat ahead of somebody a host acts for."""

    public_id: UUID
    reference: str
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    starts: datetime
    ends: datetime
    place_zh: str
    place_en: str


@dataclass(frozen=True, slots=True)
class OwnConsent:
    """Whom the person lets, or let, act for them."""

    public_id: UUID
    name_zh: str
    name_en: str
    agreed_to: str
    given_on: date
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Act:
    """What was done in the person's name, and by whom."""

    kind: ActKind
    acted_by: str
    acted_at: datetime
    name_zh: str
    name_en: str
    title_zh: str
    title_en: str
    reference: str


_HOSTED = """
SELECT c.public_id AS consent, person.id AS person_id, person.name, home.name_zh AS home_zh, home.name_en AS home_en,
       c.origin, c.given_on, o.name_zh AS organization_zh, o.name_en AS organization_en,
       (SELECT count(*) FROM sign_up s WHERE s.person_id = person.id AND s.starts > $2
        AND s.status IN ('offered', 'confirmed'))::integer AS ahead
FROM host_consent c JOIN person ON person.id = c.person_id JOIN place home ON home.id = person.home_place_id
JOIN organization o ON o.id = c.organization_id
WHERE c.organization_id = ANY ($1) AND c.revoked_at IS NULL
"""


async def hosts(principal: Principal) -> list[HostRow]:
    """Return the hosts at the coordinator's places."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    rows = await database.fetch(
        """SELECT o.public_id AS organization, o.name_zh, o.name_en, account.display_name AS appointed_by,
                  h.appointed_at, (SELECT count(*) FROM host_consent c WHERE c.organization_id = o.id
                                   AND c.revoked_at IS NULL)::integer AS people
           FROM host h JOIN organization o ON o.id = h.organization_id JOIN place ON place.id = o.place_id
           JOIN account ON account.id = h.appointed_by
           WHERE h.ended_at IS NULL AND place.code LIKE ANY ($1) ORDER BY h.id DESC LIMIT 200""",
        scope.like_patterns(),
    )
    return [HostRow(**row) for row in rows]


async def own_hosts(principal: Principal) -> list[tuple[int, str, str]]:
    """Return the organizations the person acts for that are hosts, by id and name."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    rows = await database.fetch(
        """SELECT o.id, o.name_zh, o.name_en FROM organization o JOIN host h ON h.organization_id = o.id
           WHERE h.ended_at IS NULL AND o.id = ANY ($1) ORDER BY o.id""",
        list(scope.organization_ids),
    )
    return [(row["id"], row["name_zh"], row["name_en"]) for row in rows]


async def own_organization_id(principal: Principal, organization: UUID) -> int:
    """Return the id of an organization that the person acts for, by what stands outside."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    found = await database.fetch_value(
        "SELECT id FROM organization WHERE public_id = $1 AND id = ANY ($2)", organization, list(scope.organization_ids)
    )
    if found is None:
        raise NotFound
    return int(found)


async def hosted_people(principal: Principal) -> list[HostedPerson]:
    """Return whom the person's organizations may act for."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    rows = await database.fetch(
        f"{_HOSTED} ORDER BY person.name, c.id LIMIT 500", list(scope.organization_ids), clock.now()
    )
    return [HostedPerson(**row) for row in rows]


async def hosted_person(principal: Principal, consent: UUID) -> HostedPerson:
    """Return one of them."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    row = await database.fetch_one(
        f"{_HOSTED} AND c.public_id = $3", list(scope.organization_ids), clock.now(), consent
    )
    if row is None:
        raise NotFound
    return HostedPerson(**row)


async def seats_of(found: HostedPerson) -> list[HostedSeat]:
    """Return the seats ahead of somebody a host acts for, the soonest first."""
    rows = await database.fetch(
        """SELECT s.public_id, a.reference, a.title_zh, a.title_en, p.role_zh, p.role_en, s.starts, s.ends,
                  place.name_zh AS place_zh, place.name_en AS place_en
           FROM sign_up s JOIN position p ON p.id = s.position_id JOIN assignment a ON a.id = s.assignment_id
           JOIN place ON place.id = a.place_id
           WHERE s.person_id = $1 AND s.starts > $2 AND s.status IN ('offered', 'confirmed') ORDER BY s.starts""",
        *(found.person_id, clock.now()),
    )
    return [HostedSeat(**row) for row in rows]


async def my_consents(principal: Principal) -> list[OwnConsent]:
    """Return whom the person lets act for them, those in force first."""
    rows = await database.fetch(
        """SELECT c.public_id, o.name_zh, o.name_en, c.agreed_to, c.given_on, c.revoked_at
           FROM host_consent c JOIN organization o ON o.id = c.organization_id
           WHERE c.person_id = $1 ORDER BY c.revoked_at IS NOT NULL, c.id DESC LIMIT 50""",
        await person_id_of(principal),
    )
    return [OwnConsent(**row) for row in rows]


async def acts_in_my_name(principal: Principal) -> list[Act]:
    """Return what was done in the person's name, the latest first."""
    rows = await database.fetch(
        """SELECT x.kind, account.display_name AS acted_by, x.acted_at, o.name_zh, o.name_en,
                  coalesce(a.title_zh, '') AS title_zh, coalesce(a.title_en, '') AS title_en,
                  coalesce(a.reference, '') AS reference
           FROM host_act x JOIN host_consent c ON c.id = x.host_consent_id
           JOIN organization o ON o.id = c.organization_id
           JOIN account ON account.id = x.acted_by LEFT JOIN sign_up s ON s.id = x.sign_up_id
           LEFT JOIN assignment a ON a.id = s.assignment_id
           WHERE c.person_id = $1 ORDER BY x.id DESC LIMIT 100""",
        await person_id_of(principal),
    )
    return [Act(**{**row, "kind": ActKind(row["kind"])}) for row in rows]


async def hosts_to_agree_with(principal: Principal) -> list[tuple[UUID, str, str]]:
    """Return the hosts that the person might let act for them, by public id and name."""
    rows = await database.fetch(
        """SELECT o.public_id, o.name_zh, o.name_en FROM host h JOIN organization o ON o.id = h.organization_id
           WHERE h.ended_at IS NULL AND NOT EXISTS (
               SELECT FROM host_consent c WHERE c.organization_id = o.id AND c.person_id = $1 AND c.revoked_at IS NULL)
           ORDER BY o.name_zh LIMIT 60""",
        await person_id_of(principal),
    )
    return [(row["public_id"], row["name_zh"], row["name_en"]) for row in rows]
