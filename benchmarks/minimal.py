"""The peer: the same queries behind a bare Litestar and a template of one line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import jinja2
from litestar import Litestar, MediaType, get

from app.composition import compose
from app.core import storage
from marketplace.products.catalogue.forms import CatalogueForm
from marketplace.products.catalogue.queries import catalogue_page
from volunteers.assignments.queries import AssignmentFilter, open_assignments

ROWS = 200
TEMPLATE = jinja2.Environment(autoescape=True).from_string(
    "<!doctype html><title>x</title><ul>{% for row in rows %}<li>{{ row.title_zh }}</li>{% endfor %}</ul>"
)


@get("/products", media_type=MediaType.HTML)
async def products() -> str:
    """List the catalogue."""
    return TEMPLATE.render(rows=(await catalogue_page(CatalogueForm().asked(), None, ROWS)).rows)


@get("/assignments", media_type=MediaType.HTML)
async def assignments() -> str:
    """List what is open."""
    return TEMPLATE.render(rows=await open_assignments(AssignmentFilter(), None, ROWS))


@asynccontextmanager
async def connected(_: Litestar) -> AsyncIterator[None]:
    """Keep the pool open."""
    compose()
    async with storage.opened():
        yield


def create_app() -> Litestar:
    """Return the peer."""
    return Litestar([products, assignments], lifespan=[connected], openapi_config=None)
