"""What people call what happens to the chain of approval."""

from app.core.text import N_
from procurement.purchases.approvals.rules import AuthorityStatus

STATUS_NAMES = {
    AuthorityStatus.PROPOSED: N_("待确认"),
    AuthorityStatus.CONFIRMED: N_("已确认"),
    AuthorityStatus.REFUSED: N_("已退回"),
}
ACTION_NAMES = {
    "purchase.step_approved": N_("批准一步"),
    "purchase.step_refused": N_("不批准"),
    "approval_limit.proposed": N_("提出限额"),
    "approval_limit.confirmed": N_("确认限额"),
    "approval_limit.refused": N_("退回限额"),
    "approver_level.proposed": N_("提出审批级别"),
    "approver_level.confirmed": N_("确认审批级别"),
    "approver_level.refused": N_("退回审批级别"),
    "approver_level.ended": N_("结束审批级别"),
    "approval_deputy.proposed": N_("提出代行人"),
    "approval_deputy.confirmed": N_("代行人生效"),
    "approval_deputy.refused": N_("退回代行人"),
    "approval_deputy.ended": N_("结束代行"),
}
