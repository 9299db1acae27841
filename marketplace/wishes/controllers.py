"""The wall, a wish of one's own, and what can be done about one."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb, Tag
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from marketplace.organizations.provision import CATEGORY_NAMES
from marketplace.products.areas import city_and_districts
from marketplace.products.catalogue.tags import CATEGORY_TAGS
from marketplace.products.content import GROUP_NAMES
from marketplace.wishes import queries, service
from marketplace.wishes.forms import AnswerForm, CloseForm, SupportForm, WishForm
from marketplace.wishes.rules import ALIVE, STATUS_NAMES, WishStatus

CLERK, PROVIDER = requires(Permission.ORDER_PLACE), requires(Permission.PRODUCT_WRITE)
CLOSER = requires(Permission.ORDER_PLACE, Permission.PRODUCT_REVIEW)
DISTRICT_DIGITS = 6
TONES = {
    WishStatus.OPEN: "wait",
    WishStatus.ANSWERED: "info",
    WishStatus.FULFILLED: "done",
    WishStatus.CLOSED: "off",
}
NAMES: dict[str, Any] = {
    "status_tags": {status: Tag(tone, STATUS_NAMES[status]) for status, tone in TONES.items()},
    "category_tags": CATEGORY_TAGS,
    "category_names": CATEGORY_NAMES,
    "group_names": GROUP_NAMES,
}


@get("/wishes", guards=[public])
async def wall(
    category: FromQuery[str] = "",
    district: FromQuery[str] = "",
    over: FromQuery[str] = "",
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the wall."""
    rows = await queries.wall(category, district, over=bool(over), after=decode_cursor(cursor, int), limit=25)
    return await page(
        "marketplace/wishes/wall.html",
        part=sliced(rows, key=lambda row: row.id, size=24),
        category=category,
        district=district,
        over=bool(over),
        districts=[
            (one.code, localized(one, "name")) for one in await city_and_districts() if len(one.code) == DISTRICT_DIGITS
        ],
        **NAMES,
    )


@get("/wishes/new", guards=[CLERK])
async def wish_form(principal: CurrentPrincipal) -> Response[str]:
    """Show an empty wish."""
    return await _new(principal, Form.empty(WishForm))


@post("/wishes", guards=[CLERK])
async def write(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Write a wish."""
    form = await Form.read(request, WishForm)
    try:
        asked = form.value
        reference = await service.write_wish(
            principal, asked.place_code, asked.category, asked.target_group, asked.words_zh
        )
    except DomainError as refusal:
        return await _new(principal, form.refused(refusal))
    return see_other(f"/wishes/{reference}", N_("已贴上许愿墙，有机构来应会通知你。"))


@get("/wishes/{reference:str}", guards=[public])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one wish."""
    return await _show(principal, reference)


@post("/wishes/{reference:str}/support", guards=[CLERK])
async def support(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Want the same."""
    form = await Form.read(request, SupportForm)
    try:
        await service.support(principal, reference, form.value.place_code)
    except DomainError as refusal:
        return await _show(principal, reference, form.refused(refusal))
    return see_other(f"/wishes/{reference}", N_("已加上你们村（社区）。"))


@post("/wishes/{reference:str}/answer", guards=[PROVIDER])
async def answer(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Answer with a product."""
    form = await Form.read(request, AnswerForm)
    try:
        status = await service.answer(principal, reference, form.value.product)
    except DomainError as refusal:
        return await _show(principal, reference, form.refused(refusal))
    listed = status is WishStatus.FULFILLED
    said = N_("谢谢！想要的村社已收到通知。") if listed else N_("谢谢！产品上架后，想要的村社会收到通知。")
    return see_other(f"/wishes/{reference}", said)


@post("/wishes/{reference:str}/close", guards=[CLOSER])
async def close(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Close a wish."""
    form = await Form.read(request, CloseForm)
    try:
        await service.close(principal, reference, form.value.reason)
    except DomainError as refusal:
        return await _show(principal, reference, form.refused(refusal))
    return see_other(f"/wishes/{reference}", N_("已结束。"))


async def _new(principal: Principal, form: Form[WishForm]) -> Response[str]:
    villages = await queries.own_villages(principal)
    if villages and not form.text("place_code"):
        form.texts["place_code"] = villages[0].code
    return await page(
        "marketplace/wishes/new.html",
        form=form,
        villages=[(one.code, localized(one, "name")) for one in villages],
        crumbs=[Crumb(N_("许愿墙"), "/wishes"), Crumb(N_("写心愿"))],
        **NAMES,
    )


async def _show(principal: Principal, reference: str, refused: Form[Any] | None = None) -> Response[str]:
    found = await queries.wish(reference)
    alive = found.status in ALIVE
    villages = await queries.supporting_villages(principal, found) if alive else []
    products = await queries.answering_products(principal, found) if alive else []
    return await page(
        "marketplace/wishes/show.html",
        status=refused.status if refused else None,
        refused=refused,
        wish=found,
        towns=await queries.towns_of(found.id),
        answers=await queries.answers_of(found.id),
        villages=[(one.code, localized(one, "name")) for one in villages],
        products=[(one.code, localized(one, "name")) for one in products],
        answers_allowed=alive and principal.can(Permission.PRODUCT_WRITE),
        closes=alive and service.may_close(principal, found.place_code),
        crumbs=[Crumb(N_("许愿墙"), "/wishes"), Crumb(found.reference)],
        **NAMES,
    )
