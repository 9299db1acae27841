"""Comparing for programs: setting a quotation aside, proposing a supplier, the stored sheet with its hash."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from procurement.offers.comparisons import queries, service
from procurement.offers.comparisons.queries import SheetView
from procurement.offers.comparisons.service import Proposal
from procurement.offers.controllers import OFFICER
from procurement.offers.rules import Ground
from procurement.purchases import queries as purchases
from procurement.reading import BUYERS, reading_scope


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


Sha256 = Annotated[str, _example("00d0288a4267d6197e01e8b87b1340ad2fd31dc5c0e6b4b79d75420037cfdc39")]


class ExclusionBody(msgspec.Struct):
    """Why an opened quotation does not count."""

    quotation: UUID
    ground: Ground
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, examples=["讲师没有执业证。"])]


class ProposalBody(msgspec.Struct):
    """Whom the meeting proposes; reasons are needed unless it is the lowest price, and none is suspiciously low."""

    proposed: UUID
    participants: Annotated[list[str], msgspec.Meta(min_length=2, max_length=60, examples=[["周明", "吴清"]])]
    held_on: Annotated[date, _example("2026-12-04")]
    reasons: Annotated[str, msgspec.Meta(max_length=2000, examples=["价格最低，要求全部满足。"])] = ""


class ProposedBody(msgspec.Struct):
    """The hash of the sheet that was stored."""

    text_sha256: Sha256


class SheetBody(msgspec.Struct):
    """The comparison sheet with its minutes as it was stored; its hash is that of its UTF-8 text."""

    purchase: Annotated[str, _example("CG-2026-000031")]
    body_zh: Annotated[str, _example("比价表和会议纪要……")]
    text_sha256: Sha256
    made_at: datetime
    maker: Annotated[str, msgspec.Meta(examples=["钱采购"])]

    @classmethod
    def of(cls, view: SheetView) -> "SheetBody":
        """Return what a program sees of a sheet."""
        return cls(view.reference, view.body_zh, view.text_sha256.hex(), view.made_at, view.maker)


@get("/quotation-requests/{reference:str}/comparison", guards=[requires(*BUYERS)], summary="Show a comparison sheet")
async def show_sheet(reference: FromPath[str], principal: CurrentPrincipal) -> SheetBody:
    """The stored sheet with its minutes; 404 before a supplier was proposed."""
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    return SheetBody.of(await queries.stored_sheet(found.id))


@post("/quotation-requests/{reference:str}/comparison", guards=[OFFICER], summary="Propose a supplier")
async def propose(reference: FromPath[str], data: JSONBody[ProposalBody], principal: CurrentPrincipal) -> ProposedBody:
    """Store the sheet with its minutes; the price below the ceiling is free again, another person approves."""
    found = await purchases.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    proposal = Proposal(data.proposed, data.participants, data.held_on, data.reasons)
    return ProposedBody(await service.propose_supplier(principal, found.id, proposal))


@post(
    "/quotation-requests/{reference:str}/exclusions",
    guards=[OFFICER], status_code=204, summary="Set a quotation aside",
)  # fmt: skip
async def exclude(reference: FromPath[str], data: JSONBody[ExclusionBody], principal: CurrentPrincipal) -> None:
    """Take an opened quotation out of the comparison, with its ground and reason."""
    found = await purchases.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    await service.set_aside(principal, found.id, data.quotation, data.ground, data.reason)
