"""Reading why a plan sends its reader somewhere, or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.assignments.rules import Kind
from volunteers.dispatch.engine.refusals import WhyNot, why_not
from volunteers.dispatch.engine.staffing import Staffing
from volunteers.dispatch.explanations.own.rules import Reasons, reasons
from volunteers.dispatch.explanations.stored import Source, source, staffing_of, worked_out
from volunteers.dispatch.input.standing import ELSEWHERE, KEPT
from volunteers.dispatch.input.store import InputIsGone
from volunteers.people.queries import own_person_id, person_id_of


@dataclass(frozen=True, slots=True)
class ShiftView:
    """The shift that is spoken of."""

    id: int
    reference: str
    kind: Kind
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    place_code: str
    place_zh: str
    place_en: str
    green: bool


@dataclass(frozen=True, slots=True)
class OwnShift:
    """Another shift of the reader's own."""

    reference: str
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class WhyMe:
    """Why a plan sent the reader; without reasons if they came another way, or if the plan's data is gone."""

    shift: ShiftView
    role_zh: str
    role_en: str
    planned: bool
    reasons: Reasons | None


@dataclass(frozen=True, slots=True)
class WhyNotMe:
    """Why the plan in force sends the reader elsewhere or nowhere.

    Without an answer: no plan is in force for that week (``planned`` False), its data is gone (``gone``), or the plan
    knew of one of the two not yet (``known`` False). ``roles`` are the shift's positions by id; ``shifts`` the reader's
    own others.
    """

    shift: ShiftView
    planned: bool = False
    gone: bool = False
    known: bool = True
    answer: WhyNot | None = None
    roles: dict[str, tuple[str, str]] | None = None
    shifts: dict[str, OwnShift] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What can be asked about a shift; ``sign_up`` is the seat that a plan gave the reader, None if it gave none."""

    reference: str
    sign_up: UUID | None


_SHIFT = """
SELECT a.id, a.reference, a.kind, a.title_zh, a.title_en, a.starts, a.ends, place.code AS place_code,
       place.name_zh AS place_zh, place.name_en AS place_en, a.green
FROM assignment a JOIN place ON place.id = a.place_id
"""
_SEAT = """
SELECT s.position_id, s.assignment_id, s.person_id, p.role_zh, p.role_en
FROM sign_up s JOIN position p ON p.id = s.position_id WHERE s.public_id = $1 AND s.person_id = $2
"""
_SENT_BY = """
SELECT r.id AS run_id, r.public_id AS run, r.instance_sha256 AS digest, r.week_start
FROM dispatch_proposal d JOIN dispatch_run r ON r.id = d.run_id
WHERE d.position_id = $1 AND d.person_id = $2 AND d.outcome = 'sent' ORDER BY r.id DESC LIMIT 1
"""
_IN_FORCE = """
SELECT r.id AS run_id, r.public_id AS run, r.instance_sha256 AS digest, r.week_start FROM dispatch_run r
WHERE r.status = 'published' AND r.week_start = $2 AND r.covers @> codes_below($1)
"""
_OWN = """
SELECT a.reference, a.title_zh, a.title_en, a.starts, a.ends FROM assignment a WHERE a.id = $1
"""
_OWN_SIGN_UP = """
SELECT a.reference, a.title_zh, a.title_en, a.starts, a.ends FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
WHERE s.id = $1
"""


async def why_me(principal: Principal, sign_up: UUID) -> WhyMe:
    """Return why a plan gave the reader one of their own seats."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    seat = await database.fetch_one(_SEAT, sign_up, await person_id_of(principal))
    if seat is None:
        raise NotFound
    shift = await _shift("a.id = $1", seat["assignment_id"])
    sent_by = await database.fetch_one(_SENT_BY, seat["position_id"], seat["person_id"])
    found: Reasons | None = None
    if sent_by is not None:
        try:
            staffing = await staffing_of(source(sent_by))
            found = await worked_out(_reasons, staffing, seat)
        except InputIsGone:
            found = None
    return WhyMe(shift, seat["role_zh"], seat["role_en"], sent_by is not None, found)


async def why_not_me(principal: Principal, reference: str) -> WhyNotMe:
    """Return why the plan in force does not send the reader to a shift."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    person = str(await person_id_of(principal))
    shift = await _shift("a.reference = $1 AND a.status <> 'draft'", reference)
    in_force = await plan_in_force(shift)
    if in_force is None:
        return WhyNotMe(shift)
    try:
        staffing = await staffing_of(in_force)
    except InputIsGone:
        return WhyNotMe(shift, planned=True, gone=True)
    volunteers, shifts = staffing.directory.volunteers, staffing.directory.shifts
    if person not in volunteers or str(shift.id) not in shifts:
        return WhyNotMe(shift, planned=True, known=False)
    answer = await worked_out(why_not, staffing, volunteers[person], shifts[str(shift.id)])
    return WhyNotMe(
        shift,
        planned=True,
        answer=answer,
        roles=await roles_of(shift.id),
        shifts={name: await _own_shift(name) for name in _mentioned(answer)},
    )


async def plan_in_force(shift: ShiftView) -> Source | None:
    """Return the plan that holds for a shift's week and place."""
    monday = clock.week_start(clock.local(shift.starts).date())
    row = await database.fetch_one(_IN_FORCE, shift.place_code, monday)
    return source(row) if row else None


async def question_on(principal: Principal, assignment_id: int) -> Question | None:
    """Return what a volunteer can ask about a shift: why they are sent there, or why not; nothing without a plan."""
    if not principal.can(Permission.ASSIGNMENT_SIGN_UP):
        return None
    person_id = await own_person_id(principal)
    shift = await _shift("a.id = $1", assignment_id)
    if person_id is None or await plan_in_force(shift) is None:
        return None
    own = await database.fetch_one(
        "SELECT public_id, origin FROM sign_up WHERE assignment_id = $1 AND person_id = $2 AND live",
        *(assignment_id, person_id),
    )
    if own is None:
        return Question(shift.reference, None)
    return Question(shift.reference, own["public_id"]) if own["origin"] == "dispatch" else None


async def shift_named(reference: str) -> ShiftView:
    """Return a shift by its reference."""
    return await _shift("a.reference = $1", reference)


async def shift_by_id(assignment_id: int) -> ShiftView:
    """Return a shift by its id."""
    return await _shift("a.id = $1", assignment_id)


async def roles_of(assignment_id: int) -> dict[str, tuple[str, str]]:
    """Return what the positions of a shift are called, by the id that plans know them by."""
    rows = await database.fetch(
        "SELECT id, role_zh, role_en FROM position WHERE assignment_id = $1 ORDER BY number", assignment_id
    )
    return {str(row["id"]): (row["role_zh"], row["role_en"]) for row in rows}


async def _shift(condition: str, value: object) -> ShiftView:
    row = await database.fetch_one(f"{_SHIFT} WHERE {condition}", value)
    if row is None:
        raise NotFound
    return ShiftView(**{**row, "kind": Kind(row["kind"])})


def _reasons(staffing: Staffing, seat: database.Row) -> Reasons | None:
    """Return the reasons, or nothing if the input does not hold the person on the seat."""
    directory, key = staffing.directory, (str(seat["assignment_id"]), str(seat["position_id"]))
    volunteer = directory.volunteers.get(str(seat["person_id"]))
    if volunteer is None or key not in directory.positions:
        return None
    return reasons(staffing, volunteer, directory.shifts[key[0]], directory.positions[key])


def _mentioned(answer: WhyNot) -> Iterable[str]:
    """Return the reader's own shifts that the answer speaks of, as the engine names them."""
    if answer.conflict is not None:
        yield answer.conflict.shift
    if answer.exchange is not None:
        yield from {*answer.exchange.gives_up, *answer.exchange.lost}


async def _own_shift(name: str) -> OwnShift:
    """Return a shift by the engine's name for it: an assignment's id, or a seat that is kept or lies elsewhere."""
    kind, _, rest = name.rpartition(":") if name.startswith(ELSEWHERE) else ("", "", name)
    statement = _OWN_SIGN_UP if kind else _OWN
    number = rest.split(":")[1] if name.startswith(KEPT) else rest
    row = await database.fetch_one(statement, int(number))
    if row is None:
        raise NotFound
    return OwnShift(**row)
