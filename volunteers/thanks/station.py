"""What residents said at one's stations; words that insult are hidden, with the reason."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Chart, Crumb, Series, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from volunteers.thanks import queries, service
from volunteers.thanks.forms import ReasonForm
from volunteers.thanks.rules import STAR_NAMES, STATUS_NAMES, Figures, ThanksEvent, ThanksStatus

STAFF = requires(Permission.ATTENDANCE_CONFIRM)
HOME = "/station/thanks"
STATUS_TAGS = {
    ThanksStatus.SHOWN: Tag("done", STATUS_NAMES[ThanksStatus.SHOWN]),
    ThanksStatus.HIDDEN: Tag("off", STATUS_NAMES[ThanksStatus.HIDDEN], "eye-slash"),
}
SAID = {ThanksEvent.HIDE: N_("已隐藏，原因已留存。"), ThanksEvent.SHOW: N_("已重新显示。")}


@get(HOME, guards=[STAFF])
async def station_thanks(
    principal: CurrentPrincipal,
    status: FromQuery[ThanksStatus | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show what residents said, the newest first."""
    return await _list(principal, Form.empty(ReasonForm), status, cursor)


@post("/station/thanks/{public_id:uuid}/{event:str}", guards=[STAFF])
async def moderate(
    public_id: FromPath[UUID], event: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Hide words, or show them again."""
    if event not in tuple(ThanksEvent):
        raise NotFound
    form = await Form.read(request, ReasonForm)
    try:
        await service.moderate(principal, public_id, ThanksEvent(event), form.value.reason)
    except DomainError as refusal:
        return await _list(principal, form.refused(refusal))
    return see_other(HOME, SAID[ThanksEvent(event)])


async def _list(
    principal: Principal, form: Form[ReasonForm], status: ThanksStatus | None = None, cursor: str | None = None
) -> Response[str]:
    rows = await queries.station_thanks(principal, status, decode_cursor(cursor, int), PAGE + 1)
    stars = await queries.station_stars(principal)
    figures = Figures(sum(stars.values()), sum(number * count for number, count in stars.items()))
    return await page(
        "volunteers/thanks/station.html",
        form=form,
        part=sliced(rows, key=lambda row: row.id),
        figures=figures,
        chart=_chart(stars) if stars else None,
        status_filter=status,
        status_names=STATUS_NAMES,
        status_tags=STATUS_TAGS,
        star_names=STAR_NAMES,
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("居民评价"))],
    )


def _chart(stars: dict[int, int]) -> Chart:
    counts = [stars.get(number, 0) for number in STAR_NAMES]
    return Chart("bar", N_("一年来的评价"), list(STAR_NAMES.values()), [Series(N_("评价次数"), counts)], N_("次"))
