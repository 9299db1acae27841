"""Inviting friends, the page that their link opens, and the page of a group; looking never answers."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.settings import settings
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from volunteers.assignments.companions import queries, service
from volunteers.assignments.companions.forms import GatherForm
from volunteers.assignments.companions.rules import GroupStatus
from volunteers.assignments.companions.service import Answer
from volunteers.assignments.companions.tags import GROUP_TAGS
from volunteers.assignments.queries import assignment_page, position_id
from volunteers.assignments.rules import AssignmentStatus
from volunteers.assignments.tags import WORDS

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
FOLDER = "volunteers/assignments/companions"


@get("/assignments/{reference:str}/{number:int}/companions", guards=[VOLUNTEER])
async def gather_form(reference: FromPath[str], number: FromPath[int]) -> Response[str]:
    """Ask how many come."""
    return await _ask(reference, number, Form.empty(GatherForm))


@post("/assignments/{reference:str}/{number:int}/companions", guards=[VOLUNTEER])
async def gather(
    request: Request[Any, Any, Any], reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal
) -> Response[Any]:
    """Make the group and show its link, which is kept nowhere."""
    form = await Form.read(request, GatherForm)
    try:
        made = await service.gather(principal, await position_id(reference, number), form.value.size)
    except DomainError as refusal:
        return await _ask(reference, number, form.refused(refusal), getattr(refusal, "reasons", ()))
    return see_other(f"/companions/{made.token}", N_("约好了。把链接发给朋友，到齐就一起报上。"))


@get("/companions/{token:str}", guards=[public])
async def invitation(token: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show an invitation to whoever has its link."""
    return await _invitation(principal, token)


@post("/companions/{token:str}/agree", guards=[VOLUNTEER])
async def agree(token: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Say yes with one tap."""
    try:
        answer = await service.agree(principal, token)
    except DomainError as refusal:
        return await _invitation(principal, token, refusal)
    return _answered(answer)


@get("/my/companions/{public_id:uuid}", guards=[VOLUNTEER])
async def group(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show a group to its people."""
    return await _show(await queries.own_group(principal, public_id))


@post("/my/companions/{public_id:uuid}/try", guards=[VOLUNTEER])
async def try_again(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Try once more to seat everybody."""
    return _answered(await service.try_again(principal, public_id))


@post("/my/companions/{public_id:uuid}/link", guards=[VOLUNTEER])
async def renew_link(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Make a new link."""
    token = await service.renew_link(principal, public_id)
    return see_other(f"/companions/{token}", N_("新链接在下面，旧的已失效。"))


@post("/my/companions/{public_id:uuid}/leave", guards=[VOLUNTEER])
async def leave(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Take one's yes back."""
    await service.leave(principal, public_id)
    return see_other("/my/assignments", N_("已退出这一组。"))


@post("/my/companions/{public_id:uuid}/dissolve", guards=[VOLUNTEER])
async def dissolve(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Give the group up."""
    await service.dissolve(principal, public_id)
    return see_other("/my/assignments", N_("已解散，也告诉了大家。"))


def _answered(answer: Answer) -> Redirect:
    path = f"/my/companions/{answer.public_id}"
    if answer.status is GroupStatus.SEATED:
        return see_other(path, N_("到齐了，%(size)s 人都报上了。"), size=answer.size)
    if answer.obstacle is not None:
        return see_other(path, N_("人到齐了，但没有报上。原因发给了每个人。"), "wait")
    return see_other(path, N_("答应了。还差 %(missing)s 人，到齐就一起报上。"), missing=answer.size - answer.agreed)


async def _ask(reference: str, number: int, form: Form[GatherForm], reasons: Any = ()) -> Response[str]:
    shift = await assignment_page(reference)
    position = next((one for one in shift.positions if one.number == number), None)
    if position is None or shift.status is AssignmentStatus.DRAFT:
        raise NotFound
    return await page(
        f"{FOLDER}/gather.html",
        form=form,
        shift=shift,
        position=position,
        sizes=queries.sizes(position.free),
        reasons=reasons,
        crumbs=[
            Crumb(N_("做志愿"), "/assignments"),
            Crumb(localized(shift, "title"), f"/assignments/{reference}"),
            Crumb(N_("和朋友一起去")),
        ],
    )


async def _invitation(principal: Principal, token: str, refusal: DomainError | None = None) -> Response[str]:
    return await _show(await queries.invitation(principal, token), token, refusal)


async def _show(card: queries.GroupCard, token: str = "", refusal: DomainError | None = None) -> Response[str]:
    response = await page(
        f"{FOLDER}/group.html",
        status=refusal.status if refusal else None,
        group=card,
        token=token,
        link=f"{settings().public_url}/companions/{token}" if token else "",
        reasons=getattr(refusal, "reasons", None) or ([refusal.text()] if refusal else card.reasons),
        group_tags=GROUP_TAGS,
        **WORDS,
    )
    response.headers["x-robots-tag"] = "noindex"
    response.headers["cache-control"] = "private, no-store"
    return response
