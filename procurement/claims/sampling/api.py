"""Samples for programs: drawing one for a selection, which wait, and saying that a drawn claim is in order."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from procurement.claims.desk.queries import ids_of
from procurement.claims.forms import ApprovalBody
from procurement.claims.sampling import queries, service
from procurement.claims.sampling.controllers import JUDGES


class DrawnBody(msgspec.Struct):
    """A sample: which claims were drawn, and which of them wait for a look. Few claims need none: both are empty."""

    sample: UUID | None
    drawn: Annotated[list[str], msgspec.Meta(examples=[["BT-2026-000123", "BT-2026-000131"]])]
    waiting: Annotated[list[str], msgspec.Meta(examples=[["BT-2026-000131"]])]


class WaitingSampleBody(msgspec.Struct):
    """A sample of so many claims of which some wait for a look."""

    sample: UUID
    claims: Annotated[int, msgspec.Meta(examples=[128])]
    drawn: Annotated[int, msgspec.Meta(examples=[12])]
    waiting: Annotated[list[str], msgspec.Meta(examples=[["BT-2026-000131"]])]


@get("/claims/samples", guards=[JUDGES], summary="List samples that wait")
async def list_samples(principal: CurrentPrincipal) -> list[WaitingSampleBody]:
    """Return the caller's own samples whose claims were not all looked at, the latest first."""
    found = await queries.waiting_samples(principal)
    return [WaitingSampleBody(one.public_id, one.claims, one.drawn, list(one.waiting)) for one in found]


@post("/claims/samples", guards=[JUDGES], status_code=200, summary="Draw a sample of claims to approve")
async def draw_sample(data: JSONBody[ApprovalBody], principal: CurrentPrincipal) -> DrawnBody:
    """Draw once the caller's approvals of the day are twenty with these.

    The same selection gives the same sample, however often it is asked, and more of it once more was approved before.
    """
    sample = await service.sample_for(principal, await ids_of(principal, data.references))
    if sample is None:
        return DrawnBody(None, [], [])
    waiting = [one.reference for one in sample.claims if not one.looked]
    return DrawnBody(sample.public_id, [one.reference for one in sample.claims], waiting)


@post(
    "/claims/samples/{sample:uuid}/{reference:str}",
    guards=[JUDGES], status_code=204, summary="Say that a drawn claim is in order",
)  # fmt: skip
async def look_at_claim(sample: FromPath[UUID], reference: FromPath[str], principal: CurrentPrincipal) -> None:
    """Say that one was looked at; only who drew the sample may."""
    await service.look_at(principal, sample, reference)
