"""What no-shows add to the pages of assignments, to one's own, and to the workbench."""

from collections.abc import Sequence

from app.core import clock
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import localized
from app.web.slots import Fill
from volunteers.attendance.no_shows import queries
from volunteers.attendance.no_shows.queries import MyNoShow
from volunteers.people.queries import own_person_id

FOLDER = "volunteers/attendance/no_shows"


async def on_assignment(_principal: Principal, _assignment_id: int) -> Fill | None:
    """Fill ``assignment_page.aside``: the rule, before anybody signs up."""
    rule = await queries.rule_now()
    return Fill(f"{FOLDER}/before.html", {"rule": rule}) if rule else None


async def own(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_assignments.aside``: the way to what was recorded, and what follows from it."""
    rows = await queries.my_no_shows(principal)
    if not rows:
        return None
    bar = await queries.my_bar(principal)
    return Fill(f"{FOLDER}/own.html", {"standing": sum(row.standing for row in rows), "bar": bar})


async def waiting_excuses(principal: Principal) -> Sequence[Waiting]:
    """Return how many excuses wait for the station, for the workbench."""
    if not principal.can(Permission.ATTENDANCE_CONFIRM) and not principal.can(Permission.ASSIGNMENT_PUBLISH):
        return []
    count, since = await queries.count_to_answer(principal)
    if not count:
        return []
    title = Message(N_("%(count)s 份未到场的说明等你答复"), {"count": count})
    detail, action = N_("采纳的不算未到场，后果马上取消。"), Action(N_("去答复"), "/station/excuses")
    return [Waiting(Tag("need", N_("待答复")), title, detail, action, since)]


async def no_shows_to_explain(principal: Principal) -> Sequence[Waiting]:
    """Return what a volunteer may still object to."""
    if not principal.can(Permission.ASSIGNMENT_SIGN_UP) or await own_person_id(principal) is None:
        return []
    now = clock.now()
    return [_explain(row) for row in await queries.my_no_shows(principal) if row.may_object(now)]


def _explain(row: MyNoShow) -> Waiting:
    title = Message(N_("站点记了你“%(title)s”没有到场"), {"title": localized(row, "title")})
    detail = N_("有原因请在期限前说明。")
    action = Action(N_("去说明"), f"/my/no-shows/{row.public_id}")
    return Waiting(Tag("need", N_("可说明")), title, detail, action, row.excuse_until)
