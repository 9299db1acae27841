"""What the workload list adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Principal
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Fill, Slot
from procurement.contracts.queries import ContractView
from procurement.deliveries.proofs.parties import READERS
from procurement.deliveries.workload import api, controllers


async def on_contract(principal: Principal, contract: ContractView) -> Fill | None:
    """Fill ``contract_page.aside`` for whoever may read the list."""
    scopes = [principal.scopes[permission] for permission in READERS if permission in principal.scopes]
    covered = (
        scope.covers_place(contract.place_code) or scope.covers_organization(contract.organization_id)
        for scope in scopes
    )
    return Fill("procurement/deliveries/on_contract.html", {"reference": contract.reference}) if any(covered) else None


ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.show, controllers.file),
    api_routes("contracts", api.show_workload),
]
SLOTS: list[Slot] = [("contract_page.aside", on_contract)]
