"""Copying a template: a draft of the organization's own, which remembers where it came from."""

from uuid import UUID

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_, Message
from marketplace.organizations.provision import CATEGORY_NAMES, provision_for
from marketplace.organizations.queries import my_organizations
from marketplace.organizations.rules import KIND_NAMES
from marketplace.products.service import NewProduct, Saved, create_product
from marketplace.products.templates.collection import template


class TemplateNotForKind(DomainError):
    """A draft that could never be submitted helps nobody."""

    code, status = "template_not_for_kind", 409
    message = N_("“%(kind)s”不能提供“%(category)s”，不能用这个模板。")


async def copy_template(principal: Principal, organization: UUID, code: str) -> Saved:
    """Make a draft from a template for an organization that may provide such a service."""
    principal.scope(Permission.PRODUCT_WRITE)
    chosen = template(code)
    own = {row.public_id: row for row in await my_organizations(principal)}
    if organization not in own:
        raise NotFound
    kind = own[organization].kind
    if provision_for(chosen.category, kind, clock.today()) is None:
        raise TemplateNotForKind(kind=Message(KIND_NAMES[kind]), category=Message(CATEGORY_NAMES[chosen.category]))
    new = NewProduct(organization, chosen.category, chosen.content, chosen.code, chosen.monthly_units)
    return await create_product(principal, new)
