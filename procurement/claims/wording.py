"""Claims in words: their status, why the amount is what it is, and when it will be paid."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.core.clock import local
from app.core.money import yuan
from app.core.text import N_, Message
from app.web import i18n
from app.web.components import Moment, Tag
from app.web.filters import day as day_text
from procurement.claims.cases.rules import ITEM_NAMES as CASE_NAMES
from procurement.claims.expenses.rules import ITEM as EXPENSE
from procurement.claims.expenses.rules import KIND_NAMES as EXPENSE_NAMES
from procurement.claims.expenses.rules import ExpenseKind
from procurement.claims.facts.queries import ClaimFacts
from procurement.claims.own.queries import OwnClaim
from procurement.claims.posts.rules import ITEM as MONTH
from procurement.claims.queries import ClaimPage, ClaimRow, Payment
from procurement.claims.rules import ClaimStatus
from procurement.payments import trace as payments
from procurement.settlement.rules import BatchStatus
from procurement.tariffs.engine import trace
from procurement.tariffs.engine.exact import shortest
from procurement.tariffs.engine.model import Step

S = ClaimStatus
TAGS: Mapping[ClaimStatus, Tag] = {
    S.ACCRUED: Tag("wait", N_("等待审核")),
    S.HELD: Tag("need", N_("暂缓")),
    S.RETURNED: Tag("need", N_("已退回")),
    S.APPROVED: Tag("info", N_("已通过")),
    S.BATCHED: Tag("info", N_("结算中")),
    S.PAID: Tag("done", N_("已付款")),
    S.RETURNED_BY_BANK: Tag("need", N_("银行退回")),
    S.REJECTED: Tag("off", N_("未通过")),
    S.REVERSED: Tag("off", N_("已冲正")),
}
STATUS_NAMES = {status.value: tag.label for status, tag in TAGS.items()}

ACTION_NAMES = {
    "claim.accrued": N_("生成申领"),
    "claim.approved": N_("审核通过"),
    "claim.returned": N_("退回"),
    "claim.rejected": N_("驳回"),
    "claim.approval_withdrawn": N_("撤回审核通过"),
    "claim.resubmitted": N_("重新提交"),
    "claim.returned_by_bank": N_("银行退回付款"),
    "claim.completed": N_("材料补齐"),
    "claim.reversed": N_("冲正"),
    "claim.repayment_recorded": N_("登记现金退回"),
    "claim.repayment_refused": N_("现金退回未确认"),
    "claim.repaid": N_("确认现金退回，结清"),
    "claim.disputed": N_("提出异议"),
    "claim.dispute_upheld": N_("异议成立"),
    "claim.dispute_dismissed": N_("异议不成立"),
    "claim.sampled": N_("抽样看过"),
}

ITEM_NAMES = {
    "duty": N_("值班"),
    "desk": N_("公共法律服务窗口与驻点"),
    "lecture": N_("法治讲座"),
    "order": N_("购买的服务"),
    **{item.value: name for item, name in CASE_NAMES.items()},
    EXPENSE: N_("误餐交通等费用"),
    MONTH: N_("专职调解员月度基础补贴"),
    **payments.ITEM_NAMES,
}

PROGRAMME_NAMES = {
    "on_site": N_("律师驻点服务补助"),
    "mediation_case": N_("人民调解个案补贴"),
    "legal_aid_case": N_("法律援助案件补贴"),
    "expenses": N_("误餐交通补助"),
    "purchase": N_("政府购买公共法律服务"),
}

_NEXT_STEP: Mapping[ClaimStatus, str] = {
    S.ACCRUED: N_("等待区县审核。通过后列入下一个结算批次。"),
    S.HELD: N_("暂缓：原因消除后才能审核。"),
    S.RETURNED: N_("已退回：核对后重新提交，才会继续审核。"),
    S.APPROVED: N_("已通过审核，列入下一个结算批次后付款。"),
    S.RETURNED_BY_BANK: N_("银行没有付成：核对银行账户后，列入下一个批次再付。"),
    S.REJECTED: N_("没有通过，不付款。"),
    S.REVERSED: N_("已经冲正，不付款；重新计算的金额是另一笔申领。"),
}


_DEDUCTED: Mapping[ClaimStatus, str] = {
    S.ACCRUED: N_("质量评定后多付的部分，等待区县确认。确认后从下一次付款里扣回。"),
    S.APPROVED: N_("已确认，从同一项目的下一次付款里扣回。"),
    S.RETURNED_BY_BANK: N_("那次付款被银行退回，还没有扣成，从下一次付款里扣回。"),
}


PART_NAMES = {"base": N_("结案时"), "quality": N_("质量评定后"), "deduction": N_("质量评定后扣回")}


def when_paid(row: ClaimRow, payment: Payment | None) -> Message:
    """Say when the claim is paid, or what must happen before it is."""
    if row.status is S.PAID and payment and payment.paid_at:
        done = (
            N_("%(day)s 已从付款里扣回，批次 %(batch)s。")
            if row.amount_fen < 0
            else N_("%(day)s 已付款，批次 %(batch)s。")
        )
        return Message(done, {"day": day_text(payment.paid_at), "batch": payment.batch})
    if row.status is S.PAID and row.amount_fen < 0:
        return Message(N_("本人已退回现金，结清。"))
    if row.status is S.BATCHED and payment:
        if payment.status == BatchStatus.APPROVED:
            return Message(N_("批次 %(batch)s 已复核，等待出纳付款。"), {"batch": payment.batch})
        return Message(N_("已列入批次 %(batch)s，等待复核。"), {"batch": payment.batch})
    if row.amount_fen < 0:
        return Message(_DEDUCTED.get(row.status, _NEXT_STEP.get(row.status, N_("等待处理。"))))
    return Message(_NEXT_STEP.get(row.status, N_("等待处理。")))


def explained(steps: Iterable[Step]) -> list[Message]:
    """Return the trace of a price in words, titles in the reader's language."""
    return [_step(step, i18n.locale()) for step in steps]


def in_one_line(claim: OwnClaim) -> Message | None:
    """Return the step of the trace that gives the amount: the one line of a simple price."""
    told = [step for step in claim.steps if step.key not in ("set", "total")]
    return _step(told[0], i18n.locale()) if len(told) == 1 else None


HEADLINE_UNITS = {
    "half_day": N_("半日"),
    "day": N_("全天"),
    "lecture": N_("讲座"),
    "case": N_("案件"),
    "case_stage": N_("办案阶段"),
    "dispute": N_("纠纷"),
    "document": N_("文书"),
}


def headline(claim: ClaimPage, facts: ClaimFacts) -> Message | None:
    """Return an amount with all it stands on in one line: ¥250.00 = 半日 × 1，08:58 签到，11:32 签退，站点确认."""
    told = next((step for step in claim.steps if step.key == "units"), None)
    further = any(step.key == "earlier" for step in claim.steps)
    if told is None or further or told.values["unit"] not in HEADLINE_UNITS:
        return None
    values = {
        "amount": yuan(claim.row.amount_fen),
        "unit": Message(HEADLINE_UNITS[told.values["unit"]]),
        "count": shortest(told.values["count"]),
    }
    if facts.signed_in_at is None or facts.signed_out_at is None:
        return Message(N_("%(amount)s = %(unit)s × %(count)s"), values)
    times = {"arrived": f"{local(facts.signed_in_at):%H:%M}", "left": f"{local(facts.signed_out_at):%H:%M}"}
    return Message(
        N_("%(amount)s = %(unit)s × %(count)s，%(arrived)s 签到，%(left)s 签退，站点确认"), {**values, **times}
    )


def line_named(claim: ClaimPage) -> str:
    """Return the tariff line that gave the amount, for a link to it; empty where there is none."""
    return next((str(step.values["line"]) for step in claim.steps if "line" in step.values), "")


def _step(step: Step, language: str) -> Message:
    if step.key == "expense":
        said = {"kind": Message(EXPENSE_NAMES[ExpenseKind(step.values["kind"])]), "receipts": step.values["receipts"]}
        return Message(
            N_("%(kind)s：票据 %(receipts)s 张，合计 %(amount)s"), {**said, "amount": yuan(step.values["amount_fen"])}
        )
    if step.key == "post_month":
        return _month(step)
    if step.key == "contract_price":
        return Message(
            N_("合同 %(contract)s 约定的单价：%(amount)s"),
            {"contract": step.values["contract"], "amount": yuan(step.values["amount_fen"])},
        )
    return payments.message_of(step) or trace.message_of(step, language)


def _month(step: Step) -> Message:
    said = step.values
    values = {
        "document": said["document"], "monthly": yuan(said["monthly_fen"]), "days": said["days"],
        "of_days": said["of_days"], "amount": yuan(said["amount_fen"]),
    }  # fmt: skip
    if said["days"] == said["of_days"]:
        return Message(N_("聘用文件 %(document)s：每月 %(monthly)s"), values)
    return Message(N_("聘用文件 %(document)s：每月 %(monthly)s × %(days)s 天 ÷ %(of_days)s 天 = %(amount)s"), values)


def moments(claim: ClaimPage) -> list[Moment]:
    """Return the way of a claim, what lies ahead included."""
    row, payment = claim.row, claim.payment
    deducts = row.amount_fen < 0
    began = N_("双方已签署，生成申领") if row.item == "advance" else N_("工作已确认，生成申领")
    began = N_("质量评定，生成扣回") if deducts else began
    passed = [Moment(began, claim.accrued_at, "done")]
    if row.status in (S.HELD, S.RETURNED, S.REJECTED, S.REVERSED):
        return [
            *passed,
            Moment(TAGS[row.status].label, claim.reached_at or claim.accrued_at, TAGS[row.status].tone, row.reason),
        ]
    if row.status is S.RETURNED_BY_BANK:
        return [
            *passed,
            Moment(N_("审核通过"), claim.approved_at, "done", actor=claim.approver),
            Moment(TAGS[row.status].label, claim.reached_at, TAGS[row.status].tone, row.reason),
        ]
    if row.status is S.PAID and deducts and not payment:
        return [
            *passed,
            Moment(N_("审核通过"), claim.approved_at, "done", actor=claim.approver),
            Moment(N_("本人退回现金，结清"), claim.reached_at, "done"),
        ]
    computed, checked, paid = (
        (payment.computed_at, payment.approved_at, payment.paid_at) if payment else (None, None, None)
    )
    return [
        *passed,
        Moment(N_("审核通过"), claim.approved_at, _done(claim.approved_at), actor=claim.approver),
        Moment(N_("列入结算批次"), computed, _done(computed), payment.batch if payment else ""),
        Moment(N_("批次复核"), checked, _done(checked)),
        Moment(N_("从付款里扣回") if deducts else N_("付款"), paid, _done(paid)),
    ]


def _done(happened: datetime | None) -> str:
    return "done" if happened else "off"
