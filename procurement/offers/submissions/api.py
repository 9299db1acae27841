"""Quotations for programs: a supplier's invitations, handing in and taking back; the public result."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.offers.results import queries as results
from procurement.offers.submissions import queries, service
from procurement.offers.submissions.queries import InvitationView, Outcome

SUPPLIER = requires(Permission.FRAMEWORK_APPLY)


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class InvitationBody(msgspec.Struct):
    """An invitation; the receipt is of the supplier's own last upload, null if there is none or it was taken back."""

    id: UUID
    purchase_reference: Annotated[str, _example("CG-2026-000031")]
    status: Outcome
    purpose_zh: Annotated[str, _example("企业合规讲座")]
    category: Annotated[str, _example("legal_education")]
    unit: Annotated[str, _example("lecture")]
    quantity: Annotated[int, _example(10)]
    ceiling_fen: Annotated[int, _example(60_000)]
    starts_on: Annotated[date, _example("2027-01-04")]
    ends_on: Annotated[date, _example("2027-06-30")]
    deadline: datetime
    received_at: datetime | None
    sha256: Annotated[str | None, _example("00d0288a4267d6197e01e8b87b1340ad2fd31dc5c0e6b4b79d75420037cfdc39")]

    @classmethod
    def of(cls, view: InvitationView) -> "InvitationBody":
        """Return what a supplier's program sees of an invitation."""
        same = ("purpose_zh", "quantity", "ceiling_fen", "starts_on", "ends_on", "deadline", "received_at")
        return cls(
            id=view.public_id,
            purchase_reference=view.reference,
            status=view.outcome,
            category=view.category.value,
            unit=view.unit.value,
            sha256=view.sha256.hex() if view.sha256 else None,
            **{name: getattr(view, name) for name in same},
        )


class InvitationDetail(InvitationBody):
    """An invitation with the requirements, in their order from 1."""

    requirements_zh: list[Annotated[str, _example("讲师有执业证")]] = []


class QuotationBody(msgspec.Struct):
    """A quotation to seal; it is readable to nobody before the deadline, not to its sender either."""

    unit_price_fen: Annotated[int, msgspec.Meta(ge=1, examples=[52_000])]
    product_reference: Annotated[str, _example("CP-2026-000012")]
    legal_representative: Annotated[str, msgspec.Meta(min_length=1, max_length=60, examples=["王一"])]
    controlled_by: Annotated[str, msgspec.Meta(max_length=60, examples=[""])] = ""
    met: Annotated[list[int], _example([1, 2])] = []
    words_zh: Annotated[str, msgspec.Meta(max_length=2000, examples=["含讲义"])] = ""
    file_name: Annotated[str, msgspec.Meta(max_length=120, examples=["报价说明.pdf"])] = ""
    file_base64: Annotated[bytes, _example("")] = b""


class ReceiptBody(msgspec.Struct):
    """Which ciphertext arrived when, by the database's clock."""

    sha256: Annotated[str, _example("00d0288a4267d6197e01e8b87b1340ad2fd31dc5c0e6b4b79d75420037cfdc39")]
    received_at: datetime


class ResultBody(msgspec.Struct):
    """The public result."""

    purchase_reference: Annotated[str, _example("CG-2026-000031")]
    organization_zh: Annotated[str, _example("西湖区某某法律服务中心")]
    product_reference: Annotated[str, _example("CP-2026-000012")]
    quantity: Annotated[int, _example(10)]
    unit_price_fen: Annotated[int, _example(52_000)]
    amount_fen: Annotated[int, _example(520_000)]
    quotations: Annotated[int, _example(4)]
    countable: Annotated[int, _example(3)]
    opened_at: datetime
    approved_at: datetime
    contract_reference: Annotated[str | None, _example("HT-2026-000003")]


@get("/quotations", guards=[SUPPLIER], summary="List invitations")
async def list_invitations(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[InvitationBody]:
    """The invitations of one's organizations, the latest first."""
    size = page_size(limit)
    rows = await queries.invitations(principal, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, key=lambda row: row.id, size=size), InvitationBody.of)


@get("/quotations/{public_id:uuid}", guards=[SUPPLIER], summary="Show an invitation")
async def show_invitation(public_id: FromPath[UUID], principal: CurrentPrincipal) -> InvitationDetail:
    """One invitation with its requirements and one's own receipt."""
    view = await queries.invitation(principal, public_id)
    known = msgspec.structs.asdict(InvitationBody.of(view))
    return InvitationDetail(**known, requirements_zh=await queries.requirements(view.id))


@post("/quotations/{public_id:uuid}", guards=[SUPPLIER], summary="Hand a quotation in")
async def hand_in(public_id: FromPath[UUID], data: JSONBody[QuotationBody], principal: CurrentPrincipal) -> ReceiptBody:
    """Seal a quotation; it replaces the one before."""
    offered = service.Offered(
        data.unit_price_fen, data.product_reference, data.met, data.legal_representative, data.controlled_by,
        data.words_zh, data.file_name, data.file_base64,
    )  # fmt: skip
    receipt = await service.hand_in(principal, public_id, offered)
    return ReceiptBody(receipt.sha256.hex(), receipt.received_at)


@post("/quotations/{public_id:uuid}/withdrawal", guards=[SUPPLIER], status_code=204, summary="Take a quotation back")
async def take_back(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Take one's quotation back before the deadline."""
    await service.take_back(principal, public_id)


@get("/quotation-results/{reference:str}", guards=[public], summary="Show a result")
async def show_result(reference: FromPath[str]) -> ResultBody:
    """The result of an approved purchase, to everybody."""
    found = await results.result(reference)
    same = [name for name in ResultBody.__struct_fields__ if name != "purchase_reference"]
    return ResultBody(found.reference, **{name: getattr(found, name) for name in same})
