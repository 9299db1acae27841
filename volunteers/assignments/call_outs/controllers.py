"""Being asked: the page behind a text message's link, and the same behind sign-in. One tap answers; GET never does."""

import hashlib
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.core.errors import DomainError
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from volunteers.assignments.call_outs import queries
from volunteers.assignments.call_outs.answering import answer_by_token, answer_own, see
from volunteers.assignments.call_outs.queries import CallCard, Standing
from volunteers.assignments.call_outs.rules import AskEvent, CallIsOver, LinkUnknown
from volunteers.assignments.sign_ups.rules import SignUpRefused
from volunteers.assignments.tags import WORDS

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
CHANGING = (Standing.ASKED, Standing.TAKEN)
"""Standings that others may change: the page asks again by itself."""


@get("/call/{token:str}", guards=[public])
async def called(token: FromPath[str]) -> Response[str]:
    """Show who is asked what they are asked for; looking answers nothing, so that previews do no harm."""
    try:
        return await _show(await queries.card_of_token(token), f"/call/{token}", looks=True)
    except LinkUnknown as refusal:
        return secret(await page("volunteers/call_outs/unknown.html", status=refusal.status, refusal=refusal))


@get("/call/{token:str}/now", guards=[public])
async def called_now(token: FromPath[str], seen: FromQuery[str] = "") -> Response[Any]:
    """Return the part of the page that changes, or nothing if it has not."""
    return await _changed(await queries.card_of_token(token), f"/call/{token}", seen)


@post("/call/{token:str}/seen", guards=[public])
async def note_seen(token: FromPath[str]) -> Response[None]:
    """Note that somebody looks, which a preview of the link does not say."""
    await see(token)
    return Response(None, status_code=204)


@post("/call/{token:str}/accept", guards=[public])
async def accept_call(token: FromPath[str]) -> Response[Any]:
    """Say yes with one tap."""
    try:
        await answer_by_token(token, AskEvent.ACCEPT)
    except (SignUpRefused, CallIsOver) as refusal:
        return await _show(await queries.card_of_token(token), f"/call/{token}", refusal)
    return see_other(f"/call/{token}")


@post("/call/{token:str}/decline", guards=[public])
async def decline_call(token: FromPath[str]) -> Response[Any]:
    """Say no with one tap, or give up one's place in line."""
    await answer_by_token(token, AskEvent.DECLINE)
    return see_other(f"/call/{token}")


@get("/my/calls/{public_id:uuid}", guards=[VOLUNTEER])
async def my_call(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show what one is asked for, signed in."""
    return await _show(await queries.own_card(principal, public_id), f"/my/calls/{public_id}")


@get("/my/calls/{public_id:uuid}/now", guards=[VOLUNTEER])
async def my_call_now(
    public_id: FromPath[UUID], principal: CurrentPrincipal, seen: FromQuery[str] = ""
) -> Response[Any]:
    """Return the part of the page that changes, or nothing if it has not."""
    return await _changed(await queries.own_card(principal, public_id), f"/my/calls/{public_id}", seen)


@post("/my/calls/{public_id:uuid}/accept", guards=[VOLUNTEER])
async def accept_my_call(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Say yes with one tap, signed in."""
    try:
        await answer_own(principal, public_id, AskEvent.ACCEPT)
    except (SignUpRefused, CallIsOver) as refusal:
        return await _show(await queries.own_card(principal, public_id), f"/my/calls/{public_id}", refusal)
    return see_other(f"/my/calls/{public_id}")


@post("/my/calls/{public_id:uuid}/decline", guards=[VOLUNTEER])
async def decline_my_call(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Say no with one tap, signed in."""
    await answer_own(principal, public_id, AskEvent.DECLINE)
    return see_other(f"/my/calls/{public_id}")


async def _show(card: CallCard, path: str, refusal: DomainError | None = None, *, looks: bool = False) -> Response[str]:
    reasons = getattr(refusal, "reasons", None) or ([refusal.text()] if refusal else [])
    context = {**_context(card, path), "reasons": reasons, "looks": looks and card.standing is Standing.ASKED}
    status = refusal.status if refusal else None
    return secret(await page("volunteers/call_outs/call.html", status=status, **context, **WORDS))


async def _changed(card: CallCard, path: str, seen: str) -> Response[Any]:
    if seen == _print(card):
        return secret(Response(None, status_code=204))
    return secret(await page("volunteers/call_outs/now.html", **_context(card, path)))


def _context(card: CallCard, path: str) -> dict[str, Any]:
    return {"call": card, "path": path, "print": _print(card), "changing": card.standing in CHANGING}


def _print(card: CallCard) -> str:
    """Return a short word that changes when the answer would."""
    return hashlib.sha256(f"{card.standing} {card.turn} {card.answer_by}".encode()).hexdigest()[:12]


def secret(response: Response[Any]) -> Response[Any]:
    """Keep a page that its address alone opens out of caches and search engines."""
    response.headers["cache-control"] = "private, no-store"
    response.headers["x-robots-tag"] = "noindex"
    return response
