"""How budgets look: words of movements and the sign of a proposal."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from procurement.budgets.rules import MovementKind

KIND_NAMES: Mapping[MovementKind, str] = {
    MovementKind.APPROPRIATE: N_("下达"),
    MovementKind.RESERVE: N_("预留"),
    MovementKind.COMMIT: N_("签约占用"),
    MovementKind.SPEND: N_("支付"),
    MovementKind.RELEASE: N_("释放"),
    MovementKind.RETURN: N_("退回"),
}
PROPOSAL_TAGS: Mapping[str, Tag] = {
    "proposed": Tag("wait", N_("待审批")),
    "approved": Tag("done", N_("已下达")),
    "refused": Tag("need", N_("已退回")),
}
