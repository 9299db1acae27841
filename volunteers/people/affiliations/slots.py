"""What affiliations add to the profile and to the organization's workbench."""

from collections.abc import Sequence

from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.slots import Fill
from volunteers.people.affiliations import queries
from volunteers.people.affiliations.tags import TAGS
from volunteers.people.queries import own_person_id


async def on_profile(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_profile.main``: where one belongs."""
    if not principal.can(Permission.VOLUNTEER_SELF) or await own_person_id(principal) is None:
        return None
    rows = await queries.my_affiliations(principal)
    return Fill("volunteers/people/affiliations/card.html", {"latest": rows[0] if rows else None, "tags": TAGS})


async def asking_to_belong(principal: Principal) -> Sequence[Waiting]:
    """Return how many people wait for the organization's word, for the workbench."""
    if not principal.can(Permission.ORGANIZATION_SCHEDULE):
        return []
    people, since = await queries.asking_count(principal)
    if not people:
        return []
    title = Message(N_("%(count)s 人申请加入你们机构"), {"count": people})
    action = Action(N_("去答复"), "/organization/members")
    return [Waiting(Tag("need", N_("待确认")), title, N_("确认后会出现在成员排班里。"), action, since)]
