"""What changes of time add to an order's page and to the workbench."""

from collections.abc import Sequence

from app.core import database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.forms import Form
from app.web.slots import Fill
from procurement.deliveries.changes import queries
from procurement.deliveries.changes.rules import MOVABLE, STATUS_NAMES, Side
from procurement.deliveries.forms import ChangeForm


async def on_order(principal: Principal, order_id: int) -> Fill | None:
    """Fill ``order_page.main``: propose another time, or answer."""
    times = await queries.times_of(principal, order_id)
    if times is None or (times.status not in MOVABLE and not times.proposals):
        return None
    context = {
        "times": times,
        "movable": times.status in MOVABLE,
        "form": Form.empty(ChangeForm, wished_start=times.wished_start),
        "status_names": STATUS_NAMES,
    }
    return Fill("procurement/deliveries/changes.html", context)


async def changes_to_answer(principal: Principal) -> Sequence[Waiting]:
    """Return the proposals that wait for the person's side, for the workbench."""
    village, provider = (
        principal.scopes.get(Permission.ORDER_PLACE),
        principal.scopes.get(Permission.ORDER_ANSWER),
    )
    if village is None and provider is None:
        return []
    rows = await database.fetch(
        _WAITING,
        *(principal.account_id, village.like_patterns() if village else []),
        *(list(provider.organization_ids) if provider else [], Side.PROVIDER, Side.VILLAGE),
    )
    return [
        Waiting(
            Tag("need", N_("等你处理")),
            Message(N_("“%(title)s”想改期"), {"title": row["title_zh"]}),
            N_("同意以后任务和要来的人一起改。"),
            Action(N_("去答复"), f"/orders/{row['reference']}"),
        )
        for row in rows
    ]


_WAITING = """
SELECT o.reference, v.title_zh FROM order_change h JOIN village_order o ON o.id = h.village_order_id
JOIN contract c ON c.id = o.contract_id JOIN place ON place.id = o.place_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
WHERE h.status = 'proposed' AND h.proposed_by <> $1
  AND (h.side = $4 AND place.code LIKE ANY($2) OR h.side = $5 AND c.organization_id = ANY($3))
ORDER BY o.wished_start, h.id LIMIT 10
"""
