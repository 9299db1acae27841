"""What waits for a person as far as accounts know: the second factor."""

from app.accounts import sessions
from app.core import database
from app.core.access import Principal
from app.core.text import N_
from app.web.components import Action, Tag, Waiting


async def second_factor_due(principal: Principal) -> list[Waiting]:
    """Remind an officer who has not given his second factor that his permissions wait for it."""
    if principal.session_id is None or await sessions.has_second_factor(principal):
        return []
    if not await sessions.holds_office(principal.actor):
        return []
    enrolled = await database.fetch_value("SELECT totp_sealed IS NOT NULL FROM account WHERE id = $1", principal.actor)
    path, label = ("/sign-in/second-factor", N_("去验证")) if enrolled else ("/sign-in/enrol", N_("去绑定"))
    return [
        Waiting(
            Tag("need", N_("待验证")),
            N_("岗位权限尚未启用"),
            N_("输入动态口令后，才能办理岗位上的事项。"),
            Action(label, path),
        )
    ]
