"""Papers that end, on the workbench of the organization's members."""

from datetime import time

from app.core import clock
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import localized
from marketplace.law import warned_until
from marketplace.organizations.provision import QUALIFICATION_NAMES
from marketplace.organizations.qualifications.expiry.queries import EndingPaper, ending_papers
from marketplace.organizations.qualifications.expiry.rules import DAYS_BEFORE, consequence

SHOWN = 3


async def papers_to_renew(principal: Principal) -> list[Waiting]:
    """Return the papers of one's organizations that end within the warning period, or ended."""
    scope = principal.scopes.get(Permission.PRODUCT_WRITE)
    if scope is None or not scope.organization_ids:
        return []
    today = clock.today()
    rows = await ending_papers(scope.organization_ids, await warned_until(today), SHOWN)
    return [_waiting(row, (row.valid_until - today).days) for row in rows]


def _waiting(row: EndingPaper, days_left: int) -> Waiting:
    if days_left < 0:
        tag = Tag("need", N_("已过期"))
    else:
        tone = "need" if days_left <= min(DAYS_BEFORE) else "wait"
        tag = Tag(tone, Message(N_("还剩 %(days)s 天"), {"days": days_left}))
    return Waiting(
        tag,
        Message(QUALIFICATION_NAMES[row.kind]),
        Message(consequence(row.kind), {"organization": localized(row, "name")}),
        Action(N_("上传新证"), f"/my/organizations/{row.organization}?renew={row.id}#add-paper"),
        clock.at_local(row.valid_until, time(23, 59)),
    )
