"""Assignments for programs: the public list, one of them, publishing one."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.core.errors import NotFound
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pagination import decode_cursor, page_size, sliced
from marketplace.places.queries import path_to
from volunteers.assignments import queries
from volunteers.assignments.queries import AssignmentFilter, AssignmentPage, AssignmentRow, PositionView
from volunteers.assignments.rules import (
    AssignmentDraft,
    AssignmentStatus,
    Compensation,
    Kind,
    PositionDraft,
    SignUpMode,
)
from volunteers.assignments.service import publish_assignments
from volunteers.people.credentials.rules import CredentialKind
from volunteers.people.queries import own_person_id

Title = Annotated[str, msgspec.Meta(max_length=80, examples=["文晖街道公共法律服务站律师值班"])]
Reference = Annotated[str, msgspec.Meta(examples=["RW-2026-000123"])]
PlaceCode = Annotated[str, msgspec.Meta(pattern=r"^\d{4,12}$", examples=["330106109"])]
Instant = Annotated[datetime, msgspec.Meta(tz=True, examples=["2026-11-30T01:00:00Z"])]
Line = Annotated[str, msgspec.Meta(max_length=120)]
Count = Annotated[int, msgspec.Meta(ge=0, le=200, examples=[1])]


class PositionBody(msgspec.Struct):
    """A kind of seat on an assignment."""

    number: Count
    role_zh: str
    role_en: str
    credentials_any: list[str]
    skills_all: list[str]
    languages_all: list[str]
    trainings_all: list[str]
    gender: str | None
    minimum: Count
    capacity: Count
    free: Count

    @classmethod
    def of(cls, view: PositionView) -> "PositionBody":
        """Return what a program sees of a position."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class AssignmentBody(msgspec.Struct):
    """What there is to do, when, where and on which terms; what a subsidy amounts to is procurement's to say."""

    reference: Reference
    kind: Kind
    title_zh: Title
    title_en: str
    starts: Instant
    ends: Instant
    compensation: Compensation
    insured: bool
    green: bool
    sign_up_mode: SignUpMode
    regulars_until: Annotated[Instant | None, msgspec.Meta(description="Until then only for the station's regulars.")]
    place_code: PlaceCode
    positions: list[PositionBody]

    @classmethod
    def of(cls, view: AssignmentRow | AssignmentPage) -> "AssignmentBody":
        """Return what a program sees of an assignment."""
        names = [name for name in cls.__struct_fields__ if name != "positions"]
        return cls(
            **{name: getattr(view, name) for name in names},
            positions=[PositionBody.of(position) for position in view.positions],
        )


class NewPositionBody(msgspec.Struct):
    """A kind of seat to offer."""

    role_zh: Annotated[str, msgspec.Meta(max_length=80, examples=["值班律师"])]
    capacity: Count = 1
    minimum: Count = 1
    role_en: Annotated[str, msgspec.Meta(max_length=80, examples=["Lawyer on duty"])] = ""
    credentials_any: list[CredentialKind] = []
    skills_all: list[str] = []
    languages_all: list[str] = []
    gender: Annotated[str, msgspec.Meta(pattern="^[FM]$")] | None = None
    trainings_all: Annotated[list[str], msgspec.Meta(examples=[["PX-2026-000001"]])] = []

    def draft(self) -> PositionDraft:
        """Return the same as the service takes it."""
        return PositionDraft(
            role_zh=self.role_zh,
            role_en=self.role_en,
            capacity=self.capacity,
            minimum=self.minimum,
            credentials_any=tuple(self.credentials_any),
            skills_all=tuple(self.skills_all),
            languages_all=tuple(self.languages_all),
            gender=self.gender,
            trainings_all=tuple(self.trainings_all),
        )


class NewAssignmentBody(msgspec.Struct):
    """An assignment to publish; ``station`` is the id of the station that answers for it."""

    kind: Kind
    title_zh: Title
    place_code: PlaceCode
    station: Annotated[int, msgspec.Meta(gt=0, examples=[12])]
    starts: Instant
    ends: Instant
    compensation: Compensation
    insured: bool
    positions: list[NewPositionBody]
    title_en: Annotated[str, msgspec.Meta(max_length=120)] = ""
    green: bool = False
    continuity: bool = False
    sign_up_mode: SignUpMode = SignUpMode.INSTANT
    regulars_until: Instant | None = None
    contact_name: Line = ""
    contact_phone: Annotated[str, msgspec.Meta(max_length=30, examples=["0571-87990011"])] = ""
    meeting_point_zh: Line = ""
    meeting_point_en: Line = ""
    questions_zh: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    questions_en: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    limits_zh: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    limits_en: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    briefing_zh: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    briefing_en: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    draft: bool = False

    async def assignment(self) -> AssignmentDraft:
        """Return the same as the service takes it."""
        given = msgspec.structs.asdict(self)
        for name in ("place_code", "station", "positions", "draft"):
            del given[name]
        return AssignmentDraft(
            **given,
            place_id=(await path_to(self.place_code))[-1].id,
            station_id=self.station,
            positions=tuple(position.draft() for position in self.positions),
            status=AssignmentStatus.DRAFT if self.draft else AssignmentStatus.OPEN,
        )


class PublishedBody(msgspec.Struct):
    """The reference under which an assignment was stored."""

    reference: Reference


@get("/assignments", guards=[public], summary="List open assignments")
async def list_assignments(
    principal: CurrentPrincipal,
    place: FromQuery[PlaceCode | None] = None,
    kind: FromQuery[Kind | None] = None,
    compensation: FromQuery[Compensation | None] = None,
    credential: FromQuery[CredentialKind | None] = None,
    language: FromQuery[str | None] = None,
    seats: FromQuery[bool] = False,
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    eligible: FromQuery[bool] = False,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[AssignmentBody]:
    """List what has not begun, soonest first; ``seats``: with a free one, ``eligible``: what the caller may take."""
    asked = AssignmentFilter(
        place_code=place or "",
        kind=kind,
        compensation=compensation,
        credential=credential or "",
        language=language or "",
        with_seats=seats,
        since=since,
        until=until,
        person_id=await own_person_id(principal),
        eligible=eligible,
    )
    size = page_size(limit)
    rows = await queries.open_assignments(asked, decode_cursor(cursor, tuple[datetime, int]), size + 1)
    return page_of(sliced(rows, lambda row: (row.starts, row.id), size), AssignmentBody.of)


@get("/assignments/{reference:str}", guards=[public], summary="Show an assignment")
async def show_assignment(reference: FromPath[str]) -> AssignmentBody:
    """Show one assignment that is or was open."""
    found = await queries.assignment_page(reference)
    if found.status is AssignmentStatus.DRAFT:
        raise NotFound
    return AssignmentBody.of(found)


@post("/assignments", guards=[requires(Permission.ASSIGNMENT_PUBLISH)], summary="Publish an assignment")
async def create_assignment(data: JSONBody[NewAssignmentBody], principal: CurrentPrincipal) -> PublishedBody:
    """Publish an assignment with its positions, or store it as a draft."""
    [stored] = await publish_assignments(principal, [await data.assignment()])
    return PublishedBody(stored.reference)
