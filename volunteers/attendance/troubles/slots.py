"""What reports add to the page of the day and to the workbench."""

from collections.abc import Sequence

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.slots import Fill
from volunteers.attendance.troubles.queries import count_open
from volunteers.attendance.troubles.rules import may_report


async def on_day(_principal: Principal, sign_up_id: int) -> Fill | None:
    """Fill ``day_page.aside``: the way to say that the station is closed or unsafe, while it may be said."""
    row = await database.fetch_one("SELECT public_id, starts, ends FROM sign_up WHERE id = $1", sign_up_id)
    if row is None or not may_report(row["starts"], row["ends"], clock.now()):
        return None
    return Fill("volunteers/attendance/troubles/on_day.html", {"sign_up": row["public_id"]})


async def waiting_troubles(principal: Principal) -> Sequence[Waiting]:
    """Return how many reports wait for the coordinator, for the workbench."""
    if not principal.can(Permission.CREDENTIAL_VERIFY):
        return []
    count, since = await count_open(principal)
    if not count:
        return []
    title = Message(N_("%(count)s 条站点情况等你处理"), {"count": count})
    detail, action = N_("有人到了站点，没开门、没人接待或不安全。"), Action(N_("去处理"), "/troubles")
    return [Waiting(Tag("need", N_("待处理")), title, detail, action, since)]
