"""What people call the states of buying and paying, and what the audit trail of its things says."""

from app.core.state import name_states
from app.core.text import N_
from app.operations.recorded import name_actions
from app.web.components import labels
from procurement.claims import wording as claims
from procurement.contracts.amendments import rules as amendments
from procurement.contracts.terminations import rules as terminations
from procurement.deliveries import rules as orders
from procurement.frameworks import tags as frameworks
from procurement.purchases import rules as purchases
from procurement.purchases.tenders import wording as tenders
from procurement.settlement import wording as settlement

ACTION_NAMES = {
    **{f"purchase.{status.value}": name for status, name in purchases.STATUS_NAMES.items()},
    **{f"village_order.{status.value}": name for status, name in orders.STATUS_NAMES.items()},
    "purchase.requested": N_("申请并预留预算"),
    "framework.drawn_up": N_("拟定方案"),
    "framework.filed": N_("方案备案"),
    "framework.call_published": N_("发布征集公告"),
    "framework.in_force": N_("协议生效"),
    "framework.expired": N_("协议到期"),
    **{f"purchase_step.{kind.value}": name for kind, name in tenders.STEP_NAMES.items()},
    "contract.offered": N_("购买方签署并发出"),
    "contract.signed": N_("服务机构签署"),
    "contract.declined": N_("服务机构回绝"),
    "contract.published": N_("登记合同公告"),
    "contract.filed": N_("登记副本备案"),
    **{f"contract_amendment.{status.value}": name for status, name in amendments.STATUS_NAMES.items()},
    **{f"contract_termination.{status.value}": name for status, name in terminations.STATUS_NAMES.items()},
    "contract_termination.settled": N_("余款释放"),
    "budget_line.opened": N_("建立预算行"),
    **claims.ACTION_NAMES,
    **settlement.ACTION_NAMES,
}


def give_words() -> None:
    """Tell the frame; called once at the start."""
    name_states(
        purchases.STATUS_NAMES,
        orders.STATUS_NAMES,
        amendments.STATUS_NAMES,
        terminations.STATUS_NAMES,
        labels(frameworks.STATUS_TAGS),
        labels(frameworks.ADMISSION_TAGS),
        labels(claims.TAGS),
        labels(settlement.TAGS),
    )
    name_actions(ACTION_NAMES)
