"""What waits on the workbench after a delivery: proofs to bring, deliveries to put right, acceptances that are late."""

from datetime import time, timedelta

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from procurement.deliveries.proofs.reminders import last_served_day

_NEED = Tag("need", N_("等你处理"))
_LATE = Tag("need", N_("已超期"), "exclamation-circle-fill")


async def waiting_after_deliveries(principal: Principal) -> list[Waiting]:
    """Return a row for each kind of thing."""
    found = []
    if principal.can(Permission.ORDER_ANSWER):
        found += await _of_provider(principal)
    if principal.can(Permission.DELIVERY_ACCEPT):
        found += await _of_acceptor(principal)
    return found


async def _of_provider(principal: Principal) -> list[Waiting]:
    [row] = await database.fetch(_PROVIDER, list(principal.scope(Permission.ORDER_ANSWER).organization_ids))
    found = []
    if row["unproven"]:
        title = Message(N_("%(count)s 次服务还缺凭证"), {"count": row["unproven"]})
        path = f"/orders/{row['unproven_first']}/proofs" if row["unproven"] == 1 else "/my/proofs"
        found.append(Waiting(_NEED, title, N_("交齐才能验收、付款。"), Action(N_("去交"), path)))
    if row["sent_back"]:
        title = Message(N_("%(count)s 次服务退回整改"), {"count": row["sent_back"]})
        found.append(Waiting(_NEED, title, N_("整改好了请报告。"), Action(N_("去整改"), "/my/proofs")))
    return found


async def _of_acceptor(principal: Principal) -> list[Waiting]:
    scope = principal.scope(Permission.DELIVERY_ACCEPT)
    late = clock.at_local(await last_served_day(clock.today()) + timedelta(days=1), time())
    count = await database.fetch_value(
        """SELECT count(*) FROM village_order o JOIN place ON place.id = o.place_id
           WHERE o.status = 'delivered' AND o.wished_start < $2 AND place.code LIKE ANY($1)""",
        *(scope.like_patterns(), late),
    )
    title = Message(N_("%(count)s 项验收已过期限"), {"count": count})
    overdue = Waiting(_LATE, title, N_("机构等着结算。"), Action(N_("去验收"), "/buying/acceptance"))
    return [overdue] if count else []


_PROVIDER = """
SELECT count(*) FILTER (WHERE missing.any) AS unproven, min(o.reference) FILTER (WHERE missing.any) AS unproven_first,
       count(*) FILTER (WHERE t.status = 'asked') AS sent_back
FROM village_order o JOIN contract c ON c.id = o.contract_id
LEFT JOIN rectification t ON t.village_order_id = o.id AND t.status <> 'judged'
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM proofs_of(ARRAY[o.id]) WHERE present < needed) AS any) AS missing
WHERE o.status = 'delivered' AND c.organization_id = ANY($1)
"""
