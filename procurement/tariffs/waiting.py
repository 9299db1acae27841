"""What waits on the workbench: a tariff that somebody else drafted."""

from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import day
from procurement.tariffs.queries import FINGERPRINT, drafts_of_others


async def to_publish(principal: Principal) -> list[Waiting]:
    """Return the drafts that the person may publish."""
    if not principal.can(Permission.TARIFF_MANAGE):
        return []
    return [
        Waiting(
            Tag("wait", N_("等待发布")),
            Message(N_("补贴标准 %(document)s 等待核对"), {"document": row.document}),
            Message(N_("%(day)s 起生效"), {"day": day(row.effective_from)}),
            Action(N_("核对并发布"), f"/tariffs/{row.sha256[:FINGERPRINT]}"),
        )
        for row in await drafts_of_others(principal)
    ]
