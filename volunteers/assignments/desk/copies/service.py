"""Copying: first what it would make, then what of it was ticked. Nobody who was signed up is copied."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from volunteers.assignments.desk.copies import queries
from volunteers.assignments.desk.copies.queries import Original
from volunteers.assignments.rules import AssignmentDraft
from volunteers.assignments.service import Published, add_assignments

MOST_DAYS = 7


class NothingToCopy(DomainError):
    """Nothing was ticked, or all of it is there by now."""

    code, status, message = "nothing_to_copy", 409, N_("没有可以照搬的班次。请至少勾选一个。")


@dataclass(frozen=True, slots=True)
class Span:
    """Some days at a station, and the day on which the first of them comes again."""

    station_id: int
    first: date
    days: int
    to: date


@dataclass(frozen=True, slots=True)
class Copy:
    """What would be made: ``state`` is new, there (already) or past."""

    reference: str
    draft: AssignmentDraft
    state: str


async def preview(principal: Principal, span: Span) -> list[Copy]:
    """Return what copying some days would make."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    code = await database.fetch_value(
        "SELECT p.code FROM station s JOIN place p ON p.id = s.place_id WHERE s.id = $1", span.station_id
    )
    if code is None:
        raise NotFound
    scope.require_place(code)
    last = span.first + timedelta(days=min(span.days, MOST_DAYS))
    found = await queries.originals_at(span.station_id, _midnight(span.first), _midnight(last))
    return await _copies(span.station_id, found, span.to - span.first)


async def preview_one(principal: Principal, reference: str, to: date) -> list[Copy]:
    """Return what copying one assignment to another day would make."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    found = await queries.original(reference)
    if found is None:
        raise NotFound
    scope.require_place(found.station_code)
    step = to - clock.local(found.draft.starts).date()
    return await _copies(found.draft.station_id, [found], step)


async def copy_days(principal: Principal, span: Span, ticked: Collection[str]) -> list[Published]:
    """Make the ticked copies of some days; what is there by now is not made twice."""
    async with transaction():
        await _lock_station(span.station_id)
        return await _make(principal, await preview(principal, span), ticked)


async def copy_one(principal: Principal, reference: str, to: date) -> Published:
    """Make one assignment again on another day."""
    async with transaction():
        found = await queries.original(reference)
        if found is not None:
            await _lock_station(found.draft.station_id)
        return (await _make(principal, await preview_one(principal, reference, to), [reference]))[0]


async def _make(principal: Principal, copies: Sequence[Copy], ticked: Collection[str]) -> list[Published]:
    drafts = [copy.draft for copy in copies if copy.state == "new" and copy.reference in ticked]
    if not drafts:
        raise NothingToCopy
    return await add_assignments(principal, drafts)


async def _copies(station_id: int, found: Sequence[Original], step: timedelta) -> list[Copy]:
    """Hangzhou's wall clock has no summer time: days later is the same time of day."""
    moved = [_moved(one.draft, step) for one in found]
    there = await queries.titles_at(station_id, [draft.starts for draft in moved])
    return [
        Copy(one.reference, draft, _state(draft, there, clock.now())) for one, draft in zip(found, moved, strict=True)
    ]


def _moved(draft: AssignmentDraft, step: timedelta) -> AssignmentDraft:
    """The head start of the station's regulars ends as long before the copy as before the original."""
    until = draft.regulars_until and draft.regulars_until + step
    return replace(draft, starts=draft.starts + step, ends=draft.ends + step, regulars_until=until)


def _state(draft: AssignmentDraft, there: set[tuple[str, datetime]], now: datetime) -> str:
    if draft.starts <= now:
        return "past"
    return "there" if (draft.title_zh, draft.starts) in there else "new"


async def _lock_station(station_id: int) -> None:
    """Let one copy at a station at a time look at what is there: a second press makes nothing."""
    await database.fetch("SELECT pg_advisory_xact_lock(hashtext('copying'), $1::integer)", station_id % 2**31)


def _midnight(day: date) -> datetime:
    return clock.at_local(day, time.min)
