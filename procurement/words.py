"""What people call the states of buying and paying, and what the audit trail of its things says."""

from app.core.state import name_states
from app.core.text import N_
from app.operations.recorded import name_actions
from app.web.components import labels
from procurement.claims import wording as claims
from procurement.claims.disputes import rules as disputes
from procurement.contracts.amendments import rules as amendments
from procurement.contracts.terminations import rules as terminations
from procurement.deliveries import rules as orders
from procurement.deliveries.acceptances.rules import RECTIFICATION_NAMES
from procurement.deliveries.changes import rules as changes
from procurement.deliveries.waiting import rules as waiting
from procurement.donations import rules as donations
from procurement.donations import tags as donation_tags
from procurement.donations.unclear import rules as unclear
from procurement.frameworks import tags as frameworks
from procurement.oversight.flags import tags as flags
from procurement.purchases import rules as purchases
from procurement.purchases.approvals import wording as approvals
from procurement.purchases.tenders import wording as tenders
from procurement.settlement import wording as settlement
from procurement.settlement.repayments import rules as repayments

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
    **approvals.ACTION_NAMES,
    "framework.drawn_up": N_("拟定方案"),
    "framework.filed": N_("方案备案"),
    "framework.call_published": N_("发布征集公告"),
    "framework.in_force": N_("协议生效"),
    "framework.expired": N_("协议到期"),
    **{f"purchase_step.{kind.value}": name for kind, name in tenders.STEP_NAMES.items()},
    "tender_award.recorded": N_("登记采购结果"),
    "contract.offered": N_("购买方签署并发出"),
    "contract.signed": N_("服务机构签署"),
    "contract.declined": N_("服务机构回绝"),
    "village_order.sent_back": N_("已退回整改"),
    "village_order.put_right": N_("报告整改完成"),
    "proof.handed_in": N_("交凭证"),
    "proof.logged": N_("写服务记录"),
    "contract.published": N_("登记合同公告"),
    "contract.filed": N_("登记副本备案"),
    **{f"contract_amendment.{status.value}": name for status, name in amendments.STATUS_NAMES.items()},
    **{f"contract_termination.{status.value}": name for status, name in terminations.STATUS_NAMES.items()},
    "contract_termination.settled": N_("余款释放"),
    "contract.closing_file": N_("取走结项材料包"),
    "purchase.archived": N_("取走档案"),
    "quotation.invited": N_("邀请报价"),
    "quotation.received": N_("收到密封报价"),
    "quotation.taken_back": N_("撤回报价"),
    "quotation.unlocked": N_("保管人使用密钥"),
    "quotation.excluded": N_("不计入比较"),
    "quotation.compared": N_("比价并形成纪要"),
    "keeper_key.made": N_("生成保管密钥"),
    "keeper_key.revoked": N_("作废保管密钥"),
    "budget_line.opened": N_("建立预算行"),
    "budget_line.slow": N_("支出偏慢，已预警"),
    "budget_year.prepared": N_("提出年终结转"),
    "budget_year.closed": N_("办理年终结转"),
    "budget_adjustment.proposed": N_("申报调剂"),
    "budget_adjustment.approved": N_("批准调剂"),
    "budget_adjustment.refused": N_("退回调剂"),
    "contract.nudged": N_("服务机构催办付款"),
    "contract.nudge_answered": N_("答复催办"),
    "contract.advance_returned": N_("登记退回的预付款"),
    "review_flag.explained": N_("核查提示：已说明"),
    "review_flag.referred": N_("核查提示：已移送"),
    "audit_sample.drawn": N_("抽样"),
    "audit_sample.packed": N_("打包样本材料"),
    "audit_sample.sound": N_("样本：未见异常"),
    "audit_sample.question": N_("样本：有疑问"),
    **claims.ACTION_NAMES,
    **settlement.ACTION_NAMES,
    **donation_tags.ACTION_NAMES,
}


def give_words() -> None:
    """Tell the frame; called once at the start."""
    name_states(
        purchases.STATUS_NAMES,
        orders.STATUS_NAMES,
        RECTIFICATION_NAMES,
        amendments.STATUS_NAMES,
        terminations.STATUS_NAMES,
        tenders.CHALLENGE_NAMES,
        waiting.STATUS_NAMES,
        changes.STATUS_NAMES,
        labels(frameworks.STATUS_TAGS),
        labels(frameworks.ADMISSION_TAGS),
        approvals.STATUS_NAMES,
        labels(claims.TAGS),
        disputes.STATUS_NAMES,
        labels(settlement.TAGS),
        repayments.STATUS_NAMES,
        labels(flags.STATUS_TAGS),
        donations.GIFT_NAMES,
        donations.REFUND_NAMES,
        unclear.DECISION_NAMES,
    )
    name_actions(ACTION_NAMES)
