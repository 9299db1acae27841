"""A person's own searches: see, keep, run, delete."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, signed_in
from app.web.pages import page, see_other
from marketplace.products.saved import service
from marketplace.products.saved.forms import SearchForm
from marketplace.products.saved.queries import my_searches

MINE = Crumb(N_("存下的搜索"), "/my/searches")


@get("/my/searches", guards=[signed_in])
async def searches(principal: CurrentPrincipal) -> Response[str]:
    """List one's searches."""
    return await page("marketplace/products/searches.html", rows=await my_searches(principal))


@get("/my/searches/new", guards=[signed_in])
async def search_form(request: Request[Any, Any, Any]) -> Response[str]:
    """Ask for a name for the search in the address."""
    return await _form(Form.from_query(request, SearchForm))


@post("/my/searches/new", guards=[signed_in])
async def keep(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Keep a search."""
    form = await Form.read(request, SearchForm)
    try:
        await service.save_search(principal, form.value.name, form.value.search())
    except DomainError as refusal:
        return await _form(form.refused(refusal))
    return see_other("/my/searches", N_("已存下。有新上架的服务符合它时，每天告诉你一次。"))


@post("/my/searches/{public_id:uuid}/delete", guards=[signed_in])
async def forget(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Delete one of one's searches."""
    await service.forget_search(principal, public_id)
    return see_other("/my/searches", N_("已删除。"))


async def _form(form: Form[SearchForm]) -> Response[str]:
    return await page(
        "marketplace/products/search_new.html",
        form=form,
        asked=form.value.search(),
        crumbs=[MINE, Crumb(N_("存下这个搜索"))],
    )
