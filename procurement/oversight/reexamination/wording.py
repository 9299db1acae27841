"""What people call the decided steps of a purchase."""

from collections.abc import Mapping
from typing import Any

from app.core.text import N_
from procurement.oversight.reexamination.rules import DecidedStep
from procurement.purchases.tenders import wording as tenders

D = DecidedStep
STEP_NAMES: Mapping[Any, str] = {
    **tenders.STEP_NAMES,
    D.REQUEST: N_("提出采购"),
    D.RESERVE: N_("预留预算"),
    D.INVITE: N_("邀请报价"),
    D.OPEN: N_("开启报价"),
    D.COMPARE: N_("比价"),
    D.APPROVE: N_("审批"),
    D.OFFER: N_("发出合同"),
    D.PAYMENT_TERMS: N_("约定付款方式"),
    D.SIGN: N_("签订合同"),
    D.PUBLISH: N_("公告合同"),
    D.FILE: N_("合同副本备案"),
    D.AMEND: N_("补充协议"),
    D.END_EARLY: N_("提前解除合同"),
    D.ACCEPT: N_("验收"),
}
