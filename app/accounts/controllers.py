"""Signing in and out, the second factor, and the privacy notice."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromQuery

from app.accounts import second_factor, sessions, sign_in
from app.accounts.forms import CodeForm, JoinAs, OneTimeForm, PasswordForm, PhoneForm
from app.accounts.rules import PRIVACY_NOTICE
from app.accounts.sessions import NextStep, SignedIn
from app.accounts.sign_in import Browser
from app.core.errors import DomainError
from app.core.text import N_
from app.web import cookies, i18n
from app.web import sessions as cookie
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, signed_in
from app.web.pages import own_path, page, see_other
from app.web.qr import svg

HOME = "/workbench"
STEPS = {NextStep.VERIFY: "/sign-in/second-factor", NextStep.ENROL: "/sign-in/enrol"}
JOIN_LABELS = {JoinAs.RESIDENT: N_("我要找法律服务"), JoinAs.VOLUNTEER: N_("我要做志愿者")}


@get("/sign-in", guards=[public])
async def sign_in_page(principal: CurrentPrincipal, next: FromQuery[str | None] = None) -> Response[Any]:
    """Show both ways in on one page."""
    if principal.signed_in:
        return see_other(own_path(next, HOME))
    return await _ways_in(Form.empty(PhoneForm, next=next), Form.empty(PasswordForm, next=next))


@get(["/sign-in/code", "/sign-in/phone", "/sign-in/password"], guards=[public])
async def begin_again() -> Response[Any]:
    """Begin again: the number is never in an address, so a reloaded page does not know it."""
    return see_other("/sign-in")


@post("/sign-in/code", guards=[public])
async def send_code(request: Request[Any, Any, Any]) -> Response[Any]:
    """Send a code and ask for it; the page is the same for every number."""
    form = await Form.read(request, PhoneForm)
    try:
        await sign_in.request_code(form.value.phone, _browser(request))
    except DomainError as refusal:
        return await _ways_in(form.refused(refusal), Form.empty(PasswordForm, next=form.texts["next"]))
    return await _ask_code(Form.empty(CodeForm, phone=form.value.phone, next=form.value.next))


@post("/sign-in/phone", guards=[public])
async def by_code(request: Request[Any, Any, Any]) -> Response[Any]:
    """Sign in with a code."""
    form = await Form.read(request, CodeForm)
    try:
        given = form.value
        session = await sign_in.sign_in_with_code(
            given.phone, given.code, _browser(request), consent=given.consent, role=given.join_as.role
        )
    except DomainError as refusal:
        return await _ask_code(form.refused(refusal))
    return _entered(session, given.next)


@post("/sign-in/password", guards=[public])
async def by_password(request: Request[Any, Any, Any]) -> Response[Any]:
    """Sign in with e-mail and password."""
    form = await Form.read(request, PasswordForm)
    try:
        given = form.value
        session = await sign_in.sign_in_with_password(
            given.email, given.password, _browser(request), consent=given.consent
        )
    except DomainError as refusal:
        return await _ways_in(Form.empty(PhoneForm, next=form.texts["next"]), form.refused(refusal))
    return _entered(session, given.next)


@get("/sign-in/second-factor", guards=[signed_in])
async def second_factor_page(next: FromQuery[str | None] = None) -> Response[str]:
    """Ask for the one-time password."""
    return await page("app/accounts/second_factor.html", form=Form.empty(OneTimeForm, next=next))


@post("/sign-in/second-factor", guards=[signed_in])
async def give_second_factor(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Take the one-time password."""
    form = await Form.read(request, OneTimeForm)
    try:
        session = await second_factor.verify(principal, form.value.code)
    except DomainError as refusal:
        return await page("app/accounts/second_factor.html", form=form.refused(refusal))
    return _entered(session, form.value.next)


@get("/sign-in/enrol", guards=[signed_in])
async def enrol_page(principal: CurrentPrincipal, next: FromQuery[str | None] = None) -> Response[str]:
    """Show the secret to scan."""
    return await _enrolment(principal, Form.empty(OneTimeForm, next=next))


@post("/sign-in/enrol", guards=[signed_in])
async def enrol(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Enrol the app that shows the right digits."""
    form = await Form.read(request, OneTimeForm)
    try:
        session = await second_factor.confirm_enrolment(principal, form.value.code)
    except DomainError as refusal:
        return await _enrolment(principal, form.refused(refusal))
    return _entered(session, form.value.next, N_("动态口令已绑定。"))


@post("/sign-out", guards=[public])
async def sign_out(principal: CurrentPrincipal) -> Response[Any]:
    """End this session."""
    await sessions.sign_out(principal)
    cookie.end()
    answer = see_other("/", N_("已退出登录。"))
    answer.headers["Clear-Site-Data"] = '"storage"'  # pages kept for when there is no network
    return answer


@get("/privacy", guards=[public])
async def privacy_notice() -> Response[str]:
    """Show what is done with personal data."""
    return await page("app/accounts/privacy.html", version=PRIVACY_NOTICE)


async def _ways_in(phone: Form[PhoneForm], password: Form[PasswordForm]) -> Response[str]:
    status = max(phone.status, password.status)
    return await page("app/accounts/sign_in.html", status=status, phone=phone, password=password)


async def _ask_code(form: Form[CodeForm]) -> Response[str]:
    return await page("app/accounts/code.html", form=form, join_labels=JOIN_LABELS)


async def _enrolment(principal: CurrentPrincipal, form: Form[OneTimeForm]) -> Response[str]:
    enrolment = await second_factor.begin_enrolment(principal)
    return await page("app/accounts/enrol.html", form=form, enrolment=enrolment, picture=svg(enrolment.uri))


def _browser(request: Request[Any, Any, Any]) -> Browser:
    ours = cookies.read(request.headers.get("cookie", ""))
    address = request.client.host if request.client else ""
    return Browser(address, ours.get(cookies.SESSION, ""), i18n.locale())


def _entered(session: SignedIn, wanted: str, flash: str | None = None) -> Response[Any]:
    """Send the session's cookie and go on: to the second factor where one is due, else to where the person was."""
    cookie.start(session.token, session.seconds)
    path = own_path(wanted, HOME)
    step = STEPS.get(session.next_step)
    return see_other(f"{step}?{urlencode({'next': path})}" if step else path, flash)
