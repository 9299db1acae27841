"""Statutory receipts for programs: the number of one that finance issued elsewhere."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from procurement.donations.desk.service import record_receipt


class ReceiptBody(msgspec.Struct):
    """A receipt (财政票据) by its number."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=60, examples=["浙票 0012345"])]
    issued_on: Annotated[date, msgspec.Meta(examples=["2026-12-01"])]


@post(
    "/gifts/{reference:str}/receipts",
    guards=[requires(Permission.DONATION_MANAGE)],
    status_code=204,
    summary="Record a statutory receipt",
)
async def create_receipt(reference: FromPath[str], principal: CurrentPrincipal, data: JSONBody[ReceiptBody]) -> None:
    """Record the number of a gift's receipt; the donor sees it. A number belongs to one gift."""
    await record_receipt(principal, reference, data.number, data.issued_on)
