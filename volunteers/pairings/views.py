"""Reading pairings one by one: for the public, for who comes, for the office; each with its next visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.pairings.rules import PairingKind, PairingStatus, due_for_renewal


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to the village that is planned; ``own``: who is paired with it has signed up for it."""

    reference: str
    starts: datetime
    ends: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class PairingView:
    """A pairing with what pages show of it."""

    id: int
    public_id: UUID
    kind: PairingKind
    status: PairingStatus
    place_code: str
    place_zh: str
    place_en: str
    town_zh: str
    town_en: str
    is_person: bool
    party_zh: str
    party_en: str
    languages: tuple[str, ...]
    from_day: date
    until_day: date
    agreed_how: str
    proposed_at: datetime
    agreed_at: datetime | None
    ended_at: datetime | None
    ending: str
    reason: str
    visit: Visit | None

    @property
    def renewal_due(self) -> bool:
        """Tell whether it runs and ends soon."""
        return self.status is PairingStatus.ACTIVE and due_for_renewal(self.until_day, clock.today())


_OWN = """
EXISTS (SELECT FROM sign_up s JOIN person q ON q.id = s.person_id
        WHERE s.assignment_id = a.id AND s.status IN ('confirmed', 'checked_in')
          AND (q.id = p.person_id OR q.organization_id = p.organization_id))
"""
_VIEW = f"""
SELECT p.id, p.public_id, p.kind, p.status, place.code AS place_code, place.name_zh AS place_zh,
       place.name_en AS place_en, town.name_zh AS town_zh, town.name_en AS town_en,
       p.person_id IS NOT NULL AS is_person, coalesce(person.name, o.name_zh) AS party_zh,
       coalesce(o.name_en, '') AS party_en, coalesce(person.languages, '{{}}') AS languages,
       p.from_day, p.until_day, p.agreed_how, p.proposed_at, p.agreed_at, p.ended_at, p.ending, p.reason,
       visit.reference AS visit_reference, visit.starts AS visit_starts, visit.ends AS visit_ends,
       visit.own AS visit_own
FROM pairing p JOIN place ON place.id = p.place_id JOIN place AS town ON town.id = place.parent_id
LEFT JOIN person ON person.id = p.person_id LEFT JOIN organization o ON o.id = p.organization_id
LEFT JOIN LATERAL (
    SELECT a.reference, a.starts, a.ends, {_OWN} AS own FROM assignment a
    WHERE a.place_id = p.place_id AND a.kind = 'village' AND a.status IN ('open', 'closed') AND a.ends > $1
      AND p.status = 'active' ORDER BY own DESC, a.starts LIMIT 1) AS visit ON true
"""
_PLANNED = """
SELECT a.reference, a.starts, a.ends, EXISTS (
    SELECT FROM sign_up s JOIN person q ON q.id = s.person_id
    JOIN pairing p ON p.place_id = a.place_id AND p.status = 'active'
    WHERE s.assignment_id = a.id AND s.status IN ('confirmed', 'checked_in')
      AND (q.id = p.person_id OR q.organization_id = p.organization_id)) AS own
FROM assignment a JOIN place ON place.id = a.place_id
WHERE place.code = $1 AND a.kind = 'village' AND a.status IN ('open', 'closed') AND a.ends > $2
ORDER BY a.starts LIMIT $3
"""


async def of_village(place_code: str) -> list[PairingView]:
    """Return who is paired with a village today, for everybody."""
    return await _views(
        """WHERE place.code = $2 AND p.status = 'active' AND $3 BETWEEN p.from_day AND p.until_day
           ORDER BY p.kind, p.id""",
        *(place_code, clock.today()),
    )


async def planned_visits(place_code: str, limit: int = 6) -> list[Visit]:
    """Return the visits to a village that lie ahead, soonest first."""
    return [Visit(**row) for row in await database.fetch(_PLANNED, place_code, clock.now(), limit)]


async def mine(principal: Principal) -> Sequence[PairingView]:
    """Return one's own pairings and those of one's firms: what waits first, then what runs, then the latest ended."""
    firms: tuple[int, ...] = ()
    if principal.can(Permission.ORGANIZATION_SCHEDULE):
        firms = principal.scope(Permission.ORGANIZATION_SCHEDULE).organization_ids
    return await _views(
        """WHERE person.account_id = $2 OR p.organization_id = ANY ($3)
           ORDER BY array_position('{proposed,active,ended}'::text[], p.status), p.until_day DESC, p.id LIMIT 200""",
        *(principal.actor, list(firms)),
    )


async def one(principal: Principal, public_id: UUID) -> PairingView:
    """Return one pairing in the officer's places."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    for found in await _views("WHERE p.public_id = $2", public_id):
        scope.require_place(found.place_code)
        return found
    raise NotFound


async def listed(
    principal: Principal, area: str, status: PairingStatus | None, after: int | None, limit: int
) -> list[PairingView]:
    """Return the pairings below a place, the newest first."""
    principal.scope(Permission.DISPATCH_PLAN).require_place(area)
    return await _views(
        """WHERE place.code LIKE $2 || '%' AND ($3::text IS NULL OR p.status = $3) AND ($4::bigint IS NULL OR p.id < $4)
           ORDER BY p.id DESC LIMIT $5""",
        *(area, status, after, limit),
    )


async def ending_soon(principal: Principal, area: str, until: date, limit: int) -> list[PairingView]:
    """Return what runs below a place and ends by a day without a successor, soonest first."""
    principal.scope(Permission.DISPATCH_PLAN).require_place(area)
    return await _views(
        """WHERE place.code LIKE $2 || '%' AND p.status = 'active' AND p.until_day BETWEEN $3 AND $4
             AND NOT EXISTS (SELECT FROM pairing later WHERE later.place_id = p.place_id AND later.kind = p.kind
                             AND later.status = 'active' AND later.from_day > p.until_day)
           ORDER BY p.until_day, p.id LIMIT $5""",
        *(area, clock.today(), until, limit),
    )


async def _views(where: str, *values: Any) -> list[PairingView]:
    return [_view(row) for row in await database.fetch(f"{_VIEW} {where}", clock.now(), *values)]


def _view(row: database.Row) -> PairingView:
    visit = {name: row.pop(f"visit_{name}") for name in ("reference", "starts", "ends", "own")}
    stated = {"kind": PairingKind(row["kind"]), "status": PairingStatus(row["status"])}
    languages = tuple(row["languages"])
    return PairingView(
        **{**row, **stated, "languages": languages, "visit": Visit(**visit) if visit["reference"] else None}
    )
