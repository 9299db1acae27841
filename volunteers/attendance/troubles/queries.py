"""Reports as the person sees their own, and as the coordinator sees those of the place."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.attendance.troubles.rules import TroubleKind, TroubleStatus
from volunteers.people.queries import person_id_of


@dataclass(frozen=True, slots=True)
class View:
    """One report with the shift that it is about."""

    id: int
    public_id: UUID
    kind: TroubleKind
    words: str
    status: TroubleStatus
    reported_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    reference: str
    title_zh: str
    title_en: str
    station_zh: str
    station_en: str
    station_phone: str
    starts: datetime
    ends: datetime
    name: str


@dataclass(frozen=True, slots=True)
class OwnShift:
    """The shift somebody reports about, with what they reported so far."""

    sign_up: UUID
    reference: str
    title_zh: str
    title_en: str
    station_zh: str
    station_en: str
    station_phone: str
    starts: datetime
    ends: datetime
    reports: tuple[View, ...]


_FROM = """
FROM trouble t JOIN sign_up s ON s.id = t.sign_up_id JOIN person ON person.id = s.person_id
JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
JOIN place ON place.id = station.place_id LEFT JOIN account ON account.id = t.answered_by
"""
_VIEW = f"""
SELECT t.id, t.public_id, t.kind, t.said AS words, t.status, t.reported_at, t.answer,
       coalesce(account.display_name, '') AS answered_by, t.answered_at, a.reference, a.title_zh, a.title_en,
       station.name_zh AS station_zh, station.name_en AS station_en, station.phone AS station_phone, s.starts, s.ends,
       person.name {_FROM}
"""
_OWN = """
SELECT s.public_id AS sign_up, a.reference, a.title_zh, a.title_en, station.name_zh AS station_zh,
       station.name_en AS station_en, station.phone AS station_phone, s.starts, s.ends
FROM sign_up s JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
WHERE s.public_id = $1 AND s.person_id = $2 AND s.status NOT IN ('offered', 'withdrawn', 'released')
"""


async def own_shift(principal: Principal, sign_up: UUID) -> OwnShift:
    """Return one's own shift with one's reports about it."""
    row = await database.fetch_one(_OWN, sign_up, await person_id_of(principal))
    if row is None:
        raise NotFound
    reports = await database.fetch(f"{_VIEW} WHERE s.public_id = $1 ORDER BY t.id DESC", sign_up)
    return OwnShift(**row, reports=tuple(_view(one) for one in reports))


async def troubles(principal: Principal, status: TroubleStatus | None, before: int | None, limit: int) -> list[View]:
    """Return the reports of the officer's places, the latest first."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    rows = await database.fetch(
        f"""{_VIEW} WHERE place.code LIKE ANY ($1) AND ($2 = '' OR t.status = $2)
            AND ($3::bigint IS NULL OR t.id < $3) ORDER BY t.id DESC LIMIT $4""",
        *(scope.like_patterns(), status or "", before, limit),
    )
    return [_view(row) for row in rows]


async def trouble(principal: Principal, public_id: UUID) -> View:
    """Return one report of the officer's places."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    row = await database.fetch_one(
        f"{_VIEW} WHERE place.code LIKE ANY ($1) AND t.public_id = $2", scope.like_patterns(), public_id
    )
    if row is None:
        raise NotFound
    return _view(row)


async def count_open(principal: Principal) -> tuple[int, datetime | None]:
    """Return how many reports wait for the officer, and since when."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    row = await database.fetch_one(
        f"""SELECT count(*)::integer AS waiting, min(t.reported_at) AS since {_FROM}
            WHERE place.code LIKE ANY ($1) AND t.status = 'open'""",
        scope.like_patterns(),
    )
    return (row["waiting"], row["since"]) if row else (0, None)


def _view(row: database.Row) -> View:
    return View(**{**row, "kind": TroubleKind(row["kind"]), "status": TroubleStatus(row["status"])})
