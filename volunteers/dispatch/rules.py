"""How a dispatch run moves."""

from datetime import timedelta
from enum import StrEnum


class RunStatus(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    SOLVING = "solving"
    SOLVED = "solved"
    APPROVED = "approved"
    PUBLISHED = "published"
    FAILED = "failed"
    SUPERSEDED = "superseded"


class RunKind(StrEnum):
    """Why a run was made: by the clock, for a seat that came free, by hand, to ask what would be."""

    WEEKLY = "weekly"
    NIGHTLY = "nightly"
    CANCELLATION = "cancellation"
    BY_HAND = "by_hand"
    WHAT_IF = "what_if"


class RunEvent(StrEnum):
    """What happens to a run."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    APPROVE = "approve"
    REOPEN = "reopen"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"


S, E = RunStatus, RunEvent
TRANSITIONS: dict[tuple[RunStatus, RunEvent], RunStatus] = {
    (S.QUEUED, E.START): S.SOLVING,
    # A worker that died left the run so; the next attempt takes it over under a higher fence.
    (S.SOLVING, E.START): S.SOLVING,
    (S.SOLVING, E.FINISH): S.SOLVED,
    (S.SOLVING, E.FAIL): S.FAILED,
    (S.SOLVED, E.APPROVE): S.APPROVED,
    (S.SOLVED, E.SUPERSEDE): S.SUPERSEDED,
    # What is changed has to be looked at again.
    (S.APPROVED, E.REOPEN): S.SOLVED,
    (S.APPROVED, E.PUBLISH): S.PUBLISHED,
    (S.APPROVED, E.SUPERSEDE): S.SUPERSEDED,
    # Another plan of the same place, or of one above or below, was published for the week.
    (S.PUBLISHED, E.SUPERSEDE): S.SUPERSEDED,
}

STALE = timedelta(seconds=30)
"""How long nothing may be heard of a worker before another takes its run over."""

UNPUBLISHED = (RunStatus.SOLVED, RunStatus.APPROVED)
"""A plan is there, and nobody has been sent anywhere by it."""

REPLANS = (RunKind.NIGHTLY, RunKind.CANCELLATION)
"""What is made because something changed."""

URGENT = (RunKind.CANCELLATION, RunKind.BY_HAND, RunKind.WHAT_IF)
"""What somebody waits for: solved before what the clock asked for, and beside it."""
