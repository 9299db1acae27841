"""What waits in quotations for the person who signs in."""

from app.core import database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from procurement.reading import BUYERS

_NEED = Tag("need", N_("等你处理"))
_COUNTS = """
SELECT (SELECT count(*) FROM quotation_invitation i JOIN quotation_round r ON r.id = i.round_id
        JOIN purchase p ON p.id = r.purchase_id
        WHERE i.organization_id = ANY($2) AND p.status = 'quotations_sealed' AND r.deadline > now()
          AND NOT EXISTS (SELECT FROM quotation_round n WHERE n.purchase_id = p.id AND n.number > r.number)
          AND NOT EXISTS (SELECT FROM sealed_quotation s WHERE s.invitation_id = i.id)) AS invited,
       (SELECT count(*) FROM quotation_keeper k JOIN quotation_round r ON r.id = k.round_id
        JOIN purchase p ON p.id = r.purchase_id
        WHERE k.account_id = $1 AND p.status = 'quotations_sealed' AND r.deadline <= now()
          AND NOT EXISTS (SELECT FROM quotation_round n WHERE n.purchase_id = p.id AND n.number > r.number)
          AND NOT EXISTS (SELECT FROM quotation_unlock u WHERE u.keeper_id = k.id)) AS to_open,
       (SELECT count(*) FROM purchase p JOIN place ON place.id = p.place_id
        WHERE p.method = 'quotation' AND p.status IN ('reserved', 'opened') AND place.code LIKE ANY($3)) AS to_move
"""


async def waiting_quotations(principal: Principal) -> list[Waiting]:
    """Return what the person is asked for: a price, a passphrase, the next step."""
    if not any(principal.can(permission) for permission in (*BUYERS, Permission.FRAMEWORK_APPLY)):
        return []
    supplies = principal.scopes.get(Permission.FRAMEWORK_APPLY)
    buys = principal.scopes.get(Permission.PURCHASE_REQUEST)
    [row] = await database.fetch(
        _COUNTS,
        principal.account_id,
        list(supplies.organization_ids) if supplies else [],
        buys.like_patterns() if buys else [],
    )
    return [
        Waiting(_NEED, Message(title, {"count": row[name]}), detail, Action(label, path))
        for name, title, detail, label, path in _KINDS
        if row[name]
    ]


_KINDS = (
    ("invited", N_("%(count)s 份邀请等你报价"), N_("报价加密保存，截止前谁都看不到。"), N_("去报价"), "/my/quotations"),
    ("to_open", N_("%(count)s 项采购等你开启报价"), N_("需要你的口令。"), N_("去开启"), "/my/keeper-key"),
    ("to_move", N_("%(count)s 项比价采购等你办理"), N_("邀请报价，或比价。"), N_("去办理"), "/buying/purchases"),
)
