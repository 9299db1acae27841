"""A contract as those see it who change or end it: locked, with its parties, its terms and its money."""

from app.core import database
from app.core.database import Row
from app.core.errors import NotFound
from procurement.contracts.service import lock_contracts
from procurement.purchases.rules import UNDER_CONTRACT, PurchaseStatus


async def locked_contract(contract_id: int) -> Row:
    """Lock a contract after its purchase, and return it with all that its changes are judged by."""
    await lock_contracts([contract_id])
    return await contract_row(contract_id)


async def contract_row(contract_id: int) -> Row:
    """Return the same without a lock, for a page that asks beforehand."""
    row = await database.fetch_one(f"{_CONTRACT} WHERE c.id = $1", contract_id)
    if row is None:
        raise NotFound
    return row


def is_performed(row: Row) -> bool:
    """Tell whether the contract binds and is not yet fulfilled, ended or terminated."""
    return PurchaseStatus(row["status"]) in UNDER_CONTRACT


_CONTRACT = """
SELECT c.id, c.reference, c.purchase_id, c.organization_id, c.quantity, c.added, c.ordered, c.accepted,
       c.unit_price_fen, c.starts_on, c.ends_on, c.signed_by_buyer, c.signed_by_provider, c.signed_at, p.method,
       p.status, p.budget_line_id, line.year, place.code AS place_code, line_place.name_zh AS buyer,
       o.name_zh AS provider, o.uscc, v.unit
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
JOIN budget_line line ON line.id = p.budget_line_id JOIN place line_place ON line_place.id = line.place_id
JOIN organization o ON o.id = c.organization_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
"""
