"""Refunds for programs: asked for by one person, decided by another."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from procurement.donations.refunds.service import NewRefund, decide_refund, propose_refund
from procurement.donations.rules import RefundStatus


class NewRefundBody(msgspec.Struct):
    """Money to give back of a gift, in minor units of its currency, and why."""

    amount_minor: Annotated[int, msgspec.Meta(gt=0, examples=[3_000])]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, examples=["捐赠人填错金额"])]


class RefundBody(msgspec.Struct):
    """A refund by its id, and where it stands."""

    id: UUID
    status: Annotated[RefundStatus, msgspec.Meta(examples=["proposed"])]


class DecisionBody(msgspec.Struct):
    """A second person's word."""

    approve: bool


@post("/gifts/{reference:str}/refunds", guards=[requires(Permission.DONATION_MANAGE)], summary="Ask for a refund")
async def create_refund(
    reference: FromPath[str], principal: CurrentPrincipal, data: JSONBody[NewRefundBody]
) -> RefundBody:
    """Ask for a refund; a second person decides. No more than is left of the gift."""
    made = await propose_refund(principal, NewRefund(reference, data.amount_minor, data.reason))
    return RefundBody(made, RefundStatus.PROPOSED)


@post(
    "/gift-refunds/{refund:uuid}/decision",
    guards=[requires(Permission.DONATION_APPROVE)],
    status_code=200,
    summary="Decide on a refund",
)
async def decide_on_refund(
    refund: FromPath[UUID], principal: CurrentPrincipal, data: JSONBody[DecisionBody]
) -> RefundBody:
    """Approve a refund, which has the payment service carry it out, or decline it; who asked is refused.

    ``approved`` means that the payment service did not answer: it is asked again by itself.
    """
    return RefundBody(refund, await decide_refund(principal, refund, approve=data.approve))
