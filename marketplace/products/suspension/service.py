"""What of a provider's listings moves with a decision on the provider; a step of that use case's transaction."""

from collections.abc import Sequence

from app.core import audit, database
from app.core.access import Principal
from marketplace.products.suspension.rules import Ground


async def locked_listings(organization_ids: Sequence[int]) -> dict[int, str]:
    """Lock the products that follow their providers, in id order; return their status before."""
    rows = await database.fetch(
        """SELECT id, status FROM product
           WHERE organization_id = ANY ($1) AND (status = 'listed' OR suspended_for = $2)
           ORDER BY id FOR NO KEY UPDATE""",
        list(organization_ids),
        Ground.ORGANIZATION.value,
    )
    return {row["id"]: row["status"] for row in rows}


async def record_moves(principal: Principal, before: dict[int, str]) -> None:
    """Write an audit event for each product that the database moved along."""
    rows = await database.fetch("SELECT id, status FROM product WHERE id = ANY ($1) ORDER BY id", list(before))
    entries = [
        audit.Entry(
            "product.suspend" if row["status"] == "suspended" else "product.reinstate",
            "product",
            row["id"],
            {"from": before[row["id"]], "to": row["status"], "ground": Ground.ORGANIZATION.value},
        )
        for row in rows
        if row["status"] != before[row["id"]]
    ]
    await audit.record_many(principal, entries)
