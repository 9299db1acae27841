"""Trainings for programs."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, public, requires
from volunteers.people.trainings import queries, service
from volunteers.people.trainings.controllers import DESK
from volunteers.people.trainings.queries import TrainingView
from volunteers.people.trainings.rules import TrainingDraft, TrainingStatus

Reference = Annotated[str, msgspec.Meta(examples=["PX-2026-000001"])]
Title = Annotated[str, msgspec.Meta(max_length=80, examples=["志愿者上岗培训"])]
Months = Annotated[int, msgspec.Meta(ge=1, le=120, examples=[24])]


class TrainingBody(msgspec.Struct):
    """A training and how to take it; ``valid_months`` is null for one that counts for ever."""

    reference: Reference
    title_zh: Title
    title_en: str
    purpose_zh: str
    where_zh: str
    station_zh: str
    valid_months: Months | None
    status: TrainingStatus
    completed_on: Annotated[date, msgspec.Meta(description="The caller's own latest completion.")] | None
    valid_until: date | None

    @classmethod
    def of(cls, view: TrainingView) -> "TrainingBody":
        """Return what a program sees of a training."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class NewTrainingBody(msgspec.Struct):
    """A training to define; ``station`` is the id of the station that holds it."""

    station: Annotated[int, msgspec.Meta(gt=0, examples=[12])]
    title_zh: Title
    where_zh: Annotated[str, msgspec.Meta(max_length=4000, examples=["每月第一个周六上午 9 点，二楼会议室"])]
    title_en: str = ""
    purpose_zh: str = ""
    purpose_en: str = ""
    where_en: str = ""
    valid_months: Months | None = None

    def draft(self) -> TrainingDraft:
        """Return the same as the service takes it."""
        same = [name for name in self.__struct_fields__ if name != "station"]
        return TrainingDraft(station_id=self.station, **{name: getattr(self, name) for name in same})


class DefinedBody(msgspec.Struct):
    """The reference of a training, for seats to name."""

    reference: Reference


class CompletionsBody(msgspec.Struct):
    """Who completed a training on which day, by the people's ids."""

    completed_on: Annotated[date, msgspec.Meta(examples=["2026-11-28"])]
    people: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=200)]


class RecordedBody(msgspec.Struct):
    """How many completions were new."""

    recorded: Annotated[int, msgspec.Meta(ge=0, examples=[12])]


class RevokeBody(msgspec.Struct):
    """Why a completion is taken back; its person reads it."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, examples=["签到表上没有本人"])]


@get("/trainings", guards=[public], summary="List trainings")
async def list_trainings(principal: CurrentPrincipal) -> list[TrainingBody]:
    """List what is on offer, and what the caller has completed."""
    return [TrainingBody.of(view) for view in await queries.offered(principal)]


@get(
    "/people/me/trainings",
    guards=[requires(Permission.VOLUNTEER_SELF)],
    summary="List the trainings one has completed",
)
async def list_own_trainings(principal: CurrentPrincipal) -> list[TrainingBody]:
    """List the trainings that the caller has completed, those that have lapsed too."""
    return [TrainingBody.of(view) for view in await queries.offered(principal) if view.completed_on]


@post("/trainings", guards=[DESK], summary="Define a training")
async def create_training(data: JSONBody[NewTrainingBody], principal: CurrentPrincipal) -> DefinedBody:
    """Define a training that a station of the caller's holds."""
    return DefinedBody(await service.define(principal, data.draft()))


@post("/trainings/{reference:str}/completions", guards=[DESK], summary="Record who completed a training")
async def create_completions(
    reference: FromPath[str], data: JSONBody[CompletionsBody], principal: CurrentPrincipal
) -> RecordedBody:
    """Vouch that people completed a training; a second record of the same day is none."""
    return RecordedBody(await service.record_completions(principal, reference, data.people, data.completed_on))


@post("/training-completions/{public_id:uuid}/revoke", guards=[DESK], summary="Take a completion back")
async def revoke_completion(public_id: FromPath[UUID], data: JSONBody[RevokeBody], principal: CurrentPrincipal) -> None:
    """Take a completion back; seats that need it are given back within minutes."""
    await service.revoke_completion(principal, public_id, data.reason)
