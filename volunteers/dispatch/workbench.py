"""Plans that are ready wait for somebody to publish them: until then nobody is sent."""

from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Waiting
from app.web.filters import day, localized
from volunteers.dispatch import queries
from volunteers.dispatch.rules import RunKind, RunStatus
from volunteers.dispatch.tags import RUN_TAGS
from volunteers.dispatch.week import bounds_of

SHOWN = 3
READY = N_("已经算好，发布后才会通知要去的人")
WHY = {
    RunKind.CANCELLATION: N_("有人退出，补位已经排好，发布后才会通知要去的人"),
    RunKind.NIGHTLY: N_("情况有变，已经重排，发布后才会通知要去的人"),
}


async def waiting_plans(principal: Principal) -> list[Waiting]:
    """Return the plans to publish, the earliest week first; they are due when their week begins."""
    if not principal.can(Permission.DISPATCH_PUBLISH):
        return []
    return [_row(run) for run in await queries.unpublished_runs(principal, SHOWN)]


def _row(run: queries.RunView) -> Waiting:
    values = {"place": localized(run, "place"), "day": day(run.week_start)}
    return Waiting(
        RUN_TAGS[RunStatus(run.status)],
        Message(N_("%(place)s：%(day)s 那一周的排班计划"), values),
        WHY.get(run.kind, READY),
        Action(N_("去发布"), f"/dispatch/{run.public_id}"),
        bounds_of(run.week_start)[0],
    )
