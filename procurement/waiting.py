"""What waits in buying for the person who signs in: one statement, whatever roles they hold."""

from dataclasses import dataclass

from app.core import database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting

_NEED, _WAIT = "need", "wait"


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of waiting thing: whose it is, how it is counted, what it says and where it leads."""

    name: str
    permission: Permission
    by_organization: bool
    count: str
    title: str
    detail: str
    action: str
    path: str
    tone: str = _NEED


_KINDS = (
    _Kind(
        "contracts_to_sign", Permission.ORDER_ANSWER, True,
        """SELECT count(*) FROM contract c JOIN purchase p ON p.id = c.purchase_id
           WHERE p.status = 'ordered' AND c.organization_id = ANY($3)""",
        N_("%(count)s 份合同等你签署"), N_("批准之日起30日内签署。"), N_("去签署"), "/my/contracts",
    ),
    _Kind(
        "deliveries_to_accept", Permission.DELIVERY_ACCEPT, False,
        """SELECT count(*) FROM village_order o JOIN place ON place.id = o.place_id
           WHERE o.status = 'delivered' AND place.code LIKE ANY($4)""",
        N_("%(count)s 项服务等你验收"), N_("验收合格才能结算。"), N_("去验收"), "/buying/acceptance",
    ),
    _Kind(
        "appropriations_to_approve", Permission.BUDGET_APPROVE, False,
        """SELECT count(*) FROM appropriation a JOIN budget_line l ON l.id = a.budget_line_id
           JOIN place ON place.id = l.place_id
           WHERE a.status = 'proposed' AND a.proposed_by <> $1 AND place.code LIKE ANY($5)""",
        N_("%(count)s 笔预算等你审批"), N_("批准以后立即可用。"), N_("去审批"), "/buying/budgets/waiting",
    ),
    _Kind(
        "applications_to_decide", Permission.FRAMEWORK_MANAGE, False,
        """SELECT count(*) FROM admission a JOIN framework f ON f.id = a.framework_id
           JOIN place ON place.id = f.place_id WHERE a.status = 'applied' AND place.code LIKE ANY($6)""",
        N_("%(count)s 项入围申请等你审核"), N_("七个工作日内书面答复。"), N_("去审核"), "/buying/frameworks",
    ),
    _Kind(
        "contracts_to_offer", Permission.PURCHASE_REQUEST, False,
        """SELECT count(*) FROM purchase p JOIN place ON place.id = p.place_id
           WHERE p.status = 'approved' AND place.code LIKE ANY($2)""",
        N_("%(count)s 项采购等你发合同"), N_("批准之日起30日内签署。"), N_("去签署"),
        "/buying/purchases?group=approved",
    ),
    _Kind(
        "purchases_to_close", Permission.PURCHASE_REQUEST, False,
        """SELECT count(*) FROM purchase p JOIN place ON place.id = p.place_id
           WHERE p.status IN ('paid', 'rated') AND place.code LIKE ANY($2)""",
        N_("%(count)s 项采购等你评价归档"), N_("绩效评价用于下一年选择机构。"), N_("去结项"),
        "/buying/purchases?group=closing", _WAIT,
    ),
)  # fmt: skip
_PLACES = (
    Permission.PURCHASE_REQUEST,
    Permission.ORDER_ANSWER,
    Permission.DELIVERY_ACCEPT,
    Permission.BUDGET_APPROVE,
    Permission.FRAMEWORK_MANAGE,
)
_TAGS = {_NEED: Tag("need", N_("等你处理")), _WAIT: Tag("wait", N_("待结项"))}
# $1 the account, $2 … $6 the places (or, for $3, the organizations) of the permissions above, in their order.
_COUNTS = "SELECT $1::bigint, $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], " + ", ".join(
    f"({kind.count}) AS {kind.name}" for kind in _KINDS
)


async def waiting_in_buying(principal: Principal) -> list[Waiting]:
    """Return one row for each kind of thing that waits for the person."""
    if not any(principal.can(permission) for permission in _PLACES):
        return []
    [row] = await database.fetch(_COUNTS, principal.account_id, *(_reach(principal, one) for one in _PLACES))
    return [_waiting(kind, row[kind.name]) for kind in _KINDS if row[kind.name]]


def _reach(principal: Principal, permission: Permission) -> list[str] | list[int]:
    scope = principal.scopes.get(permission)
    if scope is None:
        return []
    return list(scope.organization_ids) if permission is Permission.ORDER_ANSWER else scope.like_patterns()


def _waiting(kind: _Kind, count: int) -> Waiting:
    return Waiting(_TAGS[kind.tone], Message(kind.title, {"count": count}), kind.detail, Action(kind.action, kind.path))
