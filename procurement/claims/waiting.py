"""What waits on the workbench: claims to judge, claims that came back to their payee."""

from app.core import clock
from app.core.access import Permission, Principal
from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import day, localized
from procurement.claims.desk.queries import waiting_claims
from procurement.claims.disputes import queries as disputes
from procurement.claims.doubles import queries as doubles
from procurement.claims.own.queries import claims_without_papers, returned_claims
from procurement.claims.payees import queries as payees
from procurement.claims.sampling import queries as samples

OLD_DAYS = 14
"""After two weeks at the desk a claim needs somebody; the review period of the law is longer (rulebook)."""


async def at_the_desk(principal: Principal) -> list[Waiting]:
    """Return the officer's queue as one row, and what is held as another."""
    if not principal.can(Permission.CLAIM_APPROVE):
        return []
    waits = await waiting_claims(principal)
    found = []
    if waits.count and waits.oldest:
        old = (clock.today() - waits.oldest).days > OLD_DAYS
        found.append(
            Waiting(
                Tag("need", N_("需要审核")) if old else Tag("wait", N_("等待审核")),
                Message(N_("%(count)s 件补贴等待审核"), {"count": waits.count}),
                Message(
                    N_("共 %(total)s，最早的是 %(day)s 的工作"),
                    {"total": yuan(waits.total_fen), "day": day(waits.oldest)},
                ),
                Action(N_("去审核"), "/claims"),
            )
        )
    if waits.held:
        found.append(
            Waiting(
                Tag("info", N_("暂缓")),
                Message(N_("%(count)s 件补贴暂缓"), {"count": waits.held}),
                N_("原因写在每一件里，消除后才能审核。"),
                Action(N_("查看"), "/claims?status=held"),
            )
        )
    return found


async def returned_to_me(principal: Principal) -> list[Waiting]:
    """Return the person's own claims that an officer sent back."""
    if not principal.can(Permission.CLAIM_SELF):
        return []
    return [
        Waiting(
            Tag("need", N_("已退回")),
            Message(N_("补贴被退回：%(work)s"), {"work": localized(claim, "work")}),
            claim.reason,
            Action(N_("核对并重新提交"), f"/claims/{claim.reference}"),
        )
        for claim in await returned_claims(principal)
    ]


async def to_decide(principal: Principal) -> list[Waiting]:
    """Return the pairs of claims that may be one piece of work, as one row, and payees to look at, as another."""
    if not principal.can(Permission.CLAIM_APPROVE):
        return []
    found = []
    if pairs := await doubles.waiting(principal):
        found.append(
            Waiting(
                Tag("need", N_("需要判定")),
                Message(N_("%(count)s 对申领可能重复"), {"count": pairs}),
                N_("判定以前都不能通过。"),
                Action(N_("去判定"), "/claims/doubles"),
            )
        )
    if unfit := await payees.unfit(principal):
        found.append(
            Waiting(
                Tag("need", N_("需要核查")),
                Message(N_("%(count)s 个收款人不列入批次"), {"count": len({row.payee_id for row in unfit})}),
                N_("公职人员，或与别人的收款账号相同。"),
                Action(N_("去核查"), "/claims/payees"),
            )
        )
    return found


async def to_look_at(principal: Principal) -> list[Waiting]:
    """Return the officer's latest sample that waits for a look: nothing of its selection is approved before."""
    if not principal.can(Permission.CLAIM_APPROVE):
        return []
    return [
        Waiting(
            Tag("need", N_("抽样待看")),
            Message(N_("抽中的申领还有 %(count)s 件等你看"), {"count": len(sample.waiting)}),
            Message(N_("看完以后才能一次通过 %(count)s 件"), {"count": sample.claims}),
            Action(N_("去看"), sample.address or "/claims"),
        )
        for sample in await samples.waiting_samples(principal, 1)
    ]


async def to_answer(principal: Principal) -> list[Waiting]:
    """Return the objections that the officer should answer, each with its deadline."""
    if not principal.can(Permission.CLAIM_APPROVE):
        return []
    return [
        Waiting(
            Tag("need", N_("需要答复")),
            Message(N_("%(payee)s 对申领提出异议"), {"payee": dispute.payee}),
            Message(N_("最晚 %(day)s 答复"), {"day": day(dispute.due_on)}),
            Action(N_("去答复"), f"/claims/{dispute.reference}"),
        )
        for dispute in await disputes.waiting(principal)
    ]


async def papers_of_mine(principal: Principal) -> list[Waiting]:
    """Return the person's own cases whose money waits for papers."""
    if not principal.can(Permission.CLAIM_SELF):
        return []
    return [
        Waiting(
            Tag("need", N_("缺材料")),
            Message(N_("补贴缺材料：%(work)s"), {"work": localized(claim, "work")}),
            N_("补齐以后才能审核。"),
            Action(N_("交材料"), f"/cases/{claim.case_reference}"),
        )
        for claim in await claims_without_papers(principal)
    ]
