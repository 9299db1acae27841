"""What waits for a person as far as messages know."""

from app.core.access import Principal
from app.core.text import N_, Message
from app.notifications.queries import unread_count
from app.web.components import Action, Tag, Waiting


async def unread_messages(principal: Principal) -> list[Waiting]:
    """Say how many messages are unread."""
    count = await unread_count(principal.actor)
    if not count:
        return []
    return [
        Waiting(
            Tag("info", N_("新消息")),
            Message(N_("%(count)s 条未读消息"), {"count": count}),
            N_("在收件箱里查看。"),
            Action(N_("查看"), "/inbox"),
        )
    ]
