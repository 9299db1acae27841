"""What waits on the workbench: claims to judge, claims that came back to their payee."""

from app.core import clock
from app.core.access import Permission, Principal
from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import day, localized
from procurement.claims.desk.queries import waiting_claims
from procurement.claims.own.queries import returned_claims

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
