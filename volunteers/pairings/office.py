"""The coordinator's pages: how many villages are paired, which are not, what ends soon, and pairing one more."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Chart, Crumb, Moment, Series
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from marketplace.places.queries import path_to
from volunteers.pairings import queries, service, views
from volunteers.pairings.forms import PairingForm, ReasonForm
from volunteers.pairings.queries import Coverage
from volunteers.pairings.rules import ENDING_NAMES, RENEW_WITHIN, USUAL_TERM, PairingKind, PairingStatus
from volunteers.pairings.tags import WORDS

PLANS = requires(Permission.DISPATCH_PLAN)
HOME = "/pairings"
MOST_RENEWALS, MOST_PROPOSALS = 20, 20


@get(HOME, guards=[PLANS])
async def pairings(
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    kind: FromQuery[PairingKind] = PairingKind.ADVISER,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the shares by district or town, renewals that are due, open proposals, villages without anybody."""
    area = queries.area_of(principal, place)
    parts = await queries.coverage(area, kind)
    missing = await queries.unpaired(area, kind, decode_cursor(cursor, str), PAGE + 1)
    return await page(
        "volunteers/pairings/list.html",
        area=area,
        kind=kind,
        parts=parts,
        villages=sum(part.villages for part in parts),
        paired=sum(part.paired for part in parts),
        chart=_chart(parts) if len(area) < len("330106109") else None,
        part=sliced(missing, key=lambda row: row.code),
        renewals=await views.ending_soon(principal, area, clock.today() + RENEW_WITHIN, MOST_RENEWALS),
        proposals=await views.listed(principal, area, PairingStatus.PROPOSED, None, MOST_PROPOSALS),
        crumbs=await _crumbs(principal, area),
        **WORDS,
    )


@get("/pairings/new", guards=[PLANS])
async def new_form(
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    kind: FromQuery[PairingKind] = PairingKind.ADVISER,
    q: FromQuery[str] = "",
    village: FromQuery[str] = "",
    from_day: FromQuery[date | None] = None,
) -> Response[str]:
    """Ask which village, or who is to come to it: people are proposed, the nearest with few villages first."""
    first = from_day or clock.today()
    form = Form.empty(PairingForm, place=place, kind=kind, from_day=first, until_day=first + USUAL_TERM)
    return await _new(principal, form, place, kind, q, village)


@post("/pairings/new", guards=[PLANS])
async def create(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Propose a pairing; one that is signed on paper holds at once."""
    form = await Form.read(request, PairingForm)
    try:
        asked = form.value
        place_id = await queries.village_id(asked.place)
        draft = asked.draft(place_id, *await queries.parties(asked.person, asked.organization))
        made = await service.propose(principal, draft)
    except DomainError as refusal:
        kind = form.text("kind")
        known = PairingKind(kind) if kind in tuple(PairingKind) else PairingKind.ADVISER
        return await _new(principal, form.refused(refusal), str(form.text("place")), known)
    said = N_("已登记，村社页上已能看到。") if asked.signed else N_("已发给对方，同意后生效。")
    return see_other(f"{HOME}/{made}", said)


@get("/pairings/{public_id:uuid}", guards=[PLANS])
async def show(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show one pairing."""
    return await _show(principal, public_id, Form.empty(ReasonForm))


@post("/pairings/{public_id:uuid}/end", guards=[PLANS])
async def end(public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Take a proposal back, or end what runs before its term."""
    form = await Form.read(request, ReasonForm)
    try:
        await service.end(principal, public_id, form.value.reason)
    except DomainError as refusal:
        return await _show(principal, public_id, form.refused(refusal))
    return see_other(f"{HOME}/{public_id}", N_("已结束，通知了对方。"))


async def _show(principal: Principal, public_id: UUID, form: Form[ReasonForm]) -> Response[str]:
    found = await views.one(principal, public_id)
    return await page(
        "volunteers/pairings/show.html",
        form=form,
        pairing=found,
        moments=_moments(found),
        next_from=found.until_day + timedelta(days=1),
        crumbs=[Crumb(N_("结对"), HOME), Crumb(localized(found, "place"))],
        **WORDS,
    )


def _moments(found: views.PairingView) -> list[Moment]:
    moments = [Moment(N_("提出结对"), found.proposed_at, "done")]
    if found.agreed_at:
        how = N_("对方点了同意") if found.agreed_how == "tap" else N_("有纸质协议")
        moments.append(Moment(N_("同意"), found.agreed_at, "done", how))
    if found.ended_at:
        moments.append(Moment(ENDING_NAMES[found.ending], found.ended_at, "off", found.reason))
    return moments


async def _new(
    principal: Principal, form: Form[PairingForm], place: str, kind: PairingKind, q: str = "", village: str = ""
) -> Response[str]:
    area = queries.area_of(principal, place)
    path = await path_to(place) if len(place) == len("330106109001") else []
    return await page(
        "volunteers/pairings/new.html",
        form=form,
        kind=kind,
        path=path[1:],
        place=path[-1] if path else None,
        q=q,
        village=village,
        found=await queries.villages_named(area, village) if village.strip() and not path else [],
        candidates=await queries.candidates(principal, place, kind, q.strip()) if path else [],
        firms=await queries.firms(kind) if path else [],
        crumbs=[Crumb(N_("结对"), HOME), Crumb(N_("新结对"))],
        **WORDS,
    )


async def _crumbs(principal: Principal, area: str) -> list[Crumb]:
    scope = principal.scope(Permission.DISPATCH_PLAN)
    above = [one for one in await path_to(area) if scope.covers_place(one.code)] if area else []
    return [
        Crumb(N_("结对"), HOME),
        *(Crumb(localized(one, "name"), f"{HOME}?place={one.code}") for one in above[1:]),
    ]


def _chart(parts: list[Coverage]) -> Chart:
    names = [localized(part, "name") for part in parts]
    return Chart("row", N_("有结对的村社占比"), names, [Series(N_("占比"), [part.percent for part in parts])], "%")
