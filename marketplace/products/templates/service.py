"""Copying a template: a draft of the organization's own, which remembers where it came from."""

from uuid import UUID

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from app.core.text import N_, Message
from app.rulebook.blocks import LawRefusal
from marketplace.organizations.matrix.queries import load_matrix
from marketplace.organizations.provision import CATEGORY_NAMES
from marketplace.organizations.queries import my_organizations
from marketplace.organizations.rules import KIND_NAMES
from marketplace.products.guards import MATRIX
from marketplace.products.service import NewProduct, Saved, create_product
from marketplace.products.templates.collection import template


class TemplateNotForKind(LawRefusal):
    """A draft that could never be submitted helps nobody."""

    code, status = "template_not_for_kind", 409
    source, compared = MATRIX, N_("不能提供")
    reason = N_("“%(kind)s”不能提供“%(category)s”，不能用这个模板。")
    remedy = N_("请换一个本单位可以提供的类别的模板。")


async def copy_template(principal: Principal, organization: UUID, code: str) -> Saved:
    """Make a draft from a template for an organization that may provide such a service."""
    principal.scope(Permission.PRODUCT_WRITE)
    chosen = template(code)
    own = {row.public_id: row for row in await my_organizations(principal)}
    if organization not in own:
        raise NotFound
    kind = own[organization].kind
    row = (await load_matrix()).ruling(chosen.category, kind, clock.today())
    if row is None or not row.open:
        named = {"kind": Message(KIND_NAMES[kind]), "category": Message(CATEGORY_NAMES[chosen.category])}
        raise TemplateNotForKind(source=row.citation if row else None, **named)
    new = NewProduct(organization, chosen.category, chosen.content, chosen.code, chosen.monthly_units)
    return await create_product(principal, new)
