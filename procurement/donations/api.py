"""Donations for programs: the funds with their totals, which are public, and finance's gifts."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.donations.desk import queries as desk
from procurement.donations.desk.queries import GiftRow
from procurement.donations.funds import queries
from procurement.donations.funds.queries import FundView


class FundTotals(msgspec.Struct):
    """What came in and went out in one currency: minor units, equal to the ledger."""

    currency: Annotated[str, msgspec.Meta(examples=["CNY"])]
    given_minor: Annotated[int, msgspec.Meta(examples=[1_000_000])]
    fees_minor: Annotated[int, msgspec.Meta(examples=[34_200])]
    used_minor: Annotated[int, msgspec.Meta(examples=[500_000])]
    balance_minor: Annotated[int, msgspec.Meta(examples=[465_800])]


class FundBody(msgspec.Struct):
    """A fund; ``open`` tells whether its owner's qualification lets it take gifts today."""

    code: Annotated[str, msgspec.Meta(examples=["legal-aid"])]
    cause: Annotated[str, msgspec.Meta(examples=["legal_aid"])]
    name_zh: Annotated[str, msgspec.Meta(examples=["西湖法律援助基金"])]
    name_en: Annotated[str, msgspec.Meta(examples=["West Lake Legal Aid Fund"])]
    place_code: Annotated[str, msgspec.Meta(examples=["330106"])]
    open: bool
    totals: list[FundTotals]

    @classmethod
    def of(cls, view: FundView) -> "FundBody":
        """Return what a program sees of a fund."""
        totals = [FundTotals(one.currency, one.given, one.fees, one.used, one.balance) for one in view.totals]
        return cls(view.code, view.cause.value, view.name_zh, view.name_en, view.place_code, view.open, totals)


class GiftBody(msgspec.Struct):
    """A gift as finance sees it; who gave is not told here."""

    reference: Annotated[str, msgspec.Meta(examples=["JZ-2026-000001"])]
    amount_minor: Annotated[int, msgspec.Meta(examples=[10_000])]
    currency: Annotated[str, msgspec.Meta(examples=["CNY"])]
    status: Annotated[str, msgspec.Meta(examples=["given"])]
    monthly: bool
    refunded_minor: Annotated[int, msgspec.Meta(examples=[0])]
    disputed: bool
    receipt: bool
    started_at: datetime

    @classmethod
    def of(cls, row: GiftRow) -> "GiftBody":
        """Return what a program sees of a gift."""
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__ if name != "status"},
                   status=row.status.value)  # fmt: skip


@get("/donation-funds", guards=[public], summary="List funds")
async def list_funds() -> list[FundBody]:
    """Every fund with its totals; they equal the ledger."""
    return [FundBody.of(one) for one in await queries.funds()]


@get("/donation-funds/{code:str}", guards=[public], summary="Show a fund")
async def show_fund(code: FromPath[str]) -> FundBody:
    """One fund with its totals."""
    return FundBody.of(await queries.fund(code))


@get("/gifts", guards=[requires(Permission.DONATION_MANAGE, Permission.DONATION_APPROVE)], summary="List gifts")
async def list_gifts(
    principal: CurrentPrincipal, fund: FromQuery[str] = "", cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[GiftBody]:  # fmt: skip
    """The gifts of one's places, the latest first."""
    size = page_size(limit)
    found = await desk.gifts(principal, decode_cursor(cursor, int), fund, "", size + 1)
    return page_of(sliced(found, lambda row: row.id, size), GiftBody.of)
