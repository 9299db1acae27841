"""Reading why the seats of a shift are empty in a plan, and what would fill them; numbers of people, never who."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Principal
from app.core.errors import NotFound
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.dispatch import queries as plans
from volunteers.dispatch.engine.fillings import FillingKind, fillings
from volunteers.dispatch.engine.funnel import Funnel, funnel
from volunteers.dispatch.engine.instance import Shift
from volunteers.dispatch.engine.staffing import Staffing
from volunteers.dispatch.explanations.own.queries import ShiftView, plan_in_force, shift_named
from volunteers.dispatch.explanations.stored import Source, source_of, staffing_of, worked_out
from volunteers.dispatch.input.store import InputIsGone


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that would fill the seat: people, metres, minutes or shifts more, or another time.

    ``joining``: how many others would come as well, for the shift to take place.
    """

    kind: FillingKind
    amount: int
    starts: datetime | None
    joining: int


@dataclass(frozen=True, slots=True)
class SeatView:
    """A position with empty seats in the plan, whose shift takes place or not; ``free`` seats are still free now."""

    number: int
    role_zh: str
    role_en: str
    credentials_any: tuple[str, ...]
    empty: int
    free: int
    held: bool
    funnel: Funnel
    steps: tuple[Step, ...]
    blocked_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EmptySeats:
    """What a plan says of a shift's empty seats; no plan, its data gone, or the shift not known to it: no seats."""

    shift: ShiftView
    run: UUID | None = None
    gone: bool = False
    known: bool = True
    seats: tuple[SeatView, ...] = ()


async def on_station_shift(principal: Principal, reference: str) -> EmptySeats:
    """Return why seats are empty in the plan in force, for those who answer for the shift's station."""
    code = await database.fetch_value(
        """SELECT place.code FROM assignment a JOIN station ON station.id = a.station_id
           JOIN place ON place.id = station.place_id WHERE a.reference = $1""",
        reference,
    )
    if code is None:
        raise NotFound
    station_scope(principal).require_place(code)
    shift = await shift_named(reference)
    found = await plan_in_force(shift)
    return await _explained(shift, found) if found else EmptySeats(shift)


async def in_run(principal: Principal, run: UUID, reference: str) -> EmptySeats:
    """Return why seats are empty in a plan, published or not, for its planner."""
    view = await plans.run_view(principal, run)
    shift = await shift_named(reference)
    if not shift.place_code.startswith(view.place_code):
        raise NotFound
    return await _explained(shift, await source_of(run))


async def has_gap(assignment_id: int) -> bool:
    """Tell whether a plan in force leaves a seat of a shift empty."""
    return bool(
        await database.fetch_value(
            """SELECT EXISTS (SELECT FROM dispatch_gap g JOIN dispatch_run r ON r.id = g.run_id
                              JOIN position p ON p.id = g.position_id
                              WHERE p.assignment_id = $1 AND r.status = 'published')""",
            assignment_id,
        )
    )


async def _explained(shift: ShiftView, given: Source) -> EmptySeats:
    try:
        staffing = await staffing_of(given)
    except InputIsGone:
        return EmptySeats(shift, given.run, gone=True)
    planned = staffing.directory.shifts.get(str(shift.id))
    if planned is None:
        return EmptySeats(shift, given.run, known=False)
    rows = await database.fetch(
        """SELECT id, number, role_zh, role_en, credentials_any, capacity - booked AS free FROM position
           WHERE assignment_id = $1 ORDER BY number""",
        shift.id,
    )
    seats = await worked_out(_seats, staffing, planned, {str(row["id"]): row for row in rows}, given)
    return EmptySeats(shift, given.run, seats=seats)


def _seats(staffing: Staffing, shift: Shift, rows: dict[str, database.Row], given: Source) -> tuple[SeatView, ...]:
    views = []
    for position in shift.positions:
        empty = staffing.open_seats(shift, position)
        row = rows.get(position.id)
        if empty <= 0 or row is None:
            continue
        found = fillings(staffing, shift, position)
        steps = tuple(
            Step(
                filling.kind,
                filling.amount,
                given.instant(shift.start + filling.amount) if filling.kind is FillingKind.MOVED else None,
                filling.joining,
            )
            for filling in found.fillings
        )
        views.append(
            SeatView(
                row["number"],
                row["role_zh"],
                row["role_en"],
                tuple(row["credentials_any"]),
                empty,
                max(0, row["free"]),
                not any(staffing.lacking(shift)),
                funnel(staffing, shift, position),
                steps,
                tuple((rows[name]["role_zh"], rows[name]["role_en"]) for name in found.blocked_by if name in rows),
            )
        )
    return tuple(views)
