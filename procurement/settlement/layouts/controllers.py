"""Bank layouts for the finance officer: what is in force where, another one, and how the latest batch would look."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.settlement.bank_file import rows_of
from procurement.settlement.layouts import queries, service
from procurement.settlement.layouts.forms import LayoutForm, filled, layout_of
from procurement.settlement.layouts.queries import Preview
from procurement.settlement.layouts.rules import (
    AMOUNT_FORM_NAMES,
    ANSWER_NAMES,
    BUILT_IN,
    CELL_NAMES,
    ENCODING_NAMES,
    FORMAT_NAMES,
    Layout,
    layout_faults,
)
from procurement.settlement.places import places_of
from procurement.settlement.queries import READERS

HOME = "/settlement/layouts"
CRUMBS = [Crumb(N_("结算"), "/settlement"), Crumb(N_("银行文件格式"), HOME)]
OFFICERS = requires(Permission.SETTLEMENT_APPROVE)


@get(HOME, guards=[requires(*READERS)])
async def layouts(principal: CurrentPrincipal) -> Response[str]:
    """Show which layout is in force where, and those before and to come."""
    return await page(
        "procurement/settlement/layouts/list.html",
        found=await queries.layouts(principal),
        built_in=BUILT_IN,
        today=clock.today(),
        may_set=principal.can(Permission.SETTLEMENT_APPROVE),
        names=CELL_NAMES,
        format_names=FORMAT_NAMES,
        crumbs=CRUMBS,
    )


@get(f"{HOME}/new", guards=[OFFICERS])
async def new(principal: CurrentPrincipal, like: FromQuery[UUID | None] = None) -> Response[str]:
    """Begin a layout, from another one or from what is built in."""
    begun = await queries.layout_view(principal, like) if like else None
    said = filled(begun.layout if begun else BUILT_IN)
    if begun:
        said["place"] = begun.place_code
    return await _page(principal, Form.empty(LayoutForm, effective_from=clock.today(), **said))


@post(f"{HOME}/new", guards=[OFFICERS])
async def write(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Show how the latest batch would look, or put the layout in force."""
    form = await Form.read(request, LayoutForm)
    shown = (await request.form()).get("act") != "set"
    try:
        asked = form.value
        layout = layout_of(asked)
        if shown:
            return await _preview(principal, form, asked.place, layout)
        await service.set_layout(principal, asked.place, layout)
    except DomainError as refusal:
        return await _page(principal, form.refused(refusal))
    return see_other(HOME, N_("格式已保存，从所写的日期起用于新的付款。"))


async def _preview(principal: Principal, form: Form[Any], place: str, layout: Layout) -> Response[str]:
    form.errors = layout_faults(layout)
    found = await queries.preview_lines(principal, place)
    rows = [] if form.errors else rows_of(found.batch, found.lines, layout)
    return await _page(principal, form, found, rows)


async def _page(
    principal: Principal, form: Form[Any], preview: Preview | None = None, rows: list[list[str]] | None = None
) -> Response[str]:
    return await page(
        "procurement/settlement/layouts/new.html",
        form=form,
        preview=preview,
        rows=rows or [],
        places=await places_of(principal.scope(Permission.SETTLEMENT_APPROVE)),
        cells=CELL_NAMES,
        answers=ANSWER_NAMES,
        format_names=FORMAT_NAMES,
        encoding_names=ENCODING_NAMES,
        amount_form_names=AMOUNT_FORM_NAMES,
        crumbs=[*CRUMBS, Crumb(N_("新格式"))],
    )
