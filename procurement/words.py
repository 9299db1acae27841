"""What people call the states of buying and paying, and what the audit trail of its things says."""

from app.core.state import name_states
from app.core.text import N_
from app.operations.recorded import name_actions
from app.web.components import labels
from procurement.claims import wording as claims
from procurement.deliveries import rules as orders
from procurement.deliveries.changes import rules as changes
from procurement.deliveries.waiting import rules as waiting
from procurement.frameworks import tags as frameworks
from procurement.purchases import rules as purchases
from procurement.settlement import wording as settlement

ACTION_NAMES = {
    **{f"purchase.{status.value}": name for status, name in purchases.STATUS_NAMES.items()},
    **{f"village_order.{status.value}": name for status, name in orders.STATUS_NAMES.items()},
    **{f"village_wait.{status.value}": name for status, name in waiting.STATUS_NAMES.items()},
    "village_hours.stated": N_("登记方便的时段"),
    "village_order.change_proposed": N_("提议改期"),
    "village_order.change_agreed": N_("同意改期"),
    "village_order.change_refused": N_("不同意改期"),
    "village_order.change_withdrawn": N_("收回改期"),
    "village_order.change_lapsed": N_("改期没有答复"),
    "village_order.rated": N_("村社评单"),
    "purchase.requested": N_("申请并预留预算"),
    "framework.drawn_up": N_("拟定方案"),
    "framework.filed": N_("方案备案"),
    "framework.call_published": N_("发布征集公告"),
    "framework.in_force": N_("协议生效"),
    "framework.expired": N_("协议到期"),
    "contract.offered": N_("购买方签署并发出"),
    "contract.signed": N_("服务机构签署"),
    "contract.declined": N_("服务机构回绝"),
    "budget_line.opened": N_("建立预算行"),
    **claims.ACTION_NAMES,
    **settlement.ACTION_NAMES,
}


def give_words() -> None:
    """Tell the frame; called once at the start."""
    name_states(
        purchases.STATUS_NAMES,
        orders.STATUS_NAMES,
        waiting.STATUS_NAMES,
        changes.STATUS_NAMES,
        labels(frameworks.STATUS_TAGS),
        labels(frameworks.ADMISSION_TAGS),
        labels(claims.TAGS),
        labels(settlement.TAGS),
    )
    name_actions(ACTION_NAMES)
