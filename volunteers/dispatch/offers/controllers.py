"""Being asked by a plan: the page behind a text message's link, and behind sign-in. Looking answers nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission
from app.core.errors import DomainError
from app.core.text import N_, Message, Words
from app.web.components import Crumb
from app.web.filters import span
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from volunteers.assignments.call_outs.controllers import secret
from volunteers.assignments.call_outs.rules import LinkUnknown
from volunteers.assignments.tags import WORDS
from volunteers.dispatch.offers import answering, queries
from volunteers.dispatch.offers.answering import REFUSALS, NotTaken
from volunteers.dispatch.offers.forms import AcceptForm, DeclineForm
from volunteers.dispatch.offers.queries import OfferCard
from volunteers.dispatch.offers.rules import REASON_NAMES, OfferEvent
from volunteers.dispatch.offers.tags import OFFER_TAGS

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
HOME, SAID_YES, SAID_NO = "/my/offers", N_("答应了，到时候见。"), N_("知道了，我们请别人去。谢谢答复。")
SAID_YES_TO_ALL = N_("都答应了，到时候见。")
NOT_THIS_ONE = N_("%(when)s %(title)s：%(why)s")


@get("/offers/{token:str}", guards=[public])
async def offers(token: FromPath[str]) -> Response[str]:
    """Show what the bearer of a link is asked for."""
    try:
        return await _by_link(token)
    except LinkUnknown as refusal:
        return secret(await page("volunteers/call_outs/unknown.html", status=refusal.status, refusal=refusal))


@post("/offers/{token:str}/accept", guards=[public])
async def accept_all(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Say yes to all that was shown with one tap."""
    form = await Form.read(request, AcceptForm)
    if failed := await answering.accept_all_by_token(token, form.value.offer):
        return secret(await _not_all(await queries.offers_of_token(token), f"/offers/{token}", failed))
    return see_other(f"/offers/{token}", SAID_YES_TO_ALL)


@post("/offers/{token:str}/{offer:uuid}/accept", guards=[public])
async def accept(token: FromPath[str], offer: FromPath[UUID]) -> Response[Any]:
    """Say yes with one tap."""
    try:
        await answering.answer_by_token(token, offer, OfferEvent.ACCEPT)
    except REFUSALS as refusal:
        return await _by_link(token, refusal)
    return see_other(f"/offers/{token}", SAID_YES)


@post("/offers/{token:str}/{offer:uuid}/decline", guards=[public])
async def decline(request: Request[Any, Any, Any], token: FromPath[str], offer: FromPath[UUID]) -> Response[Any]:
    """Say no with one tap."""
    form = await Form.read(request, DeclineForm)
    try:
        await answering.answer_by_token(token, offer, OfferEvent.DECLINE, form.value.reason)
    except REFUSALS as refusal:
        return await _by_link(token, refusal)
    return see_other(f"/offers/{token}", SAID_NO)


@get(HOME, guards=[VOLUNTEER])
async def my_offers(principal: CurrentPrincipal) -> Response[str]:
    """Show what plans ask of the person, and what they said before."""
    return await _show(await queries.own_offers(principal), HOME, crumbs=_crumbs())


@post(HOME + "/accept", guards=[VOLUNTEER])
async def accept_all_mine(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Say yes to all that was shown with one tap, signed in."""
    form = await Form.read(request, AcceptForm)
    if failed := await answering.accept_all(principal, form.value.offer):
        return await _not_all(await queries.own_offers(principal), HOME, failed, _crumbs())
    return see_other(HOME, SAID_YES_TO_ALL)


@post(HOME + "/{offer:uuid}/accept", guards=[VOLUNTEER])
async def accept_mine(offer: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Say yes with one tap, signed in."""
    try:
        await answering.answer_own(principal, offer, OfferEvent.ACCEPT)
    except REFUSALS as refusal:
        return await _show(await queries.own_offers(principal), HOME, refusal, crumbs=_crumbs())
    return see_other(HOME, SAID_YES)


@post(HOME + "/{offer:uuid}/decline", guards=[VOLUNTEER])
async def decline_mine(
    request: Request[Any, Any, Any], offer: FromPath[UUID], principal: CurrentPrincipal
) -> Response[Any]:
    """Say no with one tap, signed in."""
    form = await Form.read(request, DeclineForm)
    try:
        await answering.answer_own(principal, offer, OfferEvent.DECLINE, form.value.reason)
    except REFUSALS as refusal:
        return await _show(await queries.own_offers(principal), HOME, refusal, crumbs=_crumbs())
    return see_other(HOME, SAID_NO)


async def _by_link(token: str, refusal: DomainError | None = None) -> Response[str]:
    return secret(await _show(await queries.offers_of_token(token), f"/offers/{token}", refusal))


async def _show(
    cards: Sequence[OfferCard], path: str, refusal: DomainError | None = None, crumbs: list[Crumb] | None = None
) -> Response[str]:
    reasons = _reasons(refusal) if refusal else []
    return await _page(cards, path, reasons, refusal.status if refusal else None, crumbs)


async def _not_all(
    cards: Sequence[OfferCard], path: str, failed: Sequence[NotTaken], crumbs: list[Crumb] | None = None
) -> Response[str]:
    """Say by name what was not taken and why; the others are."""
    return await _page(cards, path, [text for one in failed for text in _named(one)], failed[0].refusal.status, crumbs)


def _reasons(refusal: DomainError) -> list[Message]:
    return getattr(refusal, "reasons", None) or [refusal.text()]


def _named(one: NotTaken) -> list[Message]:
    card = one.card
    title = Words(card.title_zh, card.title_en or card.title_zh)
    when = span(card.starts, card.ends)
    return [Message(NOT_THIS_ONE, {"when": when, "title": title, "why": why}) for why in _reasons(one.refusal)]


async def _page(
    cards: Sequence[OfferCard], path: str, reasons: Sequence[Message], status: int | None, crumbs: list[Crumb] | None
) -> Response[str]:
    return await page(
        "volunteers/dispatch/offers/offers.html",
        status=status,
        waiting=[card for card in cards if card.is_open],
        answered=[card for card in cards if not card.is_open],
        path=path,
        reasons=reasons,
        no_names=REASON_NAMES,
        offer_tags=OFFER_TAGS,
        crumbs=crumbs,
        **WORDS,
    )


def _crumbs() -> list[Crumb]:
    return [Crumb(N_("我的任务"), "/my/assignments"), Crumb(N_("邀请"))]
