"""People and roles, for managers of accounts."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.accounts import memberships, privacy, second_factor
from app.accounts.labels import ROLE_LABELS
from app.accounts.managed import queries
from app.accounts.managed.forms import GrantForm, SearchForm
from app.accounts.own.queries import held_roles
from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced

ACCOUNTS = "/accounts"
MANAGERS = requires(Permission.ACCOUNT_MANAGE)
Answer = Response[Any]


@get("/accounts", guards=[MANAGERS])
async def accounts(
    request: Request[Any, Any, Any], principal: CurrentPrincipal, cursor: FromQuery[str | None] = None
) -> Answer:
    """List the accounts within reach."""
    asked = Form.from_query(request, SearchForm).value
    found = await queries.accounts_in_reach(principal, asked.q, before=decode_cursor(cursor, int), limit=PAGE + 1)
    return await page(
        "app/accounts/accounts.html",
        asked=asked,
        part=sliced(found, key=lambda row: row.id),
        role_labels=ROLE_LABELS,
    )


@get("/accounts/{public_id:uuid}", guards=[MANAGERS])
async def account(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Answer:
    """Show one account."""
    return await _account(principal, public_id, Form.empty(GrantForm))


@post("/accounts/{public_id:uuid}/roles", guards=[MANAGERS])
async def grant(request: Request[Any, Any, Any], public_id: FromPath[UUID], principal: CurrentPrincipal) -> Answer:
    """Give a role."""
    form = await Form.read(request, GrantForm)
    try:
        given = form.value
        await memberships.grant_membership(
            *(principal, public_id, given.role),
            place_code=given.place_code or None,
            uscc=given.uscc or None,
            until=_end_of(given.until),
            deputy_for=await _deputized(given.deputy_for),
        )
    except DomainError as refusal:
        return await _account(principal, public_id, form.refused(refusal))
    return see_other(f"{ACCOUNTS}/{public_id}", N_("角色已授予。"))


@get("/accounts/{public_id:uuid}/roles", guards=[MANAGERS])
async def back_to_account(public_id: FromPath[UUID]) -> Answer:
    """Answer whoever reloads the answer to the form."""
    return see_other(f"{ACCOUNTS}/{public_id}")


@post("/accounts/{public_id:uuid}/roles/{membership:uuid}/end", guards=[MANAGERS])
async def end(public_id: FromPath[UUID], membership: FromPath[UUID], principal: CurrentPrincipal) -> Answer:
    """End a role."""
    await memberships.end_membership(principal, membership)
    return see_other(f"{ACCOUNTS}/{public_id}", N_("角色已结束。"))


@post("/accounts/{public_id:uuid}/second-factor/reset", guards=[MANAGERS])
async def reset_second_factor(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Answer:
    """Take off a lost second factor."""
    await second_factor.reset(principal, public_id)
    return see_other(f"{ACCOUNTS}/{public_id}", N_("动态口令已解除，对方下次登录时重新绑定。"))


@post("/accounts/{public_id:uuid}/phone", guards=[requires(Permission.ACCOUNT_REVEAL)])
async def reveal(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Answer:
    """Show a number in full, on this answer only; the look is on record."""
    number = await privacy.reveal_phone(principal, public_id)
    return await page("app/accounts/revealed.html", number=number)


@get("/accounts/{public_id:uuid}/phone", guards=[requires(Permission.ACCOUNT_REVEAL)])
async def hidden_again(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Answer:
    """Answer whoever reloads: a look is asked for each time."""
    manages = principal.can(Permission.ACCOUNT_MANAGE)
    return see_other(f"{ACCOUNTS}/{public_id}" if manages else "/workbench")


async def _account(principal: Principal, public_id: UUID, form: Form[GrantForm]) -> Response[str]:
    managed = await queries.managed_account(principal, public_id)
    return await page(
        "app/accounts/managed.html",
        form=form,
        managed=managed,
        roles=await held_roles(managed.id),
        role_labels=ROLE_LABELS,
        crumbs=[Crumb(N_("人员与角色"), ACCOUNTS), Crumb(managed.display_name)],
        himself=managed.id == principal.account_id,
    )


def _end_of(day: date | None) -> datetime | None:
    """Return the end of a day in Hangzhou: a role until the 5th holds on the 5th."""
    return clock.at_local(day + timedelta(days=1), time(0)) if day else None


async def _deputized(phone: str) -> UUID | None:
    if not phone:
        return None
    try:
        return await queries.account_of_phone(phone)
    except (InvalidInput, NotFound):
        raise InvalidInput({"deputy_for": Message(N_("没有找到这个手机号的账号。"))}) from None
