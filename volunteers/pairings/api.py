"""Pairings for programs: a village's for everybody, proposing and answering, the shares."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.assignments.api import Instant
from volunteers.pairings import queries, service, views
from volunteers.pairings.controllers import PARTY
from volunteers.pairings.forms import PairingForm, PlaceCode, Reason
from volunteers.pairings.office import PLANS
from volunteers.pairings.rules import PairingKind, PairingStatus
from volunteers.pairings.views import PairingView

Day = Annotated[date, msgspec.Meta(examples=["2026-12-01"])]
Name = Annotated[str, msgspec.Meta(examples=["王芳"])]


class VillagePairing(msgspec.Struct):
    """Who comes to a village; the next visit is null while none is planned."""

    kind: PairingKind
    name_zh: Name
    person: bool
    languages: Annotated[list[str], msgspec.Meta(examples=[["putonghua", "hangzhou"]])]
    from_day: Day
    until_day: Day
    next_visit: Instant | None
    next_visit_confirmed: bool


class PairingEntry(VillagePairing, kw_only=True):
    """A pairing as the office and the other side see it."""

    id: UUID
    place: PlaceCode
    status: PairingStatus
    reason: str


class PairingCreated(msgspec.Struct):
    """The id of a pairing."""

    id: UUID


class AnswerBody(msgspec.Struct):
    """Yes, or no with a reason."""

    agree: bool
    reason: Reason = ""


class EndBody(msgspec.Struct):
    """Why a pairing ends; the other side reads it."""

    reason: Annotated[str, msgspec.Meta(max_length=200, examples=["律师转到外地执业"])]


class CoverageEntry(msgspec.Struct):
    """How many villages of a district or town have somebody."""

    place: Annotated[str, msgspec.Meta(examples=["330106"])]
    name_zh: Annotated[str, msgspec.Meta(examples=["西湖区"])]
    villages: Annotated[int, msgspec.Meta(examples=[212])]
    paired: Annotated[int, msgspec.Meta(examples=[198])]
    percent: Annotated[float, msgspec.Meta(examples=[93.4])]


@get("/places/{code:str}/pairings", guards=[public], summary="Who comes to a village")
async def list_village_pairings(code: FromPath[str]) -> list[VillagePairing]:
    """Return who is paired with a village today."""
    return [_public(row) for row in await views.of_village(code)]


@get("/pairings", guards=[PLANS], summary="List pairings")
async def list_pairings(
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    status: FromQuery[PairingStatus | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[PairingEntry]:
    """Return the pairings below a place, the newest first."""
    size = page_size(limit)
    area = queries.area_of(principal, place)
    rows = await views.listed(principal, area, status, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, lambda row: row.id, size), _entry)


@post("/pairings", guards=[PLANS], summary="Propose a pairing")
async def create_pairing(data: JSONBody[PairingForm], principal: CurrentPrincipal) -> PairingCreated:
    """Propose a person or a firm for a village; ``signed`` ones hold at once."""
    place_id = await queries.village_id(data.place)
    draft = data.draft(place_id, *await queries.parties(data.person, data.organization))
    return PairingCreated(await service.propose(principal, draft))


@get("/my-pairings", guards=[PARTY], summary="List one's own pairings")
async def list_my_pairings(principal: CurrentPrincipal) -> list[PairingEntry]:
    """Return the caller's villages and those of the caller's firms, open questions first."""
    return [_entry(row) for row in await views.mine(principal)]


@post("/pairings/{public_id:uuid}/answer", guards=[PARTY], status_code=204, summary="Agree or decline")
async def answer_pairing(public_id: FromPath[UUID], data: JSONBody[AnswerBody], principal: CurrentPrincipal) -> None:
    """Say yes or no, for oneself or for one's firm."""
    if data.agree:
        await service.agree(principal, public_id)
    else:
        await service.decline(principal, public_id, data.reason)


@post("/pairings/{public_id:uuid}/end", guards=[PLANS], status_code=204, summary="End a pairing")
async def end_pairing(public_id: FromPath[UUID], data: JSONBody[EndBody], principal: CurrentPrincipal) -> None:
    """Take a proposal back, or end what runs before its term."""
    await service.end(principal, public_id, data.reason)


@get("/pairings/coverage", guards=[PLANS], summary="How many villages are paired")
async def pairing_coverage(
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    kind: FromQuery[PairingKind] = PairingKind.ADVISER,
) -> list[CoverageEntry]:
    """Return the share of paired villages by district, or by town of a district."""
    parts = await queries.coverage(queries.area_of(principal, place), kind)
    return [CoverageEntry(part.code, part.name_zh, part.villages, part.paired, part.percent) for part in parts]


def _public(row: PairingView) -> VillagePairing:
    visit = row.visit
    return VillagePairing(
        *(row.kind, row.party_zh, row.is_person, list(row.languages), row.from_day, row.until_day),
        *((visit.starts, visit.own) if visit else (None, False)),
    )


def _entry(row: PairingView) -> PairingEntry:
    return PairingEntry(
        **msgspec.structs.asdict(_public(row)),
        id=row.public_id,
        place=row.place_code,
        status=row.status,
        reason=row.reason,
    )
