"""Why this shift, why not me, for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.engine.refusals import Clash, WhyNot
from volunteers.dispatch.explanations.own import queries
from volunteers.dispatch.explanations.own.queries import OwnShift
from volunteers.dispatch.explanations.own.words import BROUGHT

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
LEVELS = ("green_unheld", "shortage_unheld", "unheld", "empty_seats", "changes", "burden")
Reference = Annotated[str, msgspec.Meta(examples=["RW-2026-000123"])]
Number = Annotated[int, msgspec.Meta(ge=0, examples=[12])]


class WhyMeBody(msgspec.Struct):
    """Why a plan sends the caller to a shift; others in numbers only."""

    assignment: Reference
    planned: Annotated[
        bool, msgspec.Meta(description="Whether a plan sent the caller; otherwise they came themselves.")
    ]
    credentials_any: Annotated[list[str], msgspec.Meta(examples=[["lawyer"]])]
    metres: Annotated[
        int | None, msgspec.Meta(description="From home; null if nothing is known any more.", examples=[3200])
    ]
    preferred: bool | None
    familiar: bool | None
    kept_day: Annotated[
        bool, msgspec.Meta(description="Whether the station keeps that weekday for its own, the familiar.")
    ]
    recent_shifts: Annotated[
        int | None, msgspec.Meta(description="The caller's, of the four weeks before.", examples=[2])
    ]
    able: Annotated[int | None, msgspec.Meta(description="How many others could be sent there.", examples=[12])]
    stand_ins: Annotated[
        int | None, msgspec.Meta(description="Of them, who has the time beside their others.", examples=[3])
    ]
    busier: Annotated[
        int | None,
        msgspec.Meta(description="Of those able, who was sent more often; null if they are few.", examples=[7]),
    ]


class ConflictBody(msgspec.Struct):
    """A shift that the caller signed up for and cannot do beside the one asked about."""

    assignment: Reference
    clash: Clash
    minutes_needed: Number
    minutes_there: Annotated[int, msgspec.Meta(description="Negative: they overlap.", examples=[10])]


class ExchangeBody(msgspec.Struct):
    """What the plan would be with the caller there: the first level that gets worse (null: none), and by how much."""

    level: Annotated[str | None, msgspec.Meta(examples=["shortage_unheld"])]
    worse_by: Annotated[int, msgspec.Meta(ge=0, examples=[1])]
    gives_up: Annotated[
        list[str], msgspec.Meta(description="The caller's shifts that they would leave.", examples=[["RW-2026-000124"]])
    ]
    another_has_the_seat: bool
    another_brings: Annotated[
        list[str],
        msgspec.Meta(description="fairness, km, continuity, preference: what would grow.", examples=[["fairness"]]),
    ]


class WhyNotMeBody(msgspec.Struct):
    """Why the plan in force does not send the caller to a shift: a rule, or what the plan would lose."""

    assignment: Reference
    planned: Annotated[bool, msgspec.Meta(description="Whether a plan is in force for that place and week.")]
    known: Annotated[bool, msgspec.Meta(description="Whether the plan knew of the caller and the shift.")]
    on_it: bool
    refusal: Refusal | None
    conflict: ConflictBody | None
    exchange: ExchangeBody | None


@get("/my/sign-ups/{sign_up:uuid}/why", guards=[VOLUNTEER], summary="Show why a plan sends the caller to a shift")
async def show_why_me(sign_up: FromPath[UUID], principal: CurrentPrincipal) -> WhyMeBody:
    """Show what the plan weighed; numbers are null if the plan's data has been removed."""
    found = await queries.why_me(principal, sign_up)
    why = found.reasons
    return WhyMeBody(
        assignment=found.shift.reference,
        planned=found.planned,
        credentials_any=list(why.credentials_any) if why else [],
        metres=why.metres if why else None,
        preferred=why.preferred if why else None,
        familiar=why.familiar if why else None,
        kept_day=bool(why and why.kept_day),
        recent_shifts=why.recent_shifts if why else None,
        able=why.able if why else None,
        stand_ins=why.stand_ins if why else None,
        busier=why.busier if why else None,
    )


@get(
    "/assignments/{reference:str}/why-not-me",
    guards=[VOLUNTEER],
    summary="Show why the plan does not send the caller to a shift",
)
async def show_why_not_me(reference: FromPath[str], principal: CurrentPrincipal) -> WhyNotMeBody:
    """Show the first hard rule in the way, or what the plan would lose with the caller there."""
    found = await queries.why_not_me(principal, reference)
    answer, shifts = found.answer, found.shifts or {}
    return WhyNotMeBody(
        assignment=found.shift.reference,
        planned=found.planned,
        known=found.known,
        on_it=answer is not None and answer.refusal is None and answer.exchange is None,
        refusal=answer.refusal if answer else None,
        conflict=_conflict(answer, shifts) if answer else None,
        exchange=_exchange(answer, shifts) if answer else None,
    )


def _conflict(answer: WhyNot, shifts: dict[str, OwnShift]) -> ConflictBody | None:
    found = answer.conflict
    if found is None:
        return None
    return ConflictBody(shifts[found.shift].reference, found.clash, found.needed, found.there)


def _exchange(answer: WhyNot, shifts: dict[str, OwnShift]) -> ExchangeBody | None:
    found = answer.exchange
    if found is None:
        return None
    level = found.level
    return ExchangeBody(
        level=None if level is None else LEVELS[level],
        worse_by=0 if level is None else found.after[level] - found.before[level],
        gives_up=[shifts[name].reference for name in found.gives_up],
        another_has_the_seat=found.replaces,
        another_brings=[name for name in BROUGHT if getattr(found.dearer, name) > 0],
    )
