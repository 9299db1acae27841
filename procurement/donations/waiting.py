"""Donations on the workbench: what a second person decides, and what needs a look."""

from collections.abc import Sequence

from app.core import database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from procurement.donations.events.queries import failed
from procurement.donations.funds.queries import EVERYWHERE
from procurement.donations.unclear.queries import matters

_TO_DECIDE = """
SELECT (SELECT count(*) FROM gift_refund r JOIN gift ON gift.id = r.gift_id JOIN donation_fund f ON f.id = gift.fund_id
        JOIN place ON place.id = f.place_id
        WHERE r.status = 'proposed' AND r.proposed_by <> $1 AND place.code LIKE ANY ($2))
     + (SELECT count(*) FROM fund_use u JOIN donation_fund f ON f.id = u.fund_id JOIN place ON place.id = f.place_id
        WHERE u.status = 'proposed' AND u.proposed_by <> $1 AND place.code LIKE ANY ($2))
"""
_UNCLEAR_TO_DECIDE = f"""
SELECT count(*) FROM unclear_decision d WHERE d.status = 'proposed' AND d.proposed_by <> $1
  AND {EVERYWHERE.format("$2")}
"""


async def donations_to_decide(principal: Principal) -> Sequence[Waiting]:
    """Return how many refunds and uses another person proposed."""
    scope = principal.scopes.get(Permission.DONATION_APPROVE)
    count = await database.fetch_value(_TO_DECIDE, principal.actor, scope.like_patterns()) if scope else 0
    if not count:
        return []
    title = Message(N_("%(count)s 笔捐赠退款或支出等你审批"), {"count": count})
    return [
        Waiting(Tag("need", N_("等你处理")), title, N_("批准后立即执行并记账。"), Action(N_("去审批"), "/donations"))
    ]


async def events_that_failed(principal: Principal) -> Sequence[Waiting]:
    """Return how many events could not be handled."""
    scope = principal.scopes.get(Permission.DONATION_MANAGE)
    count = await failed(scope.like_patterns()) if scope else 0
    if not count:
        return []
    title = Message(N_("%(count)s 条支付平台通知没有处理成功"), {"count": count})
    action = Action(N_("去看"), "/donations/events?status=failed")
    return [Waiting(Tag("wait", N_("处理失败")), title, N_("系统会自动再试，也可以手动重新处理。"), action)]


async def unclear_money(principal: Principal) -> Sequence[Waiting]:
    """Return what a second person decides about unclear money, and how much nobody has explained yet."""
    return [*await _to_decide(principal), *await _unexplained(principal)]


async def _to_decide(principal: Principal) -> Sequence[Waiting]:
    scope = principal.scopes.get(Permission.DONATION_APPROVE)
    count = await database.fetch_value(_UNCLEAR_TO_DECIDE, principal.actor, scope.like_patterns()) if scope else 0
    if not count:
        return []
    title = Message(N_("%(count)s 笔待查款项的处理等你审批"), {"count": count})
    action = Action(N_("去审批"), "/donations/unclear")
    return [Waiting(Tag("need", N_("等你处理")), title, N_("批准后立即记账。"), action)]


async def _unexplained(principal: Principal) -> Sequence[Waiting]:
    wanted = Permission.DONATION_MANAGE in principal.scopes
    count = sum(not one.waiting for one in await matters(principal)) if wanted else 0
    if not count:
        return []
    title = Message(N_("支付平台有 %(count)s 笔待查款项"), {"count": count})
    action = Action(N_("去看"), "/donations/unclear")
    return [Waiting(Tag("wait", N_("待查")), title, N_("查明后写明理由，由另一人审批。"), action)]
