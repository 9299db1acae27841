"""Weekly patterns for programs: state one, see what it will make, make it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import expected_version
from app.web.guards import CurrentPrincipal, requires
from marketplace.places.queries import path_to
from volunteers.assignments.api import Instant, Line, NewPositionBody, PlaceCode, Reference, Title
from volunteers.assignments.patterns import queries, service
from volunteers.assignments.patterns.queries import ComingDay, PatternRow
from volunteers.assignments.patterns.rules import Holidays, PatternDraft, PatternStatus
from volunteers.assignments.rules import Compensation, Kind, SignUpMode

DESK = requires(Permission.ASSIGNMENT_PUBLISH)
Day = Annotated[date, msgspec.Meta(examples=["2026-11-30"])]
Weekday = Annotated[int, msgspec.Meta(ge=0, le=6, description="0 is Monday.")]
Minute = Annotated[int, msgspec.Meta(ge=0, le=1439, examples=[540], description="Minutes after midnight.")]
Text = Annotated[str, msgspec.Meta(max_length=20_000)]


class PatternBody(msgspec.Struct):
    """A pattern in a list; ``ahead`` is how many of its shifts lie ahead."""

    id: UUID
    title_zh: Title
    kind: Kind
    weekdays: list[Weekday]
    from_minute: Minute
    minutes: int
    valid_from: Day
    valid_until: date | None
    status: PatternStatus
    ahead: int

    @classmethod
    def of(cls, row: PatternRow) -> "PatternBody":
        """Return what a program sees of a pattern."""
        names = [name for name in cls.__struct_fields__ if name not in ("id", "weekdays")]
        return cls(row.public_id, weekdays=list(row.weekdays), **{name: getattr(row, name) for name in names})


class StatedPatternBody(msgspec.Struct, kw_only=True):
    """What a station repeats; ``station`` is the id of the station that answers for it."""

    kind: Kind
    title_zh: Title
    title_en: Line = ""
    place_code: PlaceCode
    station: Annotated[int, msgspec.Meta(gt=0, examples=[12])]
    weekdays: Annotated[list[Weekday], msgspec.Meta(min_length=1, examples=[[0, 2, 4]])]
    from_minute: Minute
    minutes: Annotated[int, msgspec.Meta(ge=1, le=720, examples=[150])]
    valid_from: Day
    valid_until: date | None = None
    holidays: Holidays = Holidays.SKIP
    exchanged_days: bool = False
    skipped_days: list[date] = []
    weeks_ahead: Annotated[int, msgspec.Meta(ge=1, le=12)] = 4
    compensation: Compensation
    insured: bool
    sign_up_mode: SignUpMode = SignUpMode.INSTANT
    regulars_hours: Annotated[int, msgspec.Meta(ge=1, le=720, examples=[72])] | None = None
    positions: list[NewPositionBody]
    contact_name: Line = ""
    contact_phone: Annotated[str, msgspec.Meta(max_length=30)] = ""
    meeting_point_zh: Line = ""
    meeting_point_en: Line = ""
    questions_zh: Text = ""
    questions_en: Text = ""
    limits_zh: Text = ""
    limits_en: Text = ""
    briefing_zh: Text = ""
    briefing_en: Text = ""

    async def draft(self) -> PatternDraft:
        """Return the same as the service takes it."""
        same = set(PatternDraft.__slots__) & set(self.__struct_fields__) - {"positions", "weekdays", "skipped_days"}
        return PatternDraft(
            **{name: getattr(self, name) for name in sorted(same)},
            place_id=(await path_to(self.place_code))[-1].id,
            station_id=self.station,
            weekdays=tuple(self.weekdays),
            skipped_days=tuple(self.skipped_days),
            positions=tuple(position.draft() for position in self.positions),
        )


class PatternIdBody(msgspec.Struct):
    """The id of a stored pattern."""

    id: UUID


class ComingDayBody(msgspec.Struct):
    """A day of a pattern; without a reference the shift is still to be made."""

    day: Day
    starts: Instant
    ends: Instant
    reference: str
    booked: int

    @classmethod
    def of(cls, view: ComingDay) -> "ComingDayBody":
        """Return what a program sees of it."""
        return cls(view.day, view.starts, view.ends, view.reference, view.booked)


class MadeBody(msgspec.Struct):
    """The shifts that were made just now."""

    references: list[Reference]


class ChangedBody(msgspec.Struct):
    """What became of the shifts ahead; ``kept`` names those left alone because people are on them."""

    updated: int
    called_off: int
    added: int
    kept: list[Reference]


@get("/patterns", guards=[DESK], summary="List weekly patterns")
async def list_patterns(principal: CurrentPrincipal) -> list[PatternBody]:
    """List the patterns of the caller's stations."""
    return [PatternBody.of(row) for row in await queries.patterns(principal)]


@post("/patterns", guards=[DESK], summary="State a weekly pattern")
async def create_pattern(data: JSONBody[StatedPatternBody], principal: CurrentPrincipal) -> PatternIdBody:
    """Store a pattern; make its shifts with a call of their own, after a look at the days."""
    return PatternIdBody(await service.create_pattern(principal, await data.draft()))


@put("/patterns/{public_id:uuid}", guards=[DESK], summary="Change a weekly pattern")
async def change_pattern(
    public_id: FromPath[UUID],
    data: JSONBody[StatedPatternBody],
    request: Request[Any, Any, Any],
    principal: CurrentPrincipal,
    follow: FromQuery[bool] = True,
) -> ChangedBody:
    """State a pattern anew (If-Match names its version); free shifts ahead follow unless ``follow`` is false."""
    version = expected_version(request)
    done = await service.change_pattern(principal, public_id, await data.draft(), version, follow=follow)
    return ChangedBody(done.updated, done.called_off, done.added, list(done.kept))


@get("/patterns/{public_id:uuid}/days", guards=[DESK], summary="Preview a pattern's days")
async def pattern_days(
    public_id: FromPath[UUID], principal: CurrentPrincipal, weeks: FromQuery[int] = 4
) -> list[ComingDayBody]:
    """Show day by day which shifts are there and which would be made."""
    found = await queries.pattern(principal, public_id)
    return [ComingDayBody.of(one) for one in await queries.coming_days(found, max(1, min(weeks, 12)))]


@post("/patterns/{public_id:uuid}/shifts", guards=[DESK], summary="Make a pattern's shifts")
async def make_shifts(public_id: FromPath[UUID], principal: CurrentPrincipal, weeks: FromQuery[int] = 4) -> MadeBody:
    """Make the shifts of the weeks to come that are not there yet; a second call makes none."""
    return MadeBody([made.reference for made in await service.generate(principal, public_id, max(1, weeks))])
