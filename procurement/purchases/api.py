"""Purchases for programs: list, show, ask, decide, take back."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.core.errors import NotFound
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.frameworks.admissions import queries as admissions
from procurement.purchases import queries, service
from procurement.purchases.closing import service as closing
from procurement.purchases.queries import PurchaseView
from procurement.purchases.rules import Method, PurchaseStatus
from procurement.purchases.service import PurchaseDecision, PurchaseRequest
from procurement.purchases.tags import GROUPS
from procurement.reading import BUYERS, reading_scope


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


Code = Annotated[str, msgspec.Meta(max_length=12, examples=["330106"])]
Reference = Annotated[str, _example("CG-2026-000007")]


class PurchaseBody(msgspec.Struct):
    """A purchase; its supplier and product are null until one is found, its framework is a call-off's."""

    reference: Reference
    method: Method
    status: PurchaseStatus
    product_reference: Annotated[str | None, _example("CP-2026-000012")]
    organization_public_id: UUID | None
    framework_reference: Annotated[str | None, _example("KJ-2026-000001")]
    place_code: Code
    quantity: Annotated[int, _example(20)]
    unit_price_fen: Annotated[int, _example(60_000)]
    amount_fen: Annotated[int, _example(1_200_000)]
    purpose_zh: Annotated[str, _example("村社普法讲座")]
    requested_at: datetime
    approved_at: datetime | None
    contract_reference: Annotated[str | None, _example("HT-2026-000003")]
    ordered: Annotated[int, _example(8)]
    accepted: Annotated[int, _example(5)]

    @classmethod
    def of(cls, view: PurchaseView) -> "PurchaseBody":
        """Return what a program sees of a purchase."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class RequestBody(msgspec.Struct):
    """A purchase to ask for; it is paid from this year's line for purchases of the named place."""

    admission: UUID
    place_code: Code
    line_place_code: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, examples=[20])]
    purpose_zh: Annotated[str, msgspec.Meta(min_length=1, max_length=200, examples=["村社普法讲座"])]


class RequestsBody(msgspec.Struct):
    """Requests that land together or not at all."""

    requests: Annotated[list[RequestBody], msgspec.Meta(min_length=1, max_length=1000)]


class ReferencesBody(msgspec.Struct):
    """The numbers that were given, in the order asked."""

    references: Annotated[list[str], _example(["CG-2026-000007"])]


class DecisionBody(msgspec.Struct):
    """An approver's word on one purchase; a refusal needs its reason."""

    reference: Reference
    approve: bool
    reason: Annotated[str, msgspec.Meta(max_length=500, examples=["超出本年计划。"])] = ""
    minutes: Annotated[str, msgspec.Meta(max_length=100, examples=["办公会纪要〔2026〕5号"])] = ""
    step: Annotated[int | None, _example(1)] = None  # the step that is meant; refused if it is taken


class DecisionsBody(msgspec.Struct):
    """Decisions that land together or not at all."""

    decisions: Annotated[list[DecisionBody], msgspec.Meta(min_length=1, max_length=1000)]


class EvaluationBody(msgspec.Struct):
    """The performance evaluation in words; its figures are kept with it."""

    evaluation_zh: Annotated[str, msgspec.Meta(min_length=1, max_length=4_000, examples=["按约定完成，村社满意。"])]


class ReasonBody(msgspec.Struct):
    """Why something is taken back."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, examples=["计划调整。"])]


@get("/purchases", guards=[requires(*BUYERS)], summary="List purchases")
async def list_purchases(
    principal: CurrentPrincipal,
    group: FromQuery[str] = "open",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[PurchaseBody]:
    """Purchases of one's places by how far they are.

    ``group``: open, choosing, waiting (for an approver), approved, signing, delivering, closing, ended.
    """
    size = page_size(limit)
    ways = GROUPS.get(group, GROUPS["open"])[1]
    scope = reading_scope(principal, *BUYERS)
    rows = await queries.purchases(scope, ways, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, key=lambda row: row.id, size=size), PurchaseBody.of)


@get("/purchases/{reference:str}", guards=[requires(*BUYERS)], summary="Show a purchase")
async def show_purchase(reference: FromPath[str], principal: CurrentPrincipal) -> PurchaseBody:
    """One purchase of one's places."""
    return PurchaseBody.of(await queries.purchase(reading_scope(principal, *BUYERS), reference))


@post("/purchases", guards=[requires(Permission.PURCHASE_REQUEST)], summary="Ask for purchases")
async def ask(data: JSONBody[RequestsBody], principal: CurrentPrincipal) -> ReferencesBody:
    """Ask for purchases, all or none; their money is reserved at once."""
    choices = await queries.line_choices(principal.scope(Permission.PURCHASE_REQUEST))
    lines = {line.key.split("/")[0]: line.id for line in choices}
    if any(one.line_place_code not in lines for one in data.requests):
        raise NotFound
    ids = await admissions.admission_ids([one.admission for one in data.requests])
    wanted = [
        PurchaseRequest(row, lines[one.line_place_code], one.place_code, one.quantity, one.purpose_zh)
        for row, one in zip(ids, data.requests, strict=True)
    ]
    return ReferencesBody(await queries.references_of(await service.request_purchases(principal, wanted)))


@post(
    "/purchases/decisions",
    guards=[requires(Permission.PURCHASE_APPROVE)],
    status_code=204,
    summary="Decide purchases",
)
async def decide(data: JSONBody[DecisionsBody], principal: CurrentPrincipal) -> None:
    """Take the next step of purchases that other people asked for, all or none; the last one approves them."""
    ids = await queries.purchase_ids([one.reference for one in data.decisions])
    await service.decide_purchases(
        principal,
        [
            PurchaseDecision(row, one.approve, one.reason, one.minutes, one.step)
            for row, one in zip(ids, data.decisions, strict=True)
        ],
    )


@post(
    "/purchases/{reference:str}/cancellation",
    guards=[requires(Permission.PURCHASE_REQUEST)],
    status_code=204,
    summary="Take a purchase back",
)
async def cancel(reference: FromPath[str], data: JSONBody[ReasonBody], principal: CurrentPrincipal) -> None:
    """Take a purchase back before its contract binds; its money is free again."""
    found = await queries.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    await service.cancel_purchase(principal, found.id, data.reason)


@post(
    "/purchases/{reference:str}/evaluation",
    guards=[requires(Permission.PURCHASE_REQUEST)],
    status_code=204,
    summary="Evaluate a purchase",
)
async def rate(reference: FromPath[str], data: JSONBody[EvaluationBody], principal: CurrentPrincipal) -> None:
    """Write the performance evaluation of a purchase that is delivered and paid."""
    found = await queries.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    await closing.rate_purchase(principal, found.id, data.evaluation_zh)


@post(
    "/purchases/{reference:str}/closure",
    guards=[requires(Permission.PURCHASE_REQUEST)],
    status_code=204,
    summary="Close a purchase",
)
async def close(reference: FromPath[str], principal: CurrentPrincipal) -> None:
    """Close the file of an evaluated purchase."""
    found = await queries.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    await closing.close_purchase(principal, found.id)
