"""The demonstration's payment page, and its door; neither exists where a real payment service, or none, is set up."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.errors import NotFound
from app.web.guards import public
from app.web.pages import page
from procurement.donations import choosing
from procurement.donations.fake import acting, objects
from procurement.donations.fake.delivery import deliver_waiting
from procurement.donations.fake.gateway import DemoGateway
from procurement.donations.fake.objects import Body


@get("/demo/checkout/{page_id:str}", guards=[public])
async def show(page_id: FromPath[str]) -> Response[str]:
    """Show the page on which a donor would type a card number."""
    _, found = await _page(page_id)
    return await page("procurement/donations/demo_checkout.html", checkout=found, back=_back(found))


@post("/demo/checkout/{page_id:str}/pay", guards=[public])
async def pay(page_id: FromPath[str]) -> Response[Any]:
    """Pay, have the event sent, and go back to the site."""
    gateway, found = await _page(page_id)
    await acting.pay(gateway, page_id)
    await deliver_waiting()
    return Redirect(urlsplit(found["done_url"]).path, status_code=303)  # on this very site, by whatever name


@post("/demo/checkout/{page_id:str}/decline", guards=[public])
async def decline(page_id: FromPath[str]) -> Response[Any]:
    """Have the card refused; the page stays open."""
    await _page(page_id)
    await acting.decline(page_id)
    await deliver_waiting()
    return Redirect(f"/demo/checkout/{page_id}", status_code=303)


def _back(found: Body) -> str:
    parts = urlsplit(found["back_url"])
    return f"{parts.path}?{parts.query}"


async def _page(page_id: str) -> tuple[DemoGateway, Body]:
    gateway = None if choosing.closed() else choosing.gateway()
    if not isinstance(gateway, DemoGateway):
        raise NotFound
    found = await objects.read(page_id)
    if found.get("object") != "checkout.session":
        raise NotFound
    return gateway, found
