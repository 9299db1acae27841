"""What people call the states of buying and paying, and what the audit trail of its things says."""

from app.core.state import name_states
from app.core.text import N_
from app.operations.recorded import name_actions
from app.web.components import labels
from procurement.claims import wording as claims
from procurement.deliveries import rules as orders
from procurement.frameworks import tags as frameworks
from procurement.purchases import rules as purchases
from procurement.purchases.approvals import wording as approvals
from procurement.settlement import wording as settlement

ACTION_NAMES = {
    **{f"purchase.{status.value}": name for status, name in purchases.STATUS_NAMES.items()},
    **{f"village_order.{status.value}": name for status, name in orders.STATUS_NAMES.items()},
    "purchase.requested": N_("申请并预留预算"),
    **approvals.ACTION_NAMES,
    "framework.drawn_up": N_("拟定方案"),
    "framework.filed": N_("方案备案"),
    "framework.call_published": N_("发布征集公告"),
    "framework.in_force": N_("协议生效"),
    "framework.expired": N_("协议到期"),
    "contract.offered": N_("购买方签署并发出"),
    "contract.signed": N_("服务机构签署"),
    "contract.declined": N_("服务机构回绝"),
    "budget_line.opened": N_("建立预算行"),
    "budget_line.slow": N_("支出偏慢，已预警"),
    "budget_adjustment.proposed": N_("申报调剂"),
    "budget_adjustment.approved": N_("批准调剂"),
    "budget_adjustment.refused": N_("退回调剂"),
    **claims.ACTION_NAMES,
    **settlement.ACTION_NAMES,
}


def give_words() -> None:
    """Tell the frame; called once at the start."""
    name_states(
        purchases.STATUS_NAMES,
        orders.STATUS_NAMES,
        labels(frameworks.STATUS_TAGS),
        labels(frameworks.ADMISSION_TAGS),
        approvals.STATUS_NAMES,
        labels(claims.TAGS),
        labels(settlement.TAGS),
    )
    name_actions(ACTION_NAMES)
