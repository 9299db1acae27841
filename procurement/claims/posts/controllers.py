"""Posts of full-time mediators: the list with a form below it, and the end of one."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.claims.posts import queries, service
from procurement.claims.posts.forms import EndForm, PostForm
from procurement.claims.queries import districts_of

HOME = "/mediator-posts"
RECORDERS = requires(Permission.CASE_RECORD)


@get(HOME, guards=[RECORDERS])
async def posts(principal: CurrentPrincipal) -> Response[str]:
    """List the posts."""
    return await _page(principal, Form.empty(PostForm))


@post(HOME, guards=[RECORDERS])
async def record(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Record a post."""
    form = await Form.read(request, PostForm)
    try:
        await service.record_post(principal, await queries.draft_of(form.value))
    except DomainError as refusal:
        return await _page(principal, form.refused(refusal))
    return see_other(HOME, N_("岗位已登记。每个月过完以后自动生成申领。"))


@post(f"{HOME}/{{post_id:uuid}}/end", guards=[RECORDERS])
async def end(post_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Say the last day of a post."""
    form = await Form.read(request, EndForm)
    try:
        await service.end_post(principal, await queries.id_of(post_id), form.value.until_day)
    except InvalidInput as refusal:
        return await _page(principal, Form.empty(PostForm), form.refused(refusal), post_id)
    return see_other(HOME, N_("已写明终止日期。"))


async def _page(
    principal: CurrentPrincipal,
    form: Form[PostForm],
    ending: Form[EndForm] | None = None,
    ended: UUID | None = None,
) -> Response[str]:
    return await page(
        "procurement/claims/posts.html",
        status=(ending or form).status,
        form=form,
        ending=ending,
        ended=ended,
        rows=await queries.posts(principal),
        districts=await districts_of(principal.scope(Permission.CASE_RECORD)),
    )
