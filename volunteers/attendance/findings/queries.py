"""Findings as the coordinator sees them, and the work that shows each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from app.core.database import Row
from app.core.errors import NotFound
from app.core.text import Message
from app.web.filters import localized
from volunteers.attendance.findings.rules import Evidence, FindingKind, FindingStatus, sentence

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class View:
    """One finding; ``own`` if it is about the reader, who then leaves it to somebody else."""

    id: int
    public_id: UUID
    kind: FindingKind
    status: FindingStatus
    evidence: Evidence
    name: str
    confirmer: str
    station_zh: str
    station_en: str
    first_seen: datetime
    reason: str
    decided_by: str
    decided_at: datetime | None
    own: bool

    def says(self) -> Message:
        """Return the sentence, in the reader's language as to names of stations."""
        return sentence(self.kind, self.evidence, self.name, self.confirmer, localized(self, "station"))


@dataclass(frozen=True, slots=True)
class Work:
    """One shift that belongs to the evidence, with the record as it stands now."""

    sign_up: UUID
    reference: str
    title_zh: str
    title_en: str
    place_zh: str
    place_en: str
    starts: datetime
    ends: datetime
    name: str
    outcome: str | None
    came: datetime | None
    went: datetime | None
    minutes: int | None
    corrections: int | None
    confirmer: str | None
    seen_in: datetime | None
    seen_out: datetime | None


_VIEW = """
SELECT f.id, f.public_id, f.kind, f.status, f.evidence::text AS evidence, coalesce(person.name, '') AS name,
       coalesce(confirmer.display_name, '') AS confirmer, station.name_zh AS station_zh,
       station.name_en AS station_en, f.first_seen, f.reason, coalesce(decider.display_name, '') AS decided_by,
       f.decided_at, coalesce(person.account_id = $2, false) OR coalesce(f.confirmer_id = $2, false) AS own
FROM finding f JOIN station ON station.id = f.station_id JOIN place ON place.id = station.place_id
LEFT JOIN person ON person.id = f.person_id LEFT JOIN account AS confirmer ON confirmer.id = f.confirmer_id
LEFT JOIN account AS decider ON decider.id = f.decided_by
WHERE place.code LIKE ANY ($1)
"""
_LISTED = f"""
{_VIEW} AND ($3 = '' OR f.status = $3) AND ($4 = '' OR f.kind = $4) AND ($5::bigint IS NULL OR f.id < $5)
ORDER BY f.id DESC LIMIT $6
"""
_WORK = """
SELECT s.public_id AS sign_up, a.reference, a.title_zh, a.title_en, place.name_zh AS place_zh,
       place.name_en AS place_en, s.starts, s.ends, person.name, t.outcome, t.arrived_at AS came, t.left_at AS went,
       t.minutes, t.corrections, account.display_name AS confirmer, i.at AS seen_in, o.at AS seen_out
FROM sign_up s JOIN assignment a ON a.id = s.assignment_id JOIN place ON place.id = a.place_id
JOIN person ON person.id = s.person_id LEFT JOIN attendance_now t ON t.sign_up_id = s.id
LEFT JOIN account ON account.id = t.confirmed_by
LEFT JOIN check_in i ON i.sign_up_id = s.id AND i.moment = 'in'
LEFT JOIN check_in o ON o.sign_up_id = s.id AND o.moment = 'out'
WHERE s.id = ANY ($1) ORDER BY s.starts, s.id LIMIT $2
"""


async def findings(
    principal: Principal, status: FindingStatus | None, kind: FindingKind | None, before: int | None, limit: int
) -> list[View]:
    """Return findings at the person's places, the latest first."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    rows = await database.fetch(
        _LISTED, scope.like_patterns(), principal.actor, status or "", kind or "", before, limit
    )
    return [_view(row) for row in rows]


async def finding(principal: Principal, public_id: UUID) -> View:
    """Return one finding at the person's places."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    row = await database.fetch_one(f"{_VIEW} AND f.public_id = $3", scope.like_patterns(), principal.actor, public_id)
    if row is None:
        raise NotFound
    return _view(row)


async def work_behind(view: View) -> list[Work]:
    """Return the shifts that show it; for who may read the finding."""
    rows = await database.fetch(_WORK, list(view.evidence.sign_ups), MOST_SHOWN)
    return [Work(**row) for row in rows]


async def count_open(principal: Principal) -> tuple[int, datetime | None]:
    """Return how many findings wait for the person's word, and since when."""
    scope = principal.scope(Permission.CREDENTIAL_VERIFY)
    row = await database.fetch_one(
        """SELECT count(*)::integer AS waiting, min(f.first_seen) AS since
           FROM finding f JOIN station ON station.id = f.station_id JOIN place ON place.id = station.place_id
           LEFT JOIN person ON person.id = f.person_id
           WHERE f.status = 'open' AND place.code LIKE ANY ($1) AND f.confirmer_id IS DISTINCT FROM $2
             AND person.account_id IS DISTINCT FROM $2""",
        *(scope.like_patterns(), principal.actor),
    )
    return (row["waiting"], row["since"]) if row else (0, None)


def _view(row: Row) -> View:
    told = {
        **row,
        "kind": FindingKind(row["kind"]),
        "status": FindingStatus(row["status"]),
        "evidence": database.decoded(row["evidence"], Evidence),
    }
    return View(**told)
