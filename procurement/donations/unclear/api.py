"""Unclear money for programs: what there is, what it is said to be, a second person's decision."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from procurement.donations.refunds.api import DecisionBody
from procurement.donations.unclear import queries, service
from procurement.donations.unclear.controllers import READER
from procurement.donations.unclear.queries import Matter
from procurement.donations.unclear.rules import Outcome
from procurement.donations.unclear.service import NewDecision


class MatterBody(msgspec.Struct):
    """A payment, or an entry of none, that belongs to no gift; amounts are minor units."""

    matter: Annotated[str, msgspec.Meta(examples=["pi_3Q…"])]
    total_minor: Annotated[int, msgspec.Meta(examples=[20_000])]
    currency: Annotated[str, msgspec.Meta(examples=["CNY"])]
    original_minor: Annotated[int, msgspec.Meta(examples=[20_000])]
    original_currency: Annotated[str, msgspec.Meta(examples=["CNY"])]
    made_at: datetime
    waiting: bool

    @classmethod
    def of(cls, view: Matter) -> "MatterBody":
        """Return what a program sees of a matter."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class NewDecisionBody(msgspec.Struct):
    """What the money is: a gift by its reference, a fund by its code, returned by a voucher, the operator's, offset."""

    outcome: Outcome
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=300, examples=["付款人来电确认"])]
    gift: Annotated[str, msgspec.Meta(max_length=20, examples=["JZ-2026-000001"])] = ""
    fund: Annotated[str, msgspec.Meta(max_length=40, examples=["legal-aid"])] = ""
    document: Annotated[str, msgspec.Meta(max_length=60)] = ""


class ProposedBody(msgspec.Struct):
    """A decision by its id."""

    id: UUID


@get("/unclear-money", guards=[READER], summary="List unclear money")
async def list_unclear_money(principal: CurrentPrincipal) -> list[MatterBody]:
    """What no gift explains, the oldest first; for those who look after every fund, empty for others."""
    return [MatterBody.of(one) for one in await queries.matters(principal)]


@post(
    "/unclear-money/{matter:str}/decisions",
    guards=[requires(Permission.DONATION_MANAGE)],
    summary="Say what unclear money is",
)
async def create_unclear_decision(
    matter: FromPath[str], principal: CurrentPrincipal, data: JSONBody[NewDecisionBody]
) -> ProposedBody:
    """Say with a reason where the money belongs; a second person decides unless nothing is left to move."""
    new = NewDecision(matter, data.outcome, data.reason, data.gift, data.fund, data.document)
    return ProposedBody(await service.propose_decision(principal, new))


@post(
    "/unclear-decisions/{decision:uuid}/decision",
    guards=[requires(Permission.DONATION_APPROVE)],
    status_code=204,
    summary="Decide on unclear money",
)
async def decide_on_unclear_money(
    decision: FromPath[UUID], principal: CurrentPrincipal, data: JSONBody[DecisionBody]
) -> None:
    """Approve a decision, which books it, or decline it; who proposed it is refused."""
    await service.decide(principal, decision, approve=data.approve)
