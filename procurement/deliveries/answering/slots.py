"""What the clock adds to the workbench, and refusals to a framework's desk."""

from collections.abc import Sequence

from app.core import clock
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.slots import Fill
from procurement import law
from procurement.deliveries.answering import queries
from procurement.deliveries.answering.rules import REFUSAL_NAMES


async def orders_to_answer(principal: Principal) -> Sequence[Waiting]:
    """Return what waits for a provider's word, with the first deadline."""
    scope = principal.scopes.get(Permission.ORDER_ANSWER)
    found = await queries.to_answer(scope) if scope else None
    if found is None or not found.count:
        return []
    return [
        Waiting(
            Tag("need", N_("等你处理")),
            Message(N_("%(count)s 个村社订单等你接单"), {"count": found.count}),
            N_("不接请选理由；到期没有答复按不接处理，计入拒单次数。最早截止"),
            Action(N_("去接单"), "/my/orders"),
            found.first_due,
        )
    ]


async def refusals(principal: Principal, framework_id: int) -> Fill | None:
    """Fill ``framework_desk.main``: who refused how often, for 令110 §19."""
    if not principal.can(Permission.FRAMEWORK_MANAGE):
        return None
    rows = await queries.refusals_of(framework_id)
    if not rows:
        return None
    many = await law.figure(law.REFUSALS, clock.today())
    context = {"rows": rows, "many": many, "refusal_names": REFUSAL_NAMES}
    return Fill("procurement/deliveries/refusals.html", context)
