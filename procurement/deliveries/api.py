"""Village orders for programs: what may be ordered, ordering, answering, accepting."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.contracts.queries import contract_ids
from procurement.deliveries import queries, service
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.answering.rules import OrderAnswer, Refusal
from procurement.deliveries.ordering import queries as ordering
from procurement.deliveries.ordering.queries import ServiceView
from procurement.deliveries.queries import OrderView
from procurement.deliveries.rules import Finding, LineFinding, OrderStatus
from procurement.deliveries.service import NewOrder
from procurement.reading import BUYERS

PARTY = requires(Permission.ORDER_PLACE, Permission.ORDER_ANSWER, *BUYERS)
CLERK = requires(Permission.ORDER_PLACE)


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


Contract = Annotated[str, _example("HT-2026-000003")]
Reference = Annotated[str, _example("DD-2026-000042")]
Village = Annotated[str, msgspec.Meta(max_length=12, examples=["330106001001"])]


class ServiceBody(msgspec.Struct):
    """A service under contract that a village may order."""

    contract_reference: Contract
    title_zh: Annotated[str, _example("民法典进村社")]
    organization_zh: Annotated[str, _example("西湖区某某法律服务中心")]
    category: Annotated[str, _example("legal_education")]
    unit: Annotated[str, _example("lecture")]
    minutes: Annotated[int, _example(90)]
    ends_on: Annotated[date, _example("2027-10-31")]
    left: Annotated[int, _example(12)]

    @classmethod
    def of(cls, view: ServiceView) -> "ServiceBody":
        """Return what a program sees of a service."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class OrderBody(msgspec.Struct):
    """One unit for a village, from the order to the acceptance."""

    reference: Reference
    status: OrderStatus
    contract_reference: Contract
    place_code: Village
    wished_start: Annotated[datetime, _example("2026-12-01T01:30:00Z")]
    minutes: Annotated[int, _example(90)]
    assignment_reference: Annotated[str | None, _example("RW-2026-000310")]
    reason: str
    answer_by: Annotated[datetime | None, _example("2026-12-01T16:00:00Z")]
    refusal: str
    verdict: str | None
    people_reached: Annotated[int | None, _example(46)]
    rating: Annotated[int | None, _example(5)]

    @classmethod
    def of(cls, view: OrderView) -> "OrderBody":
        """Return what a program sees of an order."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class NewOrderBody(msgspec.Struct):
    """An order to place."""

    contract: Contract
    place_code: Village
    wished_start: Annotated[datetime, _example("2026-12-01T01:30:00Z")]
    note_zh: Annotated[str, msgspec.Meta(max_length=300)] = ""


class NewOrdersBody(msgspec.Struct):
    """Orders that land together or not at all."""

    orders: Annotated[list[NewOrderBody], msgspec.Meta(min_length=1, max_length=1000)]


class PlacedBody(msgspec.Struct):
    """The numbers that were given, in the order asked."""

    references: Annotated[list[str], _example(["DD-2026-000042"])]


class AnswerBody(msgspec.Struct):
    """A provider's word on one order; who declines says why."""

    reference: Reference
    take: bool
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""
    refusal: Annotated[Refusal | None, _example("no_people")] = None


class AnswersBody(msgspec.Struct):
    """Answers that land together or not at all."""

    answers: Annotated[list[AnswerBody], msgspec.Meta(min_length=1, max_length=1000)]


class ReasonBody(msgspec.Struct):
    """Why an order is taken back; the provider reads it."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, examples=["村里那天停电。"])]


class LineFindingBody(msgspec.Struct):
    """What was found about one line of the requirement; what is not met is said in words."""

    number: Annotated[int, msgspec.Meta(ge=1, examples=[3])]
    met: bool
    words: Annotated[str, msgspec.Meta(max_length=500, examples=["现场答疑只有十分钟"])] = ""


class FindingBody(msgspec.Struct):
    """What an acceptor found about one delivered order.

    Without ``lines`` the one word goes for every line of the requirement; with ``rectify_by`` what is not accepted
    goes back to the provider to be put right until that day.
    """

    reference: Reference
    accepted: bool
    people_reached: Annotated[int, msgspec.Meta(ge=0, examples=[46])]
    rating: Annotated[int, msgspec.Meta(ge=1, le=5, examples=[5])]
    opinion: Annotated[str, msgspec.Meta(max_length=1000, examples=["讲得清楚，例子贴近生活。"])] = ""
    lines: list[LineFindingBody] = []
    rectify_by: Annotated[date | None, _example("2026-12-15")] = None

    def finding(self) -> Finding:
        """Return the same as the service takes it."""
        lines = tuple(LineFinding(line.number, line.met, line.words) for line in self.lines)
        return Finding(self.accepted, self.people_reached, self.rating, self.opinion, lines, self.rectify_by)


class FindingsBody(msgspec.Struct):
    """Findings that land together or not at all."""

    findings: Annotated[list[FindingBody], msgspec.Meta(min_length=1, max_length=1000)]


class CountsBody(msgspec.Struct):
    """How many ended in which state."""

    counts: Annotated[dict[str, int], _example({"scheduled": 40})]


@get("/villages/{place_code:str}/services", guards=[CLERK], summary="List what a village may order")
async def list_services(place_code: FromPath[str], principal: CurrentPrincipal) -> Page[ServiceBody]:
    """Services under contract for the village, the best rated first."""
    principal.scope(Permission.ORDER_PLACE).require_place(place_code)
    return Page([ServiceBody.of(row) for row in await ordering.services(place_code)])


@get("/orders", guards=[CLERK], summary="List one's villages' orders")
async def list_orders(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[OrderBody]:
    """Orders of the villages one orders for, the newest first."""
    size = page_size(limit)
    scope = principal.scope(Permission.ORDER_PLACE)
    rows = await queries.of_villages(scope, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, key=lambda row: row.id, size=size), OrderBody.of)


@get("/my/orders", guards=[requires(Permission.ORDER_ANSWER)], summary="List one's organizations' orders")
async def list_of_provider(
    principal: CurrentPrincipal,
    waiting: FromQuery[bool] = False,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[OrderBody]:
    """Orders that one's organizations have answered, the newest first; ``waiting``: those to answer, the soonest."""
    scope, size = principal.scope(Permission.ORDER_ANSWER), page_size(limit)
    if waiting:
        return Page([OrderBody.of(row) for row in await queries.to_answer(scope)])
    rows = await queries.of_organizations(scope, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, key=lambda row: row.id, size=size), OrderBody.of)


@get("/orders/to-accept", guards=[requires(Permission.DELIVERY_ACCEPT)], summary="List what waits for acceptance")
async def list_to_accept(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[OrderBody]:
    """Delivered orders of one's places that nobody has judged, the oldest first."""
    size = page_size(limit)
    scope = principal.scope(Permission.DELIVERY_ACCEPT)
    rows = await queries.to_accept(scope, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, key=lambda row: row.id, size=size), OrderBody.of)


@get("/orders/{reference:str}", guards=[PARTY], summary="Show an order")
async def show_order(reference: FromPath[str], principal: CurrentPrincipal) -> OrderBody:
    """One order to its village, its provider, its acceptor and its buyer."""
    return OrderBody.of(await queries.order(principal, reference))


@post("/orders", guards=[CLERK], summary="Place orders")
async def place(data: JSONBody[NewOrdersBody], principal: CurrentPrincipal) -> PlacedBody:
    """Order within quota and contract quantity, all or none."""
    ids = await contract_ids([one.contract for one in data.orders])
    wished = [
        NewOrder(row, one.place_code, one.wished_start, one.note_zh) for row, one in zip(ids, data.orders, strict=True)
    ]
    return PlacedBody(await queries.references_of(await service.place_orders(principal, wished)))


@post("/orders/{reference:str}/cancellation", guards=[CLERK], status_code=204, summary="Take an order back")
async def cancel(reference: FromPath[str], data: JSONBody[ReasonBody], principal: CurrentPrincipal) -> None:
    """Take an order back before people are sent; its unit is free again."""
    found = await queries.order(principal, reference)
    await service.cancel_order(principal, found.id, data.reason)


@post("/orders/answers", guards=[requires(Permission.ORDER_ANSWER)], summary="Answer orders")
async def answer(data: JSONBody[AnswersBody], principal: CurrentPrincipal) -> CountsBody:
    """Take or decline orders of one's organization, all or none; what is taken becomes assignments."""
    ids = await queries.order_ids([one.reference for one in data.answers])
    answered = [OrderAnswer(row, one.take, one.reason, one.refusal) for row, one in zip(ids, data.answers, strict=True)]
    return CountsBody(dict(await service.answer_orders(principal, answered)))


@post("/orders/acceptances", guards=[requires(Permission.DELIVERY_ACCEPT)], summary="Accept deliveries")
async def accept(data: JSONBody[FindingsBody], principal: CurrentPrincipal) -> CountsBody:
    """Accept delivered orders, refuse them or send them back, all or none; only accepted ones are paid."""
    ids = await queries.order_ids([one.reference for one in data.findings])
    verdicts = [Verdict(row, one.finding()) for row, one in zip(ids, data.findings, strict=True)]
    return CountsBody(dict(await accept_deliveries(principal, verdicts)))
