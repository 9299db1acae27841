"""Declared ties for programs: an officer's own, declaring one, stating its end."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.web.api import Page
from app.web.guards import CurrentPrincipal
from marketplace.organizations.interests import queries, service
from marketplace.organizations.interests.controllers import OFFICER
from marketplace.organizations.interests.queries import InterestView
from marketplace.organizations.interests.rules import Interest, InterestKind


class InterestBody(msgspec.Struct):
    """A tie to an organization; ``bars`` says whether the caller stands aside for it today."""

    id: UUID
    kind: InterestKind
    organization: UUID
    organization_zh: Annotated[str, msgspec.Meta(examples=["某某律师事务所"])]
    organization_en: Annotated[str, msgspec.Meta(examples=["Example Law Firm"])]
    since: date
    until: date | None
    declared_at: datetime
    bars: bool

    @classmethod
    def of(cls, view: InterestView) -> "InterestBody":
        """Return what the officer's program sees of a tie."""
        names = [name for name in cls.__struct_fields__ if name != "id"]
        return cls(view.public_id, **{name: getattr(view, name) for name in names})


class NewInterestBody(msgspec.Struct):
    """A tie to declare, to an organization found by its credit code; without an end it lasts."""

    uscc: Annotated[str, msgspec.Meta(max_length=18, examples=["31330106MD0012345X"])]
    kind: InterestKind
    since: date
    until: date | None = None


class EndBody(msgspec.Struct):
    """When a tie ended."""

    until: date


@get("/interests", guards=[OFFICER], summary="List one's declared ties")
async def list_interests(principal: CurrentPrincipal) -> Page[InterestBody]:
    """The caller's own ties, the newest first; nobody else's."""
    rows, _ = await queries.own_interests(principal)
    return Page([InterestBody.of(row) for row in rows])


@post("/interests", guards=[OFFICER], summary="Declare a tie")
async def declare(data: JSONBody[NewInterestBody], principal: CurrentPrincipal) -> InterestBody:
    """Declare one's own tie; from now on it bars, for as long as the law says."""
    await service.declare_interest(principal, Interest(data.uscc, data.kind, data.since, data.until))
    [latest, *_], _ = await queries.own_interests(principal)
    return InterestBody.of(latest)


@post("/interests/{public_id:uuid}/end", guards=[OFFICER], status_code=204, summary="State that a tie ended")
async def end(public_id: FromPath[UUID], data: JSONBody[EndBody], principal: CurrentPrincipal) -> None:
    """State the last day of one's own tie, once."""
    await service.end_interest(principal, public_id, data.until)
