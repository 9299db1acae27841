"""Reading one's own exceptions, those that are not over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal
from volunteers.people.exceptions.rules import ExceptionKind
from volunteers.people.queries import person_id_of


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """One exception as its person sees it; ``last`` is the last instant in it, for naming the last day."""

    public_id: UUID
    kind: ExceptionKind
    starts: datetime
    ends: datetime
    last: datetime


async def ahead(principal: Principal) -> list[ExceptionView]:
    """Return what the person said about times that are not over, the soonest first."""
    rows = await database.fetch(
        """SELECT public_id, kind, starts, ends, ends - interval '1 minute' AS last FROM availability_exception
           WHERE person_id = $1 AND ends > $2 ORDER BY starts""",
        *(await person_id_of(principal), clock.now()),
    )
    return [ExceptionView(**{**row, "kind": ExceptionKind(row["kind"])}) for row in rows]
