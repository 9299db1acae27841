"""Suggestions as a part of the page, while somebody types."""

from typing import Annotated

from litestar import Response, get
from litestar.params import QueryParameter

from app.web.guards import public
from app.web.pages import page
from marketplace.products.suggestions.queries import suggestions


@get("/products/suggestions", guards=[public])
async def suggest(q: Annotated[str, QueryParameter(max_length=100)] = "") -> Response[str]:
    """Answer with the options of the search box's list."""
    return await page("marketplace/products/suggestions.html", suggestions=await suggestions(q))
