"""What waits to be exported, and what was."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import database
from app.core.access import Principal
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.hours.exports.rules import Encoding
from volunteers.hours.exports.service import PENDING


@dataclass(frozen=True, slots=True)
class Pending:
    """How many records the platform lacks, and how many of those it has were corrected since."""

    new: int
    corrections: int


@dataclass(frozen=True, slots=True)
class Run:
    """One file."""

    id: int
    public_id: UUID
    from_day: date
    until_day: date
    encoding: Encoding
    full_numbers: bool
    made_at: datetime
    made_by: str
    new: int
    corrections: int


async def pending(principal: Principal, first: date, last: date) -> Pending:
    """Return what a run over some days would take."""
    row = await database.fetch_one(
        f"""SELECT (count(*) FILTER (WHERE sent.number IS NULL))::integer AS new,
                   (count(*) FILTER (WHERE sent.number IS NOT NULL))::integer AS corrections {PENDING}""",
        *(station_scope(principal).like_patterns(), first, last),
    )
    return Pending(**row) if row else Pending(0, 0)


async def runs(principal: Principal, before: int | None, limit: int) -> list[Run]:
    """Return the runs that hold nothing but records of one's own places, the newest first."""
    rows = await database.fetch(
        """SELECT e.id, e.public_id, e.from_day, e.until_day, e.encoding, e.full_numbers, e.made_at,
                  account.display_name AS made_by, held.new, held.corrections
           FROM hours_export e JOIN account ON account.id = e.made_by
           CROSS JOIN LATERAL (
               SELECT (count(*) FILTER (WHERE r.number = 1))::integer AS new,
                      (count(*) FILTER (WHERE r.number > 1))::integer AS corrections,
                      coalesce(bool_and(at.code LIKE ANY ($1)), false) AS own
               FROM hours_export_row r JOIN attendance t ON t.id = r.attendance_id JOIN sign_up s ON s.id = t.sign_up_id
               JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
               JOIN place AS at ON at.id = station.place_id WHERE r.export_id = e.id) AS held
           WHERE held.own AND ($2::bigint IS NULL OR e.id < $2) ORDER BY e.id DESC LIMIT $3""",
        *(station_scope(principal).like_patterns(), before, limit),
    )
    return [Run(**{**row, "encoding": Encoding(row["encoding"])}) for row in rows]
