"""Where members find their organization's fund: on the workbench and on the organization's own page."""

from app.core.access import Permission, Principal
from app.web.slots import Fill
from procurement.donations.own import queries
from procurement.donations.tags import OPEN_TAGS

TEMPLATE = "procurement/donations/own/link.html"


async def own_funds(principal: Principal) -> Fill | None:
    """Fill ``workbench.aside``: the funds of one's organizations; nothing for who has none."""
    scope = principal.scopes.get(Permission.ORGANIZATION_MANAGE)
    if scope is None or not scope.organization_ids:
        return None
    found = await queries.own_funds(principal)
    return Fill(TEMPLATE, {"funds": found, "tags": OPEN_TAGS}) if found else None


async def funds_of_organization(principal: Principal, organization_id: int) -> Fill | None:
    """Fill ``own_organization.aside``: this organization's funds, for its members."""
    scope = principal.scopes.get(Permission.ORGANIZATION_MANAGE)
    if scope is None or not scope.covers_organization(organization_id):
        return None
    found = [one for one in await queries.own_funds(principal) if one.organization_id == organization_id]
    return Fill(TEMPLATE, {"funds": found, "tags": OPEN_TAGS}) if found else None
