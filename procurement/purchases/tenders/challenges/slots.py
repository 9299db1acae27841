"""What a contract's page says while a challenge or finance's suspension holds it, to its two parties."""

from app.core.access import Principal
from app.web.slots import Fill
from procurement.contracts import queries as contracts
from procurement.contracts.queries import ContractView
from procurement.purchases.challenges import PurchaseChallenged


async def hold_card(principal: Principal, contract: ContractView) -> Fill | None:
    """Fill ``contract_page.aside``."""
    if contract.held_since is None or not contracts.standing(principal, contract).party:
        return None
    shown = {"held_since": contract.held_since, "held_until": contract.held_until}
    return Fill("procurement/purchases/tenders/challenges/hold.html", shown | {"blocks": [PurchaseChallenged.block()]})
