"""What of products waits for a person: reviews with their clock, products sent back, capacities never stated."""

from datetime import time

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from marketplace.products.review.controllers import clock_tag
from marketplace.products.review.queries import review_desk

SHOWN = 3


async def waiting_reviews(principal: Principal) -> list[Waiting]:
    """Return the reviews that are due first."""
    if not principal.can(Permission.PRODUCT_REVIEW):
        return []
    desk = await review_desk(principal, SHOWN)
    return [
        Waiting(
            clock_tag(row.clock),
            row.title_zh,
            Message(N_("%(organization)s 提交审查"), {"organization": row.organization_zh}),
            Action(N_("去审查"), f"/review/products/{row.reference}"),
            clock.at_local(row.clock.due, time(23, 59)),
        )
        for row in desk.rows
        if not row.own
    ]


async def sent_back(principal: Principal) -> list[Waiting]:
    """Return the person's products that a reviewer sent back, the last one first."""
    scope = principal.scopes.get(Permission.PRODUCT_WRITE)
    if scope is None or not scope.organization_ids:
        return []
    rows = await database.fetch(
        """SELECT p.reference, v.title_zh, d.reasons FROM product p
           JOIN product_version v ON v.product_id = p.id AND v.number = p.latest_version
           JOIN LATERAL (SELECT reasons FROM product_decision d JOIN product_version w ON w.id = d.product_version_id
                         WHERE w.product_id = p.id ORDER BY d.id DESC LIMIT 1) d ON true
           WHERE p.organization_id = ANY ($1) AND 'changes_requested' IN (p.status, p.revision)
           ORDER BY p.id DESC LIMIT $2""",
        list(scope.organization_ids),
        SHOWN,
    )
    return [
        Waiting(
            Tag("need", N_("需修改")),
            row["title_zh"],
            Message(N_("审查意见：%(reasons)s"), {"reasons": row["reasons"]}),
            Action(N_("去修改"), f"/my/products/{row['reference']}"),
        )
        for row in rows
    ]


async def unstated(principal: Principal) -> list[Waiting]:
    """Return one row for the person's listed products of which villages may order without a limit."""
    scope = principal.scopes.get(Permission.PRODUCT_WRITE)
    if scope is None or not scope.organization_ids:
        return []
    row = await database.fetch_one(
        """SELECT count(*) AS products, min(p.reference) AS first FROM product p
           WHERE p.organization_id = ANY ($1) AND p.status = 'listed'
             AND NOT EXISTS (SELECT FROM product_capacity c WHERE c.product_id = p.id)""",
        list(scope.organization_ids),
    )
    if row is None or not row["products"]:
        return []
    said = Message(N_("%(count)s 个产品没有写每月可接数量"), {"count": row["products"]})
    return [
        Waiting(
            Tag("wait", N_("请补充")),
            said,
            N_("写上以后，点单不会超出你们的人手。"),
            Action(N_("去登记"), f"/my/products/{row['first']}/capacity"),
        )
    ]
