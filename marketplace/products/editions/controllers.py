"""Pages of the catalogue's editions: the public ones, and the officer's desk."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Chart, Crumb, Series, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from marketplace.organizations.provision import CATEGORY_NAMES
from marketplace.products.editions import queries, rules, service
from marketplace.products.editions.forms import DrawUpForm, EntriesForm, EntryFilter
from marketplace.products.editions.queries import EditionView
from marketplace.products.editions.rules import FATE_NAMES, STATUS_NAMES, EditionStatus, Fate
from marketplace.products.editions.service import EntryDecision

OFFICER = requires(Permission.PRODUCT_REVIEW)
PAGE = 101
TAGS = {
    Fate.NEW: Tag("info", FATE_NAMES[Fate.NEW], "plus-circle"),
    Fate.KEEP: Tag("done", FATE_NAMES[Fate.KEEP]),
    Fate.ADJUST: Tag("wait", FATE_NAMES[Fate.ADJUST], "arrow-repeat"),
    Fate.RETIRE: Tag("off", FATE_NAMES[Fate.RETIRE], "box-arrow-right"),
    EditionStatus.DRAFT: Tag("wait", STATUS_NAMES[EditionStatus.DRAFT]),
    EditionStatus.PUBLISHED: Tag("done", STATUS_NAMES[EditionStatus.PUBLISHED]),
}
NAMES: dict[str, Any] = {"tags": TAGS, "fate_names": FATE_NAMES, "category_names": CATEGORY_NAMES}


@get("/catalogue", guards=[public])
async def published() -> Response[str]:
    """List the published editions."""
    rows = await queries.editions(published=True)
    return await page("marketplace/editions/published.html", rows=rows, chart=_chart(rows), **NAMES)


@get("/catalogue/{year:int}", guards=[public])
async def show(
    year: FromPath[int], request: Request[Any, Any, Any], cursor: FromQuery[str | None] = None
) -> Response[str]:
    """Show a published edition."""
    found = await queries.edition(year, published=True)
    return await page(
        "marketplace/editions/show.html",
        edition=found,
        crumbs=[Crumb(N_("服务目录年版"), "/catalogue"), Crumb(str(year))],
        **await _entries(year, request, cursor),
        **NAMES,
    )


@get("/review/editions", guards=[OFFICER])
async def desk(principal: CurrentPrincipal) -> Response[str]:
    """List the editions, and begin the next."""
    return await _desk(principal, Form.empty(DrawUpForm, year=clock.today().year + 1))


@post("/review/editions", guards=[OFFICER])
async def draw_up(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Draw an edition up."""
    form = await Form.read(request, DrawUpForm)
    try:
        rules.refuse_far_year(form.value.year, clock.today().year)
        count = await service.draw_up(principal, form.value.year)
    except DomainError as refusal:
        return await _desk(principal, form.refused(refusal))
    return see_other(
        f"/review/editions/{form.value.year}", N_("已按使用和评价为 %(count)s 项服务提出建议。"), count=count
    )


@get("/review/editions/{year:int}", guards=[OFFICER])
async def edit(
    year: FromPath[int],
    request: Request[Any, Any, Any],
    principal: CurrentPrincipal,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show an edition with its proposals."""
    return await _edit(principal, year, request, Form.empty(EntriesForm, fate=Fate.KEEP), cursor)


@post("/review/editions/{year:int}", guards=[OFFICER])
async def decide(year: FromPath[int], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Decide for the ticked products."""
    form = await Form.read(request, EntriesForm)
    try:
        form.require_ticked("products")
        asked = form.value
        count = await service.decide_entries(principal, year, EntryDecision(asked.products, asked.fate, asked.reason))
    except DomainError as refusal:
        return await _edit(principal, year, request, form.refused(refusal), None)
    return see_other(f"/review/editions/{year}", N_("已决定 %(count)s 项。"), count=count)


@post("/review/editions/{year:int}/publish", guards=[OFFICER])
async def publish(year: FromPath[int], principal: CurrentPrincipal) -> Response[Any]:
    """Publish an edition."""
    await service.publish(principal, year)
    return see_other(f"/catalogue/{year}", N_("%(year)s 年版目录已发布。"), year=year)


async def _desk(principal: Principal, form: Form[DrawUpForm]) -> Response[str]:
    rows = await queries.editions(published=False)
    return await page(
        "marketplace/editions/desk.html",
        form=form,
        status=form.status,
        rows=rows,
        decides=service.decides(principal),
        **NAMES,
    )


async def _edit(
    principal: Principal, year: int, request: Request[Any, Any, Any], form: Form[EntriesForm], cursor: str | None
) -> Response[str]:
    found = await queries.edition(year, published=False)
    return await page(
        "marketplace/editions/edit.html",
        edition=found,
        form=form,
        status=form.status,
        own=found.drawn_up_by == principal.account_id,
        decides=service.decides(principal),
        crumbs=[Crumb(N_("目录年版"), "/review/editions"), Crumb(str(year))],
        **await _entries(year, request, cursor),
        **NAMES,
    )


async def _entries(year: int, request: Request[Any, Any, Any], cursor: str | None) -> dict[str, Any]:
    asked = Form.from_query(request, EntryFilter).value
    rows = await queries.entries(year, asked.fate or "", asked.category or "", decode_cursor(cursor, int), PAGE)
    return {"part": sliced(rows, key=lambda row: row.id, size=PAGE - 1), "asked": asked}


def _chart(rows: list[EditionView]) -> Chart | None:
    if not rows:
        return None
    ordered = rows[::-1]
    shown = (Fate.KEEP, Fate.NEW, Fate.ADJUST, Fate.RETIRE)
    series = [Series(FATE_NAMES[fate], [row.counts[fate] for row in ordered]) for fate in shown]
    return Chart("stacked", N_("各年版的服务"), [str(row.year) for row in ordered], series, N_("项"))
