"""What waits for approvers on the workbench: their own step of purchases, and what another person proposed."""

from collections.abc import Sequence

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from procurement.purchases.approvals.authority import PAGE
from procurement.purchases.approvals.chain import CHAIN_OF
from procurement.purchases.approvals.queries import MINE, WAITING

_TAG = Tag("need", N_("等你处理"))
_MY_STEP = f"""
SELECT count(*) FROM purchase p JOIN place ON place.id = p.place_id {CHAIN_OF}
WHERE p.method || '/' || p.status = ANY($4) AND place.code LIKE ANY($3) AND {MINE}
"""
_TO_CONFIRM = """
SELECT (SELECT count(*) FROM approval_limit x JOIN place ON place.id = x.place_id
        WHERE x.status = 'proposed' AND x.proposed_by <> $1 AND place.code LIKE ANY($2))
     + (SELECT count(*) FROM approver_level x JOIN place ON place.id = x.place_id
        WHERE x.status = 'proposed' AND $1 NOT IN (x.proposed_by, x.account_id) AND place.code LIKE ANY($2))
     + (SELECT count(*) FROM approval_deputy x
        WHERE x.status = 'proposed' AND $1 NOT IN (x.proposed_by, x.deputy_id)
          AND EXISTS (SELECT FROM approver_level l JOIN place ON place.id = l.place_id
                      WHERE l.account_id = x.account_id AND place.code LIKE ANY($2)))
"""


async def purchases_to_approve(principal: Principal) -> Sequence[Waiting]:
    """Return how many purchases wait for a step that is the person's own or their principal's."""
    scope = principal.scopes.get(Permission.PURCHASE_APPROVE)
    if scope is None:
        return []
    count = await database.fetch_value(_MY_STEP, principal.actor, clock.today(), scope.like_patterns(), WAITING)
    if not count:
        return []
    title = Message(N_("%(count)s 项采购等你审批"), {"count": count})
    return [Waiting(_TAG, title, N_("预算已经预留。"), Action(N_("去审批"), "/buying/purchases/waiting"))]


async def authority_to_confirm(principal: Principal) -> Sequence[Waiting]:
    """Return how many figures, levels and deputies another person proposed."""
    scope = principal.scopes.get(Permission.PURCHASE_APPROVE)
    if scope is None:
        return []
    count = await database.fetch_value(_TO_CONFIRM, principal.actor, scope.like_patterns())
    if not count:
        return []
    title = Message(N_("%(count)s 项审批权限等你确认"), {"count": count})
    return [Waiting(_TAG, title, N_("另一人提出，须由你确认或退回。"), Action(N_("去确认"), PAGE))]
