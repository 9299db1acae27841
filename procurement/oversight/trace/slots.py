"""The way into the audit view from a contract's page."""

from app.core.access import Permission, Principal
from app.web.slots import Fill
from procurement.contracts.queries import ContractView


async def on_contract(principal: Principal, contract: ContractView) -> Fill | None:
    """Fill ``contract_page.aside`` for whoever watches the money of its place."""
    scope = principal.scopes.get(Permission.LEDGER_READ)
    if scope is None or not scope.covers_place(contract.place_code):
        return None
    return Fill("procurement/oversight/trace/link.html", {"reference": contract.purchase_reference})
