"""What may be locked, and which locks the next plan can still keep."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from app.core.errors import DomainError
from app.core.text import N_
from volunteers.dispatch.engine.conflicts import clash, exceeded_limits
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.instance import Assignment, Instance, Shift
from volunteers.dispatch.engine.validation import standing_pins


class NothingToLock(DomainError):
    """The plan has nobody there."""

    code, status, message = "nothing_to_lock", 409, N_("这个计划里没有可以锁定的安排。")


class AlreadyLocked(DomainError):
    """One lock is enough."""

    code, status, message = "already_locked", 409, N_("已经锁定了。要按新的计划锁，请先解锁。")


class ReasonForLockMissing(DomainError):
    """Whoever plans the week next wants to know why."""

    code, status, message = "reason_for_lock_missing", 422, N_("请写一句为什么锁定。")


def fitting(instance: Instance, locked: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """Return the locked rows that the week still allows beside what is pinned, each weighed after those before it.

    Somebody may have stepped back or signed up elsewhere since; a lock never makes a week contradict itself.
    """
    directory = Directory.of(instance)
    theirs: dict[str, list[Shift]] = defaultdict(list)
    seated: Counter[tuple[str, str]] = Counter()
    for _, row in standing_pins(instance, directory):
        theirs[row.volunteer].append(directory.shifts[row.shift])
        seated[row.shift, row.position] += 1
    kept = []
    for row in locked:
        if _fits(instance, directory, row, theirs[row.volunteer], seated[row.shift, row.position]):
            kept.append(row)
            theirs[row.volunteer].append(directory.shifts[row.shift])
            seated[row.shift, row.position] += 1
    return tuple(kept)


def _fits(instance: Instance, directory: Directory, row: Assignment, theirs: list[Shift], seated: int) -> bool:
    person, position = directory.volunteers.get(row.volunteer), directory.positions.get((row.shift, row.position))
    if person is None or position is None or seated >= position.max:
        return False
    shift = directory.shifts[row.shift]
    if directory.refusal(person, shift, position) or exceeded_limits(person, [*theirs, shift]):
        return False
    return not any(clash(instance.rules, directory, shift, other) for other in theirs)
