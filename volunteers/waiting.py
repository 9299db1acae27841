"""What waits for a volunteer, a station and a verifying officer, for the workbench."""

from collections.abc import Sequence

from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import localized, span
from volunteers.assignments.sign_ups.queries import MySignUp, my_upcoming
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.attendance.queries import waiting_to_confirm
from volunteers.people.credentials.queries import waiting_count
from volunteers.people.queries import own_person_id

NEXT = 3


async def next_duties(principal: Principal) -> Sequence[Waiting]:
    """Return a volunteer's offers to answer and next duties; to who has the role but has not joined, the way in."""
    if not principal.can(Permission.ASSIGNMENT_SIGN_UP):
        return []
    if await own_person_id(principal) is None:
        start = Action(N_("开始"), "/join")
        return [Waiting(Tag("need", N_("未完成")), N_("完成志愿者登记"), N_("填几项资料就能报名。"), start)]
    return [_duty(row) for row in await my_upcoming(principal, NEXT)]


async def attendance_to_confirm(principal: Principal) -> Sequence[Waiting]:
    """Return how many people's attendance waits for the station."""
    if not principal.can(Permission.ATTENDANCE_CONFIRM):
        return []
    people, since = await waiting_to_confirm(principal)
    if not people:
        return []
    title = Message(N_("%(count)s 人的到场等你确认"), {"count": people})
    detail = N_("确认后才会记时长、付补贴。")
    return [Waiting(Tag("need", N_("待确认")), title, detail, Action(N_("去确认"), "/station/unconfirmed"), since)]


async def credentials_to_verify(principal: Principal) -> Sequence[Waiting]:
    """Return how many credentials wait for the officer."""
    if not principal.can(Permission.CREDENTIAL_VERIFY):
        return []
    count = await waiting_count(principal)
    if not count:
        return []
    title = Message(N_("%(count)s 份证件待核验"), {"count": count})
    detail = N_("核验后，本人才能报需要证件的岗位。")
    return [Waiting(Tag("need", N_("待核验")), title, detail, Action(N_("去核验"), "/credentials"))]


def _duty(row: MySignUp) -> Waiting:
    offered = row.status is SignUpStatus.OFFERED
    tag = Tag("need", N_("请你来")) if offered else Tag("info", N_("下次任务"), "calendar-event")
    where = f"{localized(row, 'place')} · {localized(row, 'station')}"
    action = Action(N_("答复") if offered else N_("详情"), f"/assignments/{row.reference}")
    return Waiting(tag, f"{span(row.starts, row.ends)} {localized(row, 'title')}", where, action)
