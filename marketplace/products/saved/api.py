"""A person's own searches for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal, signed_in
from marketplace.products.catalogue.forms import CatalogueForm
from marketplace.products.saved import service
from marketplace.products.saved.queries import SavedView, my_searches
from marketplace.products.saved.rules import LONGEST_NAME

Query = Annotated[
    str,
    msgspec.Meta(
        max_length=1_000,
        description="The query of /products that asks for it.",
        examples=["q=%E8%AE%A8%E8%96%AA&place=330106"],
    ),
]
Name = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME, examples=["西湖区讨薪"])]


class NewSearchBody(msgspec.Struct):
    """A search to keep."""

    name: Name
    query: Query


class SavedSearchBody(msgspec.Struct):
    """A search that is kept."""

    id: UUID
    name: Name
    query: Query
    told_until: datetime

    @classmethod
    def of(cls, view: SavedView) -> "SavedSearchBody":
        """Return what a program sees of a search."""
        return cls(view.public_id, view.name, view.address, view.told_until)


class KeptBody(msgspec.Struct):
    """The id of a search that was kept."""

    id: UUID


@get("/saved-searches", guards=[signed_in], summary="List one's saved searches")
async def list_searches(principal: CurrentPrincipal) -> list[SavedSearchBody]:
    """List the searches the caller keeps."""
    return [SavedSearchBody.of(view) for view in await my_searches(principal)]


@post("/saved-searches", guards=[signed_in], summary="Keep a search")
async def create_search(data: JSONBody[NewSearchBody], principal: CurrentPrincipal) -> KeptBody:
    """Keep a search; once a day a message tells of what is newly listed and fits."""
    return KeptBody(await service.save_search(principal, data.name, CatalogueForm.at(data.query)))


@delete("/saved-searches/{public_id:uuid}", guards=[signed_in], status_code=204, summary="Delete a saved search")
async def delete_search(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Delete one of the caller's searches."""
    await service.forget_search(principal, public_id)
