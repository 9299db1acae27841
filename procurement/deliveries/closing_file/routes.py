"""What the closing file adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Principal
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Fill, Slot
from procurement.contracts.queries import ContractView
from procurement.deliveries.closing_file import api, controllers
from procurement.deliveries.proofs.parties import READERS


async def on_contract(principal: Principal, contract: ContractView) -> Fill | None:
    """Fill ``contract_page.aside`` for whoever may read the file."""
    scopes = [principal.scopes[permission] for permission in READERS if permission in principal.scopes]
    covered = (
        scope.covers_place(contract.place_code) or scope.covers_organization(contract.organization_id)
        for scope in scopes
    )
    if contract.signed_at is None or not any(covered):
        return None
    return Fill("procurement/deliveries/closing_link.html", {"reference": contract.reference})


ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.show, controllers.document, controllers.bundle),
    api_routes("contracts", api.show_closing_file, api.download_document, api.download_originals),
]
SLOTS: list[Slot] = [("contract_page.aside", on_contract)]
