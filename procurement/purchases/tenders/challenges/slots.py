"""What a contract's page says while a challenge or finance's suspension holds it, to its two parties."""

from app.core import database
from app.core.access import Principal
from app.web.slots import Fill
from procurement.contracts import queries as contracts
from procurement.contracts.queries import ContractView
from procurement.purchases.challenges import PurchaseChallenged


async def hold_card(principal: Principal, contract: ContractView) -> Fill | None:
    """Fill ``contract_page.aside``."""
    if not contracts.standing(principal, contract).party:
        return None
    row = await database.fetch_one(
        """SELECT p.challenged_at AS since, p.held_until AS until
           FROM contract c JOIN purchase p ON p.id = c.purchase_id
           WHERE c.id = $1 AND p.challenged_at IS NOT NULL AND purchase_is_held(p.id)""",
        contract.id,
    )
    if row is None:
        return None
    shown = {"held_since": row["since"], "held_until": row["until"], "blocks": [PurchaseChallenged.block()]}
    return Fill("procurement/purchases/tenders/challenges/hold.html", shown)
