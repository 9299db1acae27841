"""The page of one's own account."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.accounts import memberships, privacy, profile, sessions, tokens
from app.accounts.labels import ROLE_LABELS
from app.accounts.own import queries
from app.accounts.own.forms import EmailForm, Language, PasswordSetForm, ProfileForm, TokenForm
from app.accounts.tokens import IssuedToken
from app.core.access import Principal, Role
from app.core.errors import DomainError
from app.core.text import N_
from app.web import sessions as cookie
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, signed_in
from app.web.pages import page, see_other

ACCOUNT = "/account"
LANGUAGES = {Language.ZH: N_("中文"), Language.EN: N_("English")}
DAYS = [(30, "30"), (90, "90"), (180, "180"), (365, "365")]
Answer = Response[Any]


@get("/account", guards=[signed_in])
async def account(principal: CurrentPrincipal) -> Answer:
    """Show the account."""
    return await _account(principal)


@get(["/account/profile", "/account/email", "/account/password", "/account/tokens"], guards=[signed_in])
async def back_to_account() -> Answer:
    """Answer whoever reloads the answer to a form, or changes its language."""
    return see_other(ACCOUNT)


@post("/account/profile", guards=[signed_in])
async def change_profile(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Answer:
    """Change name and language."""
    form = await Form.read(request, ProfileForm)
    try:
        await profile.change_profile(principal, form.value.display_name, form.value.locale.value)
    except DomainError as refusal:
        return await _account(principal, profile_form=form.refused(refusal))
    return see_other(ACCOUNT, N_("已保存。"))


@post("/account/email", guards=[signed_in])
async def send_email_code(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Answer:
    """Send a code to the address and ask for it together with the password."""
    form = await Form.read(request, EmailForm)
    try:
        address = request.client.host if request.client else ""
        await profile.request_email_code(principal, form.value.email, address)
    except DomainError as refusal:
        return await _account(principal, email_form=form.refused(refusal))
    return await _password(Form.empty(PasswordSetForm, email=form.value.email))


@post("/account/password", guards=[signed_in])
async def set_password(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Answer:
    """Set address and password."""
    form = await Form.read(request, PasswordSetForm)
    try:
        given = form.value
        await profile.set_email_and_password(principal, given.email, given.code, given.password)
    except DomainError as refusal:
        return await _password(form.refused(refusal))
    return see_other(ACCOUNT, N_("邮箱和密码已设置，其他设备已退出登录。"))


@post("/account/tokens", guards=[signed_in])
async def create_token(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Answer:
    """Make a token and show it on this answer only."""
    form = await Form.read(request, TokenForm)
    try:
        issued = await tokens.create_token(principal, form.value.name, form.value.days)
    except DomainError as refusal:
        return await _account(principal, token_form=form.refused(refusal))
    return await _account(principal, issued=issued)


@post("/account/tokens/{public_id:uuid}/revoke", guards=[signed_in])
async def revoke_token(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Answer:
    """Revoke a token."""
    await tokens.revoke_token(principal, public_id)
    return see_other(ACCOUNT, N_("令牌已作废。"))


@post("/account/roles/volunteer", guards=[signed_in])
async def become_volunteer(principal: CurrentPrincipal) -> Answer:
    """Become a volunteer."""
    await memberships.take_self_role(principal, Role.VOLUNTEER)
    return see_other(ACCOUNT, N_("欢迎加入志愿者队伍。请到志愿者页面完善资料。"))


@post("/account/roles/{membership:uuid}/end", guards=[signed_in])
async def lay_down(membership: FromPath[UUID], principal: CurrentPrincipal) -> Answer:
    """Lay down a role of one's own."""
    await memberships.end_membership(principal, membership)
    return see_other(ACCOUNT, N_("角色已结束。"))


@post("/account/sign-out-everywhere", guards=[signed_in])
async def sign_out_everywhere(principal: CurrentPrincipal) -> Answer:
    """End all sessions."""
    await sessions.sign_out_everywhere(principal)
    cookie.end()
    return see_other("/", N_("所有设备都已退出登录。"))


@post("/account/consent/withdraw", guards=[signed_in])
async def withdraw_consent(principal: CurrentPrincipal) -> Answer:
    """Take back the consent to the privacy notice."""
    await privacy.withdraw_consent(principal)
    cookie.end()
    return see_other("/", N_("已撤回同意，并退出所有设备。再次登录时可重新同意。"))


@post("/account/erase", guards=[signed_in])
async def erase(principal: CurrentPrincipal) -> Answer:
    """Erase the account."""
    await privacy.erase_account(principal)
    cookie.end()
    return see_other("/", N_("账号和个人信息已删除。"))


async def _account(
    principal: Principal,
    *,
    profile_form: Form[ProfileForm] | None = None,
    email_form: Form[EmailForm] | None = None,
    token_form: Form[TokenForm] | None = None,
    issued: IssuedToken | None = None,
) -> Response[str]:
    own = await queries.own_account(principal)
    shown = Form.empty(ProfileForm, display_name=own.display_name, locale=Language(own.locale))
    refused = next((form for form in (profile_form, email_form, token_form) if form), None)
    return await page(
        "app/accounts/account.html",
        status=refused.status if refused else 200,
        own=own,
        sessions=await queries.own_sessions(principal),
        tokens=await queries.own_tokens(principal),
        roles=await queries.held_roles(principal.actor),
        profile_form=profile_form or shown,
        email_form=email_form or Form.empty(EmailForm, email=own.email),
        token_form=token_form or Form.empty(TokenForm),
        issued=issued,
        languages=LANGUAGES,
        days=DAYS,
        role_labels=ROLE_LABELS,
        volunteer=Role.VOLUNTEER in principal.roles,
    )


async def _password(form: Form[PasswordSetForm]) -> Response[str]:
    return await page("app/accounts/password.html", form=form)
