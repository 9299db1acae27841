"""Choosing a template, and copying it in one click."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromQuery

from app.core import clock
from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.organizations.matrix.queries import load_matrix
from marketplace.organizations.queries import my_organizations
from marketplace.products.catalogue.tags import CATEGORY_TAGS
from marketplace.products.content import GROUP_NAMES, PER_UNIT_NAMES
from marketplace.products.templates import queries, service
from marketplace.products.templates.collection import open_to, template
from marketplace.products.templates.forms import CopyForm

WRITER = requires(Permission.PRODUCT_WRITE)


@get("/my/products/templates", guards=[WRITER])
async def choose(principal: CurrentPrincipal, organization: FromQuery[UUID | None] = None) -> Response[str]:
    """Show the templates open to one's organization."""
    own = await my_organizations(principal)
    acting = next((row for row in own if row.public_id == organization), own[0] if own else None)
    return await page(
        "marketplace/products/templates.html",
        own=own,
        acting=acting,
        templates=open_to(await load_matrix(), acting.kind, clock.today()) if acting else [],
        uses=await queries.uses(),
        category_tags=CATEGORY_TAGS,
        group_names=GROUP_NAMES,
        unit_names=PER_UNIT_NAMES,
        crumbs=[Crumb(N_("我的服务产品"), "/my/products"), Crumb(N_("选模板"))],
    )


@post("/my/products/templates", guards=[WRITER])
async def copy(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Make a draft from a template and open it for writing."""
    asked = (await Form.read(request, CopyForm)).value
    saved = await service.copy_template(principal, asked.organization, asked.template)
    chosen = template(asked.template)
    title = localized(chosen.content, "title")
    said = N_("已按模板“%(title)s”建好草稿。选好服务区域、填上单价，每月 %(units)s 的数量按你们的人手改，就可以提交。")
    return see_other(f"/my/products/{saved.reference}/edit", said, title=title, units=chosen.monthly_units)
