"""Giving for programs: beginning a gift, ending a monthly one."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, post
from litestar.params import FromPath, JSONBody

from app.accounts import attempts
from app.core.access import Permission
from app.web.guards import CurrentPrincipal, public, requires
from procurement.donations.gifts.controllers import GIFTS_PER_ADDRESS
from procurement.donations.gifts.ending import end_plan_for
from procurement.donations.gifts.service import Begun, NewGift, begin_gift


class NewGiftBody(msgspec.Struct):
    """A gift to begin; ``once`` is the program's own key for it: the same key and content open the same page."""

    amount_minor: Annotated[int, msgspec.Meta(gt=0, examples=[10_000])]
    once: Annotated[str, msgspec.Meta(min_length=32, max_length=36, examples=["6f1c0e5a3f5c4f0d9a3b1c2d3e4f5a6b"])]
    monthly: bool = False
    name: Annotated[str, msgspec.Meta(max_length=60, description="Empty: anonymous.")] = ""
    email: Annotated[str, msgspec.Meta(max_length=120, description="Where the acknowledgement goes.")] = ""
    locale: Literal["zh", "en"] = "zh"


class BegunBody(msgspec.Struct):
    """A gift that waits to be paid: the payment service's page, and the donor's own page here, for the donor alone."""

    reference: Annotated[str, msgspec.Meta(examples=["JZ-2026-000001"])]
    checkout_url: Annotated[str, msgspec.Meta(examples=["https://checkout.stripe.com/c/pay/cs_…"])]
    page_url: str

    @classmethod
    def of(cls, begun: Begun) -> "BegunBody":
        """Return what a program sees of a gift that was begun."""
        return cls(begun.reference, begun.checkout_url, begun.page_url)


@post("/donation-funds/{code:str}/gifts", guards=[public], summary="Begin a gift")
async def create_gift(code: FromPath[str], request: Request[Any, Any, Any], data: JSONBody[NewGiftBody]) -> BegunBody:
    """Write a gift down and open its page at the payment service; sent again with the same key, it is the same gift.

    The donor pays on that page. Amounts are minor units of the fund's currency.
    """
    await attempts.count("give-address", request.client.host if request.client else "", GIFTS_PER_ADDRESS)
    begun = await begin_gift(
        NewGift(code, data.amount_minor, data.monthly, data.once, data.name, data.email, data.locale)
    )
    return BegunBody.of(begun)


@post(
    "/gifts/{reference:str}/end",
    guards=[requires(Permission.DONATION_MANAGE)],
    status_code=204,
    summary="End a monthly gift",
)
async def end_monthly_gift(reference: FromPath[str], principal: CurrentPrincipal) -> None:
    """End the monthly gift that a gift belongs to, because its donor asked; what was given stays given."""
    await end_plan_for(principal, reference)
