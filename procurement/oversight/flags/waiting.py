"""What waits for an auditor."""

from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from procurement.oversight.flags.queries import open_counts


async def flags_to_review(principal: Principal) -> list[Waiting]:
    """Say how many flags nobody has looked at."""
    if not (principal.can(Permission.AUDIT_READ) and principal.can(Permission.LEDGER_READ)):
        return []
    count = await open_counts(principal)
    if not count:
        return []
    said = Message(N_("%(count)s 条核查提示还没有人看。"), {"count": count})
    return [Waiting(Tag("wait", N_("请核查")), N_("核查提示"), said, Action(N_("去核查"), "/oversight/flags"))]
