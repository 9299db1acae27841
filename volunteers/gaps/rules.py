"""Why a required seat is still empty, from facts that were counted; what can be done about it.

A cause is named only if the facts prove it. The first of them is what to mend first: what the office itself holds
back, then what nobody nearby can do, then what more sign-ups would mend.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.core import clock
from app.core.text import N_
from volunteers.assignments.rules import AssignmentStatus

USUAL_DAYS = 14
WEEK_DAYS = 7
CALL_WITHIN = timedelta(hours=72)
"""So near the start people are called one by one; the office's own practice."""


class Cause(StrEnum):
    """What keeps a seat empty."""

    NOT_PUBLISHED = "not_published"
    CLOSED = "closed"
    ASKING = "asking"
    OFFERED = "offered"
    NOBODY_LICENSED = "nobody_licensed"
    NOBODY_FITS = "nobody_fits"
    ALL_AT_LIMITS = "all_at_limits"
    ALL_BUSY = "all_busy"
    PLAN = "plan"
    NOT_DISPATCHED = "not_dispatched"
    FEW_SIGN_UPS = "few_sign_ups"


CAUSE_NAMES: Mapping[Cause, str] = {
    Cause.NOT_PUBLISHED: N_("还是草稿，没有发布"),
    Cause.CLOSED: N_("报名已截止，人还不够"),
    Cause.ASKING: N_("有人申请，还没有选"),
    Cause.OFFERED: N_("请了人，还没有答复"),
    Cause.NOBODY_LICENSED: N_("够得着的地方没有持证的人"),
    Cause.NOBODY_FITS: N_("持证的人里没有会说这里的话或有所需专长的"),
    Cause.ALL_AT_LIMITS: N_("合适的人本周都到了上限"),
    Cause.ALL_BUSY: N_("合适的人那时都有别的任务"),
    Cause.PLAN: N_("排班没有排上"),
    Cause.NOT_DISPATCHED: N_("这一周还没有排班"),
    Cause.FEW_SIGN_UPS: N_("有合适的人，但没有人报名"),
}


class Action(StrEnum):
    """What the office can do."""

    PUBLISH = "publish"
    REOPEN = "reopen"
    CHOOSE = "choose"
    CALL = "call"
    DISPATCH = "dispatch"
    BY_REQUEST = "by_request"
    CHANGE = "change"
    VERIFY = "verify"


ACTION_NAMES: Mapping[Action, str] = {
    Action.PUBLISH: N_("发布"),
    Action.REOPEN: N_("重新开放报名"),
    Action.CHOOSE: N_("去选人"),
    Action.CALL: N_("叫人顶班"),
    Action.DISPATCH: N_("去排班"),
    Action.BY_REQUEST: N_("改成先申请"),
    Action.CHANGE: N_("改时间或要求"),
    Action.VERIFY: N_("看待核验的证件"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What was counted about one gap: ``licensed`` ⊇ ``fit`` ⊇ ``free``, people within their own reach."""

    status: AssignmentStatus
    starts: datetime
    by_request: bool
    missing: int
    asking: int
    offered: int
    licensed: int
    fit: int
    at_limits: int
    free: int
    planned: bool
    plan_reason: str


def causes(facts: Facts) -> tuple[Cause, ...]:
    """Return what keeps the seat empty, what to mend first in front; never nothing."""
    found = []
    if facts.status is AssignmentStatus.DRAFT:
        found.append(Cause.NOT_PUBLISHED)
    if facts.status is AssignmentStatus.CLOSED:
        found.append(Cause.CLOSED)
    if facts.asking:
        found.append(Cause.ASKING)
    if facts.offered:
        found.append(Cause.OFFERED)
    if (people := _about_people(facts)) is not None:
        found.append(people)
    if facts.plan_reason:
        found.append(Cause.PLAN)
    elif not facts.planned and facts.status is not AssignmentStatus.DRAFT:
        found.append(Cause.NOT_DISPATCHED)
    if facts.free and not facts.asking and not facts.offered and facts.status is AssignmentStatus.OPEN:
        found.append(Cause.FEW_SIGN_UPS)
    return tuple(found) or (Cause.FEW_SIGN_UPS,)


def _about_people(facts: Facts) -> Cause | None:
    if not facts.licensed:
        return Cause.NOBODY_LICENSED
    if not facts.fit:
        return Cause.NOBODY_FITS
    if facts.at_limits == facts.fit:
        return Cause.ALL_AT_LIMITS
    return None if facts.free else Cause.ALL_BUSY


def actions(facts: Facts, now: datetime) -> tuple[Action, ...]:
    """Return what can be done about a gap, the most useful first."""
    found = []
    why = causes(facts)
    if Cause.NOT_PUBLISHED in why:
        return (Action.PUBLISH, Action.CHANGE)
    if Cause.ASKING in why:
        found.append(Action.CHOOSE)
    if Cause.CLOSED in why:
        found.append(Action.REOPEN)
    if facts.starts - now <= CALL_WITHIN and facts.free:
        found.append(Action.CALL)
    if Cause.NOT_DISPATCHED in why:
        found.append(Action.DISPATCH)
    if Cause.FEW_SIGN_UPS in why and not facts.by_request:
        found.append(Action.BY_REQUEST)
    if Cause.NOBODY_LICENSED in why:
        found.append(Action.VERIFY)
    return (*found, Action.CHANGE)


def period(week: date | None, now: datetime) -> tuple[datetime, datetime]:
    """Return the instants between which shifts are looked at: a week from its Monday, or the coming fourteen days."""
    if week is None:
        return now, clock.at_local(clock.local(now).date() + timedelta(days=USUAL_DAYS), time.min)
    begins = clock.at_local(clock.week_start(week), time.min)
    return max(now, begins), begins + timedelta(days=WEEK_DAYS)


def percent(missing: int, required: int) -> int:
    """Return the share in whole per cent; a gap is never rounded to nothing."""
    return 0 if not missing else max(1, round(100 * missing / required))
