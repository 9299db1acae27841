"""Finding somebody who goes instead, and the page of the one who is asked: one tap answers, looking never does."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.settings import settings
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from volunteers.assignments.exchanges import answering, options, queries, service
from volunteers.assignments.exchanges.forms import AskForm
from volunteers.assignments.exchanges.tags import OFFER_TAGS
from volunteers.assignments.tags import WORDS

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
FOLDER = "volunteers/assignments/exchanges"


@get("/my/assignments/{public_id:uuid}/exchange", guards=[VOLUNTEER])
async def exchange_form(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show who could go instead, and with whom one could change seats."""
    return await _ask(principal, public_id, Form.empty(AskForm))


@post("/my/assignments/{public_id:uuid}/exchange", guards=[VOLUNTEER])
async def ask(request: Request[Any, Any, Any], public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Ask the person or for the seat that was chosen; without either, make a link to pass on."""
    form = await Form.read(request, AskForm)
    try:
        offer = await ask_as_said(principal, public_id, form.value)
    except DomainError as refusal:
        return await _ask(principal, public_id, form.refused(refusal))
    return see_other(f"/exchanges/{offer}", N_("已发出。对方答应之前，这个班次还是你的。"))


@get("/exchanges/{public_id:uuid}", guards=[public])
async def offer_page(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show an offer to those whom it concerns; a link's to whoever opens it."""
    return await _show(principal, public_id)


@post("/exchanges/{public_id:uuid}/accept", guards=[VOLUNTEER])
async def accept_offer(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Say yes with one tap."""
    try:
        await answering.accept(principal, public_id)
    except DomainError as refusal:
        return await _show(principal, public_id, refusal)
    return see_other(f"/exchanges/{public_id}")


@post("/exchanges/{public_id:uuid}/decline", guards=[VOLUNTEER])
async def decline_offer(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Say no with one tap."""
    await answering.decline(principal, public_id)
    return see_other(f"/exchanges/{public_id}")


@post("/exchanges/{public_id:uuid}/withdraw", guards=[VOLUNTEER])
async def withdraw_offer(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Take one's own question back."""
    await service.withdraw_offer(principal, public_id)
    return see_other("/my/assignments", N_("已撤回，这个班次还是你的。"))


async def ask_as_said(principal: Principal, sign_up: UUID, said: AskForm) -> UUID:
    """Ask for a seat, a person, or whoever opens the link; return the offer's public id."""
    if said.seat is not None:
        return await service.propose_swap(principal, sign_up, said.seat, said.note)
    if said.person is not None:
        return await service.offer_to(principal, sign_up, said.person, said.note)
    return await service.offer_by_link(principal, sign_up, said.note)


async def _ask(principal: Principal, sign_up: UUID, form: Form[AskForm]) -> Response[str]:
    own = await options.own_seat(principal, sign_up)
    able = not (own.by_request or own.over_quota) and own.status == "confirmed"
    return await page(
        f"{FOLDER}/ask.html",
        form=form,
        own=own,
        able=able,
        asking=await queries.open_offer_about(sign_up),
        colleagues=await options.colleagues(principal, own) if able else [],
        swaps=await options.swaps(principal, own) if able else [],
        crumbs=[
            Crumb(N_("我的任务"), "/my/assignments"),
            Crumb(own.reference, f"/assignments/{own.reference}"),
            Crumb(N_("换人")),
        ],
    )


async def _show(principal: Principal, public_id: UUID, refusal: DomainError | None = None) -> Response[str]:
    card = await queries.offer_card(principal, public_id)
    response = await page(
        f"{FOLDER}/offer.html",
        status=refusal.status if refusal else None,
        offer=card,
        refusal=refusal,
        reasons=getattr(refusal, "reasons", None) or ([refusal.text()] if refusal else card.reasons),
        link=f"{settings().public_url}/exchanges/{public_id}",
        offer_tags=OFFER_TAGS,
        **WORDS,
    )
    response.headers["x-robots-tag"] = "noindex"
    response.headers["cache-control"] = "private, no-store"
    return response
