"""What findings add to the workbench."""

from collections.abc import Sequence

from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from volunteers.attendance.findings.queries import count_open


async def waiting_findings(principal: Principal) -> Sequence[Waiting]:
    """Return how many findings wait for the coordinator, for the workbench."""
    if not principal.can(Permission.CREDENTIAL_VERIFY):
        return []
    count, since = await count_open(principal)
    if not count:
        return []
    title = Message(N_("%(count)s 条到场异常等你核查"), {"count": count})
    detail, action = N_("系统只是提出来，有没有问题由你判断。"), Action(N_("去核查"), "/findings")
    return [Waiting(Tag("need", N_("待核查"), "search"), title, detail, action, since)]
