"""Slow lines on the workbench of who manages them, and adjustments for who decides them."""

from collections.abc import Sequence

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from procurement.budgets.execution.queries import slow_lines
from procurement.budgets.execution.warnings import PAGE

_WAITING = """
SELECT count(*) FROM budget_adjustment a JOIN budget_line f ON f.id = a.from_line_id
JOIN place from_place ON from_place.id = f.place_id JOIN budget_line t ON t.id = a.to_line_id
JOIN place to_place ON to_place.id = t.place_id
WHERE a.status = 'proposed' AND a.proposed_by <> $1 AND from_place.code LIKE ANY($2) AND to_place.code LIKE ANY($2)
"""


async def slow_budgets(principal: Principal) -> Sequence[Waiting]:
    """Return that lines are spent too slowly, once the year is that far."""
    scope = principal.scopes.get(Permission.BUDGET_MANAGE)
    slow = await slow_lines(scope, clock.today()) if scope else []
    if not slow:
        return []
    title = Message(N_("%(count)s 条预算行支出偏慢"), {"count": len(slow)})
    return [
        Waiting(
            Tag("wait", N_("预警")), title, N_("预算按公历年度执行，年底未支出的可能收回。"), Action(N_("看执行"), PAGE)
        ),
    ]


async def adjustments_to_approve(principal: Principal) -> Sequence[Waiting]:
    """Return how many adjustments another person proposed."""
    scope = principal.scopes.get(Permission.BUDGET_APPROVE)
    count = await database.fetch_value(_WAITING, principal.actor, scope.like_patterns()) if scope else 0
    if not count:
        return []
    title = Message(N_("%(count)s 笔预算调剂等你审批"), {"count": count})
    detail, action = N_("批准以后两条预算行同时变动。"), Action(N_("去审批"), "/buying/budgets/adjustments")
    return [Waiting(Tag("need", N_("等你处理")), title, detail, action)]
