"""The donor's private page: thanks, the acknowledgement as PDF, and the end of a monthly gift."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.errors import DomainError, NotFound
from app.core.settings import settings
from app.core.text import N_
from app.web.guards import public
from app.web.pages import page, see_other, to_save
from procurement.donations.acknowledgements import queries
from procurement.donations.acknowledgements.layout import Letter, letter_pdf
from procurement.donations.acknowledgements.queries import GivenGift
from procurement.donations.choosing import closed, gateway
from procurement.donations.gifts import links
from procurement.donations.gifts.ending import end_plan
from procurement.donations.gifts.entries import Finder
from procurement.donations.gifts.settling import settle_checkout
from procurement.donations.rules import GiftStatus
from procurement.donations.tags import GIFT_TAGS

ADDRESS = "/gifts/{gift:uuid}/{word:str}"
OPEN = (GiftStatus.STARTED, GiftStatus.PROCESSING, GiftStatus.FAILED)


@get(ADDRESS, guards=[public])
async def show(gift: FromPath[UUID], word: FromPath[str], back: FromQuery[str] = "") -> Response[str]:
    """Thank the donor; who comes back before the payment service has told us is looked up at once."""
    links.require(gift, word)
    found = await queries.given_gift(gift)
    if found.status in OPEN and found.checkout_id is not None:
        await _look_up(found.checkout_id)
        found = await queries.given_gift(gift)
    shown = await page(
        "procurement/donations/thanks.html",
        gift=found,
        path=links.path(gift),
        given_up=bool(back) and found.status in OPEN,
        demo=closed() is None and gateway().demo,
        tags=GIFT_TAGS,
    )
    shown.headers["referrer-policy"] = "no-referrer"  # the address is the key
    shown.headers["cache-control"] = "private, no-store"
    return shown


@get(f"{ADDRESS}/acknowledgement.pdf", guards=[public])
async def paper(gift: FromPath[UUID], word: FromPath[str]) -> Response[bytes]:
    """Hand out the acknowledgement that counts, or else the last one with the mark that it is void."""
    links.require(gift, word)
    found = await queries.given_gift(gift)
    if not found.acknowledgements:
        raise NotFound
    letter = _letter(found)
    content = await asyncio.to_thread(letter_pdf, letter)
    return to_save(content, f"{letter.number}.pdf", "application/pdf")


@post(f"{ADDRESS}/end", guards=[public])
async def end(gift: FromPath[UUID], word: FromPath[str]) -> Response[Any]:
    """End the monthly gift."""
    links.require(gift, word)
    try:
        await end_plan(gift)
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        return see_other(links.path(gift), refusal.text(), "need")
    return see_other(links.path(gift), N_("每月捐赠已停止，以后不再扣款。"))


async def _look_up(checkout_id: str) -> None:
    """Ask the payment service; where it does not answer, its event will come or be found later."""
    try:
        await settle_checkout(checkout_id, Finder.REDIRECT)
    except DomainError:
        return


def _letter(found: GivenGift) -> Letter:
    latest = found.counting or found.acknowledgements[-1]
    return Letter(
        latest.number, latest.issued_at, latest.amount_minor, found.currency, found.name,
        (found.fund_zh, found.fund_en), (found.owner_zh, found.owner_en), found.reference, found.receipt,
        f"{settings().public_url}/funds/{found.fund_code}", bool(latest.void_reason),
        closed() is None and gateway().demo,
    )  # fmt: skip
