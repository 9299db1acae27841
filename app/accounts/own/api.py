"""One's own account for programs: who am I, and my tokens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.accounts import tokens
from app.accounts.own import queries
from app.accounts.own.forms import TokenForm
from app.core.access import Role
from app.web.guards import CurrentPrincipal, signed_in

Name = Annotated[str, msgspec.Meta(examples=["monthly report"])]


class GrantBody(msgspec.Struct):
    """A role and where it holds; ``place_code`` covers everything below it."""

    role: Role
    place_code: str | None


class MeBody(msgspec.Struct):
    """Who the token or session stands for, and what it may do now."""

    public_id: UUID
    display_name: Annotated[str, msgspec.Meta(examples=["林晓荷"])]
    kind: Annotated[str, msgspec.Meta(examples=["token"], description="session or token")]
    grants: list[GrantBody]
    permissions: Annotated[list[str], msgspec.Meta(examples=[["app:account:self"]])]


class TokenBody(msgspec.Struct):
    """A token without its secret."""

    public_id: UUID
    name: Name
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    live: bool


class NewTokenBody(msgspec.Struct):
    """A token that was just made; ``secret`` is told here and never again."""

    public_id: UUID
    secret: Annotated[str, msgspec.Meta(examples=["fahui_…"])]
    expires_at: datetime


@get("/me", guards=[signed_in], summary="Who am I")
async def me(principal: CurrentPrincipal) -> MeBody:
    """Return the account behind the request and its permissions."""
    return MeBody(
        public_id=principal.public_id or UUID(int=0),
        display_name=principal.name,
        kind=principal.kind,
        grants=[GrantBody(grant.role, grant.place_code) for grant in principal.grants],
        permissions=sorted(permission.value for permission in principal.scopes),
    )


@get("/tokens", guards=[signed_in], summary="List my tokens")
async def list_tokens(principal: CurrentPrincipal) -> list[TokenBody]:
    """Return the person's tokens, the newest first."""
    return [
        TokenBody(row.public_id, row.name, row.created_at, row.expires_at, row.last_used_at, row.live)
        for row in await queries.own_tokens(principal)
    ]


@post("/tokens", guards=[signed_in], summary="Make a token (browser session only)")
async def create_token(data: JSONBody[TokenForm], principal: CurrentPrincipal) -> NewTokenBody:
    """Make a token; a token cannot make another one, and officers need their second factor."""
    issued = await tokens.create_token(principal, data.name, data.days)
    return NewTokenBody(issued.public_id, issued.secret, issued.expires_at)


@delete("/tokens/{public_id:uuid}", guards=[signed_in], summary="Revoke a token")
async def revoke_token(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Make one of the person's tokens worthless at once."""
    await tokens.revoke_token(principal, public_id)
