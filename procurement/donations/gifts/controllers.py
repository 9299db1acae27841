"""The giving form: it works without a script and ends on the payment service's page."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts import attempts
from app.accounts.rules import Limit
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import public
from app.web.i18n import locale
from app.web.pages import page
from procurement.donations import choosing
from procurement.donations.funds import queries
from procurement.donations.funds.controllers import is_demo
from procurement.donations.gifts.forms import RHYTHM_NAMES, GiftForm, Rhythm
from procurement.donations.gifts.service import GiftFormUsed, NewGift, begin_gift
from procurement.donations.payments import GatewayRefused

GIFTS_PER_ADDRESS = Limit(30, timedelta(hours=1))


@get("/funds/{code:str}/give", guards=[public])
async def ask(code: FromPath[str]) -> Response[str]:
    """Show the form, or why the fund takes no gifts."""
    return await _form(code, Form.empty(GiftForm, once=uuid4().hex, rhythm=Rhythm.ONCE))


@post("/funds/{code:str}/give", guards=[public])
async def give(code: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
    """Begin the gift and go on to the payment service's page."""
    form = await Form.read(request, GiftForm)
    try:
        said = form.value
        await attempts.count("give-address", request.client.host if request.client else "", GIFTS_PER_ADDRESS)
        begun = await begin_gift(
            NewGift(
                code, said.amount, said.rhythm is Rhythm.MONTHLY, said.once, "" if said.anonymous else said.name,
                said.email, locale(),
            )
        )  # fmt: skip
    except DomainError as refusal:
        return await _form(code, form.refused(refusal), fresh=isinstance(refusal, GatewayRefused | GiftFormUsed))
    return Redirect(begun.checkout_url, status_code=303)


async def _form(code: str, form: Form[GiftForm], *, fresh: bool = False) -> Response[str]:
    """Show the form; with a new key where the last one is used up, else the same, so that nothing is done twice."""
    found = await queries.fund(code)
    return await page(
        "procurement/donations/give.html",
        form=form,
        once=uuid4().hex if fresh else form.text("once"),
        fund=found,
        rhythms=RHYTHM_NAMES,
        closed=choosing.closed(),
        demo=is_demo(),
        crumbs=[Crumb(N_("捐赠"), "/funds"), Crumb(localized(found, "name"), found.path), Crumb(N_("捐款"))],
    )
