"""Batches in words."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Moment, Tag
from procurement.settlement.queries import BatchPage
from procurement.settlement.rules import BatchStatus, LeftOut

B = BatchStatus
TAGS: Mapping[BatchStatus, Tag] = {
    B.COMPUTED: Tag("wait", N_("等待复核")),
    B.APPROVED: Tag("wait", N_("等待付款")),
    B.PAID: Tag("done", N_("已付款")),
    B.CANCELLED: Tag("off", N_("已撤销")),
}
LEFT_OUT_NAMES = {
    LeftOut.SHORT_OF_MONEY: N_("额度不够，先通过的先付"),
    LeftOut.ACCOUNT_RETURNED: N_("收款账户被银行退回，等更正"),
    LeftOut.CHALLENGED: N_("采购正在处理质疑或投诉"),
    LeftOut.DISPUTED: N_("申领人有异议，等答复"),
    LeftOut.OFFICIAL: N_("收款人登记为公职人员，等核查"),
    LeftOut.SHARED_ACCOUNT: N_("收款账号与另一人相同，等核查"),
    LeftOut.NOTHING_TO_DEDUCT_FROM: N_("多付的，这一批没有足够的补贴可以扣"),
    LeftOut.REPAID: N_("多付的，本人已退回现金，等第二人确认"),
    LeftOut.IN_QUESTION: N_("收款人身份或金额有疑问，等核实"),
}
RETURNED = Tag("need", N_("银行退回"))
STATUS_NAMES = {status.value: tag.label for status, tag in TAGS.items()}
ACTION_NAMES = {
    "settlement.computed": N_("核算了批次"),
    "settlement.approved": N_("复核了批次"),
    "settlement.paid": N_("已付款"),
    "settlement.cancelled": N_("撤销了批次"),
    "settlement.revoked": N_("作废了批次，冲正了账"),
    "settlement.bank_file_read": N_("下载了银行文件"),
    "settlement.returned": N_("登记了银行退回"),
    "settlement.vouchers": N_("登记了支付凭证号"),
    "settlement.confirmed": N_("登记了银行到账"),
}


def moments(batch: BatchPage) -> list[Moment]:
    """Return the way of a batch through the hands of three people."""
    row = batch.row
    passed = [Moment(N_("核算"), row.computed_at, "done", actor=batch.computed_name)]
    if row.status is B.CANCELLED:
        return [*passed, Moment(N_("已撤销，申领回到待结算"), tone="off")]
    return [
        *passed,
        Moment(N_("复核"), row.approved_at, "done" if row.approved_at else "off", actor=batch.approved_name),
        Moment(N_("付款"), row.paid_at, "done" if row.paid_at else "off", actor=batch.paid_name),
    ]
