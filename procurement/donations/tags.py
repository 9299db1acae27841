"""How gifts, refunds, uses and events look."""

from app.core.text import N_
from app.web.components import Tag
from procurement.donations.rules import GIFT_NAMES, REFUND_NAMES, GiftStatus, RefundStatus
from procurement.donations.unclear.rules import DECISION_NAMES, DecisionStatus

GIFT_TAGS = {
    GiftStatus.STARTED: Tag("wait", GIFT_NAMES[GiftStatus.STARTED]),
    GiftStatus.PROCESSING: Tag("wait", GIFT_NAMES[GiftStatus.PROCESSING]),
    GiftStatus.FAILED: Tag("need", GIFT_NAMES[GiftStatus.FAILED]),
    GiftStatus.EXPIRED: Tag("off", GIFT_NAMES[GiftStatus.EXPIRED]),
    GiftStatus.GIVEN: Tag("done", GIFT_NAMES[GiftStatus.GIVEN]),
}
REFUND_TAGS = {
    RefundStatus.PROPOSED: Tag("need", REFUND_NAMES[RefundStatus.PROPOSED]),
    RefundStatus.APPROVED: Tag("wait", REFUND_NAMES[RefundStatus.APPROVED]),
    RefundStatus.SENT: Tag("wait", REFUND_NAMES[RefundStatus.SENT]),
    RefundStatus.SUCCEEDED: Tag("done", REFUND_NAMES[RefundStatus.SUCCEEDED]),
    RefundStatus.FAILED: Tag("need", REFUND_NAMES[RefundStatus.FAILED]),
    RefundStatus.DECLINED: Tag("off", REFUND_NAMES[RefundStatus.DECLINED]),
}
USE_TAGS = {
    "proposed": Tag("need", N_("待审批")),
    "approved": Tag("done", N_("已批准")),
    "declined": Tag("off", N_("未批准")),
}
LETTER_TAGS = {
    "": Tag("done", N_("有效")),
    "refunded": Tag("off", N_("已作废")),
    "disputed": Tag("off", N_("已作废")),
}
UNEXPLAINED = Tag("wait", N_("待查"))
EQUAL_TAGS = {
    True: Tag("done", N_("一致")),
    False: Tag("need", N_("有差额")),
}
OPEN_TAGS = {
    True: Tag("done", N_("正在收捐赠")),
    False: Tag("need", N_("现在不收捐赠")),
}
DECISION_TAGS = {
    DecisionStatus.PROPOSED: Tag("need", DECISION_NAMES[DecisionStatus.PROPOSED]),
    DecisionStatus.APPROVED: Tag("done", DECISION_NAMES[DecisionStatus.APPROVED]),
    DecisionStatus.DECLINED: Tag("off", DECISION_NAMES[DecisionStatus.DECLINED]),
}
EVENT_TAGS = {
    "received": Tag("wait", N_("待处理")),
    "handled": Tag("done", N_("处理成功")),
    "ignored": Tag("off", N_("无须处理")),
    "failed": Tag("need", N_("处理失败")),
}
EVENT_NAMES = {
    "checkout.session.completed": N_("付款页完成"),
    "checkout.session.expired": N_("付款页过期"),
    "checkout.session.async_payment_succeeded": N_("付款到账"),
    "checkout.session.async_payment_failed": N_("付款没有到账"),
    "payment_intent.processing": N_("付款处理中"),
    "payment_intent.succeeded": N_("付款成功"),
    "payment_intent.payment_failed": N_("付款失败"),
    "charge.refunded": N_("已退款"),
    "refund.created": N_("退款开始"),
    "refund.updated": N_("退款有变化"),
    "refund.failed": N_("退款失败"),
    "charge.dispute.created": N_("争议开始"),
    "charge.dispute.closed": N_("争议结束"),
    "charge.dispute.funds_withdrawn": N_("争议划走"),
    "charge.dispute.funds_reinstated": N_("争议退回"),
    "customer.subscription.created": N_("每月捐赠开始"),
    "customer.subscription.updated": N_("每月捐赠有变化"),
    "customer.subscription.deleted": N_("每月捐赠停止"),
    "invoice.paid": N_("每月扣款成功"),
    "invoice.payment_failed": N_("每月扣款失败"),
}
"""What the events of docs.stripe.com/api/events/types are about; one that is not here shows its kind."""
EVENT_ERRORS = {
    "gateway_unavailable": N_("支付平台没有响应"),
    "gateway_key_refused": N_("支付平台不接受密钥"),
    "gateway_refused": N_("支付平台没有这个对象"),
    "gift_payment_differs": N_("付款金额和捐赠不一致"),
}
DISPUTE_TAGS = {
    "open": Tag("need", N_("争议中")),
    "won": Tag("done", N_("争议胜诉，款已退回")),
    "lost": Tag("off", N_("争议败诉，款已划走")),
}
ENTRY_NAMES = {
    "gift": N_("收到捐赠"),
    "refund": N_("退款"),
    "refund_failure": N_("退款未成，退回"),
    "dispute": N_("争议划走"),
    "dispute_return": N_("争议退回"),
    "payout": N_("转入银行"),
    "fee": N_("平台收费"),
    "other": N_("待查"),
}
FINDERS = {
    "event": N_("通知"),
    "redirect": N_("捐赠人返回"),
    "desk": N_("工作台操作"),
    "reconciliation": N_("对账发现"),
}
ACTION_NAMES = {
    "donation_fund.opened": N_("设立基金"),
    "donation_fund.paused": N_("暂停接受捐赠"),
    "donation_fund.resumed": N_("恢复接受捐赠"),
    **{f"gift.{status.value}": name for status, name in GIFT_NAMES.items()},
    "gift.receipt_recorded": N_("登记财政票据"),
    **{f"gift_refund.{status.value}": name for status, name in REFUND_NAMES.items()},
    "gift_refund.found": N_("发现支付平台的退款"),
    "gift_plan.active": N_("每月捐赠开始"),
    "gift_plan.end_asked": N_("要求停止每月捐赠"),
    "gift_plan.ended": N_("每月捐赠停止"),
    "fund_use.proposed": N_("申报支出"),
    "fund_use.approved": N_("批准支出"),
    "fund_use.declined": N_("未批准支出"),
    "unclear_decision.proposed": N_("说明待查款项"),
    "unclear_decision.offset": N_("待查款项已在支付平台退回"),
    "unclear_decision.approved": N_("批准待查款项的处理"),
    "unclear_decision.declined": N_("未批准待查款项的处理"),
    "gateway_event.replayed": N_("重新处理通知"),
    "gateway_reconciliation.asked": N_("立即对账"),
}
