"""The places one goes to, for programs."""

from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from volunteers.people.served import queries, service
from volunteers.people.served.controllers import VOLUNTEER

Code = Annotated[str, msgspec.Meta(max_length=12, examples=["330110"])]


class ServedBody(msgspec.Struct):
    """A district, town or village by its official code."""

    code: Code


class ServedEntry(msgspec.Struct):
    """A place the caller goes to."""

    code: Code
    name_zh: Annotated[str, msgspec.Meta(examples=["余杭区"])]
    name_en: str


@get("/people/me/places", guards=[VOLUNTEER], summary="List the places one serves")
async def list_places(principal: CurrentPrincipal) -> list[ServedEntry]:
    """List where the caller goes beside what is near home."""
    return [ServedEntry(one.code, one.name_zh, one.name_en) for one in await queries.my_places(principal)]


@post("/people/me/places", guards=[VOLUNTEER], summary="Serve one place more")
async def add_served(data: JSONBody[ServedBody], principal: CurrentPrincipal) -> list[ServedEntry]:
    """Name a place; its assignments count as near from now on."""
    await service.serve(principal, data.code)
    return [ServedEntry(one.code, one.name_zh, one.name_en) for one in await queries.my_places(principal)]


@delete("/people/me/places/{code:str}", guards=[VOLUNTEER], summary="Serve a place no more")
async def delete_served(code: FromPath[str], principal: CurrentPrincipal) -> None:
    """Take a place back."""
    await service.stop_serving(principal, code)
