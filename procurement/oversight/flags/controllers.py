"""The auditor's list of flags, one flag with the auditor's word about it, and the list as a table."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.imports.controllers import as_file
from app.imports.writing import written
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import gettext, translate
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.choices import place_options
from procurement.oversight.flags import queries, service, tags
from procurement.oversight.flags.forms import FilterForm, ReviewForm
from procurement.oversight.flags.queries import FlagView
from procurement.reading import reading_scope

READER = requires(Permission.LEDGER_READ)
AUDITOR = requires(Permission.AUDIT_READ)
FLAGS = "/oversight/flags"
MOST_ROWS = 5_000
COLUMNS = (
    N_("种类"), N_("所在地区"), N_("年度"), N_("状态"), N_("测得"), N_("比照"), N_("样本数"), N_("最少样本"),
    N_("依据"), N_("相关编号"), N_("发现时间"),
)  # fmt: skip
STATES = {**{status.value: tag.label for status, tag in tags.STATUS_TAGS.items()}, "closed": tags.CLOSED.label}
WORDS: dict[str, Any] = {
    "kind_names": tags.KIND_NAMES, "compared": tags.COMPARED, "part_names": tags.PART_NAMES, "said": tags.said,
    "status_tags": tags.STATUS_TAGS, "closed_tag": tags.CLOSED,
}  # fmt: skip
"""What every template with flags needs."""


@get(FLAGS, guards=[READER])
async def flags(
    request: Request[Any, Any, Any], principal: CurrentPrincipal, cursor: FromQuery[str | None] = None
) -> Response[str]:
    """Show what asks to be looked at again."""
    form = Form.from_query(request, FilterForm)
    found = await queries.flags(principal, form.value.filter(), decode_cursor(cursor, int), PAGE + 1)
    this_year = clock.today().year
    return await page(
        "procurement/oversight/flags/list.html",
        part=sliced(found, key=lambda row: row.id),
        wanted=form.value,
        places=await place_options(reading_scope(principal, Permission.LEDGER_READ)),
        years=[this_year, this_year - 1],
        states=STATES,
        unconfirmed=[tags.KIND_NAMES[kind] for kind in await queries.unconfirmed()],
        crumbs=[Crumb(N_("审计视图"), "/oversight"), Crumb(N_("核查提示"))],
        **WORDS,
    )


@get("/oversight/flags.csv", guards=[READER])
async def file(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[bytes]:
    """Hand the same list out as a table."""
    form = Form.from_query(request, FilterForm)
    rows = [_line(row) for row in await queries.flags(principal, form.value.filter(), limit=MOST_ROWS)]
    content = await asyncio.to_thread(written, "csv", [gettext(name) for name in COLUMNS], rows)
    return as_file(content, f"{gettext(N_('核查提示'))}-{clock.today().isoformat()}.csv", "csv")


@get("/oversight/flags/{flag_id:uuid}", guards=[READER])
async def show(flag_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show one flag with everything that was said about it."""
    return await _show(principal, flag_id, Form.empty(ReviewForm))


@post("/oversight/flags/{flag_id:uuid}", guards=[AUDITOR])
async def review(
    flag_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Note what an auditor found out."""
    form = await Form.read(request, ReviewForm)
    try:
        await service.review_flag(principal, flag_id, form.value.event, form.value.words)
    except DomainError as refusal:
        return await _show(principal, flag_id, form.refused(refusal))
    return see_other(f"{FLAGS}/{flag_id}", N_("核查情况已记录。"))


async def _show(principal: Principal, flag_id: UUID, form: Form[ReviewForm]) -> Response[str]:
    found, reviews, others = await queries.flag(principal, flag_id)
    scope = principal.scopes.get(Permission.AUDIT_READ)
    return await page(
        "procurement/oversight/flags/show.html",
        form=form,
        flag=found,
        reviews=reviews,
        others=others,
        may_review=scope is not None and scope.covers_place(found.place_code),
        crumbs=[
            Crumb(N_("审计视图"), "/oversight"), Crumb(N_("核查提示"), FLAGS), Crumb(tags.KIND_NAMES[found.kind]),
        ],
        **WORDS,
    )  # fmt: skip


def _line(row: FlagView) -> list[Any]:
    status = tags.CLOSED if row.closed_at else tags.STATUS_TAGS[row.status]
    return [
        gettext(tags.KIND_NAMES[row.kind]),
        localized(row, "place"),
        row.year,
        translate(status.label),
        translate(tags.said(row.measured, row.unit)),
        translate(tags.said(row.threshold, row.unit)),
        row.n,
        row.minimum,
        str(row.source),
        gettext(N_("、")).join(row.references),
        clock.local(row.found_at).isoformat(timespec="minutes"),
    ]
