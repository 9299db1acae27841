"""Templates for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pagination import Slice
from marketplace.organizations.provision import Category
from marketplace.products.api import ContentBody, SavedBody
from marketplace.products.templates import service
from marketplace.products.templates.collection import Template, templates


class TemplateBody(msgspec.Struct):
    """A template: what it is for and what it says."""

    code: Annotated[str, msgspec.Meta(examples=["wage_claims_lecture"])]
    category: Category
    purpose_zh: str
    purpose_en: str
    monthly_units: Annotated[int, msgspec.Meta(description="A copy begins with it.", examples=[8])]
    content: ContentBody

    @classmethod
    def of(cls, one: Template) -> "TemplateBody":
        """Return what a program sees of a template."""
        return cls(
            one.code, one.category, one.purpose_zh, one.purpose_en, one.monthly_units, ContentBody.of(one.content)
        )


class CopyBody(msgspec.Struct):
    """The organization that will offer the service."""

    organization: UUID


@get("/product-templates", guards=[public], summary="List the templates of services")
async def list_templates() -> Page[TemplateBody]:
    """List every template; each is complete but for the areas and the price."""
    return page_of(Slice(list(templates().values()), None), TemplateBody.of)


@post("/product-templates/{code:str}/copies", guards=[requires(Permission.PRODUCT_WRITE)], summary="Copy a template")
async def copy_template(code: FromPath[str], data: JSONBody[CopyBody], principal: CurrentPrincipal) -> SavedBody:
    """Make a draft of the organization's own; refused where its kind may not provide such a service."""
    saved = await service.copy_template(principal, data.organization, code)
    return SavedBody(saved.reference, saved.version)
