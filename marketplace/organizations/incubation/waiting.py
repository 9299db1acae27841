"""What of incubation waits for a person: an application, milestones to confirm, a mentor's organizations."""

from app.core import database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting

_NEED = Tag("need", N_("等你处理"))


async def waiting_incubations(principal: Principal) -> list[Waiting]:
    """Return one row for applications and one for milestones, for officers and mentors."""
    scope = principal.scopes.get(Permission.ORGANIZATION_VERIFY)
    if not principal.signed_in:
        return []
    row = await database.fetch_one(
        """SELECT count(*) FILTER (WHERE i.status = 'applied' AND mine) AS applied,
                  count(*) FILTER (WHERE mentored AND EXISTS (
                      SELECT FROM incubation_milestone m WHERE m.incubation_id = i.id AND m.confirmed_at IS NULL))
                      AS stated
           FROM (SELECT i.id, i.status, i.mentor_id = $2 AS mentored, place.code LIKE ANY($1) AS mine
                 FROM incubation i JOIN organization o ON o.id = i.organization_id
                 JOIN place ON place.id = o.place_id WHERE i.status NOT IN ('graduated', 'refused', 'left')) AS i""",
        *(scope.like_patterns() if scope else [], principal.account_id),
    )
    found = []
    if row and row["applied"]:
        said = Message(N_("%(count)s 家机构申请孵化"), {"count": row["applied"]})
        found.append(Waiting(_NEED, said, N_("指定导师后入壳。"), Action(N_("去办理"), "/review/incubation")))
    if row and row["stated"]:
        said = Message(N_("%(count)s 家孵化机构有里程碑等你确认"), {"count": row["stated"]})
        found.append(Waiting(_NEED, said, N_("核对证明后确认。"), Action(N_("去确认"), "/mentoring")))
    return found
