"""One change for many assignments: each is refused or done by its own rules, all or none if so chosen."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from app.core import database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from volunteers.assignments.rules import AssignmentEvent
from volunteers.assignments.service import change_status_here, lock_seats
from volunteers.assignments.sign_ups.disruptions import cancel_here, reschedule_here, set_capacity_here

MOST = 500
DAY_MINUTES = 1440


class BulkAction(StrEnum):
    """What is done to each."""

    SHIFT = "shift"
    CAPACITY = "capacity"
    CLOSE = "close"
    REOPEN = "reopen"
    PUBLISH = "publish"
    CANCEL = "cancel"


ACTION_NAMES: Mapping[BulkAction, str] = {
    BulkAction.SHIFT: N_("改时间"),
    BulkAction.CAPACITY: N_("改名额"),
    BulkAction.PUBLISH: N_("发布草稿"),
    BulkAction.CLOSE: N_("截止报名"),
    BulkAction.REOPEN: N_("重新开放报名"),
    BulkAction.CANCEL: N_("取消"),
}


class NoneDone(DomainError):
    """All or none was asked for, and some are refused."""

    code, status, message = "none_done", 409, N_("有 %(count)s 个改不了，所以一个都没有改：%(names)s")


class NothingTicked(DomainError):
    """Nothing to do."""

    code, status, message = "nothing_ticked", 422, N_("请先勾选要改的任务。")


@dataclass(frozen=True, slots=True)
class Change:
    """What to do, with what it needs."""

    action: BulkAction
    minutes: int = 0
    number: int = 1
    capacity: int = 1
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """References of what was done, and why not for the others."""

    done: tuple[str, ...]
    refused: Mapping[str, Message] = field(default_factory=dict)


async def change_many(principal: Principal, references: Sequence[str], change: Change, *, all_or_none: bool) -> Done:
    """Do one thing to many assignments; each refusal is named, and with ``all_or_none`` it undoes the rest."""
    principal.scope(Permission.ASSIGNMENT_PUBLISH)
    wanted = list(dict.fromkeys(references))[:MOST]
    if not wanted:
        raise NothingTicked
    if change.action is BulkAction.SHIFT and not 0 < abs(change.minutes) <= 28 * DAY_MINUTES:
        raise InvalidInput({"minutes": Message(N_("请填写要提前或推后多少分钟。"))})
    done: list[str] = []
    refused: dict[str, Message] = {}
    async with transaction():
        await _lock_all(wanted)
        for reference in wanted:
            try:
                async with database.savepoint():
                    await _doing(change)(principal, reference)
                done.append(reference)
            except DomainError as refusal:
                refused[reference] = refusal.text()
        if refused and all_or_none:
            raise NoneDone(count=len(refused), names="、".join(refused))
    return Done(tuple(done), refused)


def _doing(change: Change) -> Callable[[Principal, str], Awaitable[object]]:
    """Return the use case of one assignment."""

    async def shifted(principal: Principal, reference: str) -> None:
        row = await database.fetch_one("SELECT starts, ends FROM assignment WHERE reference = $1", reference)
        if row is None:
            raise NotFound
        by = timedelta(minutes=change.minutes)
        await reschedule_here(principal, reference, row["starts"] + by, row["ends"] + by)

    async def resized(principal: Principal, reference: str) -> None:
        await set_capacity_here(principal, reference, change.number, change.capacity)

    async def cancelled(principal: Principal, reference: str) -> None:
        await cancel_here(principal, reference, change.reason)

    async def moved_on(principal: Principal, reference: str) -> None:
        await change_status_here(principal, reference, AssignmentEvent(change.action.value))

    ways = {BulkAction.SHIFT: shifted, BulkAction.CAPACITY: resized, BulkAction.CANCEL: cancelled}
    return ways.get(change.action, moved_on)


async def _lock_all(references: Sequence[str]) -> None:
    """Lock all positions, then all people on them or in line, before the first change: the order everybody keeps."""
    await lock_seats(references)
    people = await database.fetch(
        """SELECT s.person_id FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
           WHERE a.reference = ANY ($1) AND s.live
           UNION SELECT w.person_id FROM waiting_entry w JOIN position p ON p.id = w.position_id
           JOIN assignment a ON a.id = p.assignment_id WHERE a.reference = ANY ($1) AND w.status = 'waiting'""",
        list(references),
    )
    await database.locked("person", {row["person_id"] for row in people})
