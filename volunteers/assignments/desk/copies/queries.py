"""Reading assignments as drafts that would make them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from app.core import database
from volunteers.assignments.rules import (
    BRIEFING,
    AssignmentDraft,
    AssignmentStatus,
    Compensation,
    Kind,
    PositionDraft,
    SignUpMode,
)

_SAME = (
    *("title_zh", "title_en", "place_id", "station_id", "starts", "ends", "regulars_until"),
    *("insured", "green", "continuity"),
    *BRIEFING,
)
_DRAFTS = f"""
SELECT a.reference, a.kind, a.status, a.compensation, a.sign_up_mode, a.parties, a.east_m, a.north_m,
       place.code AS station_code, {", ".join(f"a.{name}" for name in _SAME)},
       (SELECT jsonb_agg(jsonb_build_object('role_zh', p.role_zh, 'role_en', p.role_en, 'capacity', p.capacity,
            'minimum', p.minimum, 'credentials_any', p.credentials_any, 'skills_all', p.skills_all,
            'languages_all', p.languages_all, 'gender', p.gender,
            'trainings_all', p.trainings_all) ORDER BY p.number)
        FROM position p WHERE p.assignment_id = a.id)::text AS positions
FROM assignment a JOIN station s ON s.id = a.station_id JOIN place ON place.id = s.place_id
"""
_positions = msgspec.json.Decoder(tuple[PositionDraft, ...])


@dataclass(frozen=True, slots=True)
class Original:
    """An assignment with the draft that would make it again at its own time."""

    reference: str
    station_code: str
    status: AssignmentStatus
    draft: AssignmentDraft


async def originals_at(station_id: int, first: datetime, last: datetime) -> list[Original]:
    """Return what a station has from an instant until before another, called-off ones left out."""
    rows = await database.fetch(
        f"""{_DRAFTS} WHERE a.station_id = $1 AND a.starts >= $2 AND a.starts < $3 AND a.status <> 'cancelled'
            ORDER BY a.starts, a.id LIMIT 500""",
        *(station_id, first, last),
    )
    return [_original(row) for row in rows]


async def original(reference: str) -> Original | None:
    """Return one assignment."""
    rows = await database.fetch(f"{_DRAFTS} WHERE a.reference = $1", reference)
    return _original(rows[0]) if rows else None


async def titles_at(station_id: int, starts: Sequence[datetime]) -> set[tuple[str, datetime]]:
    """Return by title and start what a station has at some instants."""
    rows = await database.fetch(
        """SELECT title_zh, starts FROM assignment
           WHERE station_id = $1 AND starts = ANY ($2) AND status <> 'cancelled'""",
        *(station_id, list(starts)),
    )
    return {(row["title_zh"], row["starts"]) for row in rows}


def _original(row: database.Row) -> Original:
    status = AssignmentStatus(row["status"])
    draft = AssignmentDraft(
        **{name: row[name] for name in _SAME},
        kind=Kind(row["kind"]),
        compensation=Compensation(row["compensation"]),
        sign_up_mode=SignUpMode(row["sign_up_mode"]),
        positions=_positions.decode(row["positions"]),
        parties=tuple(row["parties"]),
        point=(row["east_m"], row["north_m"]),
        status=AssignmentStatus.DRAFT if status is AssignmentStatus.DRAFT else AssignmentStatus.OPEN,
    )
    return Original(row["reference"], row["station_code"], status, draft)
