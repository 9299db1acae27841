"""The resident's page behind a code: one tap, and a few words if one likes; no account, no JavaScript."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public
from app.web.pages import page, see_other
from volunteers.certificates.rules import read_code
from volunteers.thanks import browser, queries, rules, service
from volunteers.thanks.forms import StarsForm, WordsForm
from volunteers.thanks.service import Visitor

HOME = "/t"
FACES = {5: "emoji-laughing", 4: "emoji-smile", 3: "emoji-neutral", 2: "emoji-frown", 1: "emoji-angry"}
LONGEST_CODE = 20


@get(HOME, guards=[public])
async def ask_code(code: FromQuery[str] = "") -> Response[Any]:
    """Ask for the code that stands on the notice."""
    if code.strip():
        return see_other(f"{HOME}/{read_code(code)[:LONGEST_CODE]}")
    return await page("volunteers/thanks/ask.html", unknown=False)


@get("/t/{code:str}", guards=[public])
async def show(code: FromPath[str], request: Request[Any, Any, Any]) -> Response[str]:
    """Show five buttons, or what this browser has said."""
    return await _page(code, request, Form.empty(WordsForm))


@post("/t/{code:str}", guards=[public])
async def rate(code: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Keep the stars of one tap."""
    form = await Form.read(request, StarsForm)
    try:
        await service.rate(principal, _visitor(request), code, form.value.stars)
    except DomainError as refusal:
        return await _page(code, request, Form.empty(WordsForm).refused(refusal))
    return see_other(f"{HOME}/{read_code(code)}", N_("谢谢，记下了。"))


@post("/t/{code:str}/words", guards=[public])
async def thank(code: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Keep a short thanks."""
    form = await Form.read(request, WordsForm)
    try:
        await service.thank(principal, _visitor(request), code, form.value.words)
    except DomainError as refusal:
        return await _page(code, request, form.refused(refusal))
    return see_other(f"{HOME}/{read_code(code)}", N_("已转达，谢谢你。"))


def _visitor(request: Request[Any, Any, Any]) -> Visitor:
    token = browser.known(request)
    if token is None:
        raise rules.NoCookies
    return Visitor(token, _address(request))


def _address(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


async def _page(code: str, request: Request[Any, Any, Any], form: Form[WordsForm]) -> Response[str]:
    shift = await queries.by_code(code)
    if shift is None:
        await service.count_unknown_code(_address(request))
        if request.method != "GET":
            raise NotFound
        answer = await page("volunteers/thanks/ask.html", unknown=True, status=404)
    else:
        answer = await page(
            "volunteers/thanks/rate.html",
            form=form,
            shift=shift,
            said=await queries.said_by(shift.id, browser.remembered(request)),
            star_names=rules.STAR_NAMES,
            faces=FACES,
        )
    answer.headers["x-robots-tag"] = "noindex"
    return answer
