"""Spending from a fund for programs: proposed with its use, decided by a second person."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from procurement.donations.refunds.api import DecisionBody
from procurement.donations.uses.service import NewUse, decide_use, propose_use


class NewUseBody(msgspec.Struct):
    """What a fund's money is spent on; the public reads the purpose."""

    amount_minor: Annotated[int, msgspec.Meta(gt=0, examples=[60_000])]
    used_on: Annotated[date, msgspec.Meta(examples=["2026-11-30"])]
    purpose_zh: Annotated[str, msgspec.Meta(min_length=1, max_length=300, examples=["三件案件的鉴定费"])]
    document: Annotated[str, msgspec.Meta(min_length=1, max_length=60, examples=["付字 2026-018"])]
    purpose_en: Annotated[str, msgspec.Meta(max_length=600)] = ""
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$", examples=["CNY"])] = "CNY"


class UseBody(msgspec.Struct):
    """A use by its id, and where it stands."""

    id: UUID
    status: Annotated[Literal["proposed", "approved", "declined"], msgspec.Meta(examples=["proposed"])]


@post("/donation-funds/{code:str}/uses", guards=[requires(Permission.DONATION_MANAGE)], summary="Propose a use")
async def create_use(code: FromPath[str], principal: CurrentPrincipal, data: JSONBody[NewUseBody]) -> UseBody:
    """Say what money of a fund is spent on, with its voucher; a second person decides."""
    new = NewUse(
        code, data.amount_minor, data.currency, data.used_on, data.purpose_zh, data.purpose_en, data.document
    )  # fmt: skip
    return UseBody(await propose_use(principal, new), "proposed")


@post(
    "/fund-uses/{use:uuid}/decision",
    guards=[requires(Permission.DONATION_APPROVE)],
    status_code=200,
    summary="Decide on a use",
)
async def decide_on_use(use: FromPath[UUID], principal: CurrentPrincipal, data: JSONBody[DecisionBody]) -> UseBody:
    """Approve a use, which books and publishes it, or decline it; who proposed it is refused, as is overspending."""
    await decide_use(principal, use, approve=data.approve)
    return UseBody(use, "approved" if data.approve else "declined")
