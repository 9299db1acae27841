"""Who takes an approval back, and of whom.

财行〔2007〕179号: public officials are not paid; one person is one payee.
"""

from app.core.errors import DomainError
from app.core.text import N_
from procurement.separation import OnePersonOnMoney


class ApproverTakesBack(OnePersonOnMoney):
    """Who approved a claim, or is paid by it, does not take its approval back."""

    reason = N_("撤回审核由通过这件申领的人以外的另一个人办理，收款人自己也不能办理。")


class PayeeIsFit(DomainError):
    """Nothing bars the payee any more, or never did."""

    code, status, message = (
        "approval_withdrawal_of_unfit",
        409,
        N_("只有收款人登记为公职人员，或与别人收款账号相同时，才能撤回审核。请刷新页面。"),
    )


class NotWithdrawable(DomainError):
    """The claim is in a batch, paid, or a deduction."""

    code, status, message = (
        "approval_withdrawal_of_approved",
        409,
        N_("只能撤回已通过、还没有列入批次的申领；扣回的申领不能撤回。请刷新页面。"),
    )
