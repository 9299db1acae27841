"""Frameworks for programs: list and show them, apply, decide applications, withdraw, remove."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.frameworks import queries
from procurement.frameworks.admissions import queries as admissions
from procurement.frameworks.admissions import service
from procurement.frameworks.admissions.queries import AdmissionView
from procurement.frameworks.admissions.service import ApplicationDecision
from procurement.frameworks.queries import FrameworkView
from procurement.frameworks.rules import AdmissionStatus, FrameworkStatus, RemovalGround


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


Reference = Annotated[str, _example("KJ-2026-000001")]
Reason = Annotated[str, msgspec.Meta(max_length=500, examples=["服务人员的资格与采购需求不符。"])]


class FrameworkBody(msgspec.Struct):
    """An open framework: one kind of service at one uniform rate."""

    reference: Reference
    title_zh: Annotated[str, _example("法治宣传讲座开放式框架协议")]
    title_en: Annotated[str, _example("Open framework for legal education lectures")]
    category: Annotated[str, _example("legal_education")]
    unit: Annotated[str, _example("lecture")]
    rate_fen: Annotated[int, _example(60_000)]
    place_code: Annotated[str, _example("3301")]
    status: FrameworkStatus
    starts_on: Annotated[date, _example("2026-11-01")]
    ends_on: Annotated[date, _example("2027-10-31")]
    suppliers: Annotated[int, _example(4)]

    @classmethod
    def of(cls, view: FrameworkView) -> "FrameworkBody":
        """Return what a program sees of a framework."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class AdmissionBody(msgspec.Struct):
    """A product in a framework."""

    id: UUID
    status: AdmissionStatus
    product: Annotated[str, _example("CP-2026-000012")]
    product_version: Annotated[int, _example(2)]
    title_zh: Annotated[str, _example("民法典进村社")]
    organization: UUID
    organization_zh: Annotated[str, _example("西湖区某某法律服务中心")]
    rate_fen: Annotated[int, _example(60_000)]
    published_at: datetime | None

    @classmethod
    def of(cls, view: AdmissionView) -> "AdmissionBody":
        """Return what a program sees of an admission."""
        return cls(
            view.public_id, view.status, view.product_reference, view.product_version, view.title_zh,
            view.organization_public_id, view.organization_zh, view.rate_fen, view.published_at,
        )  # fmt: skip


class FrameworkDetail(FrameworkBody):
    """A framework with who is admitted to it."""

    admitted: list[AdmissionBody] = []


class ApplyBody(msgspec.Struct):
    """The listed products to apply with."""

    products: Annotated[list[str], msgspec.Meta(min_length=1, max_length=200, examples=[["CP-2026-000012"]])]


class AppliedBody(msgspec.Struct):
    """How many applications were taken in."""

    applied: Annotated[int, _example(1)]


class DecisionBody(msgspec.Struct):
    """An officer's word on one application; a refusal needs its reason."""

    id: UUID
    admit: bool
    reason: Reason = ""


class DecisionsBody(msgspec.Struct):
    """Decisions that land together or not at all."""

    decisions: Annotated[list[DecisionBody], msgspec.Meta(min_length=1, max_length=1000)]


class CountsBody(msgspec.Struct):
    """How many ended in which state."""

    counts: Annotated[dict[str, int], _example({"admitted": 12, "refused": 1})]


class RemovalBody(msgspec.Struct):
    """Why a supplier is removed."""

    ground: RemovalGround
    reason: Reason


@get("/frameworks", guards=[public], summary="List frameworks")
async def list_frameworks(
    category: FromQuery[str] = "", cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[FrameworkBody]:
    """Frameworks whose call is public, the newest first."""
    size = page_size(limit)
    rows = await queries.published(category, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, key=lambda row: row.id, size=size), FrameworkBody.of)


@get("/frameworks/{reference:str}", guards=[public], summary="Show a framework")
async def show_framework(reference: FromPath[str]) -> FrameworkDetail:
    """A framework with its admitted products."""
    view = await queries.framework(reference)
    rows = await admissions.of_framework(view.id, [AdmissionStatus.ADMITTED])
    known = {name: getattr(view, name) for name in FrameworkBody.__struct_fields__}
    return FrameworkDetail(**known, admitted=[AdmissionBody.of(row) for row in rows])


@post(
    "/frameworks/{reference:str}/applications",
    guards=[requires(Permission.FRAMEWORK_APPLY)],
    summary="Apply for admission",
)
async def apply(reference: FromPath[str], data: JSONBody[ApplyBody], principal: CurrentPrincipal) -> AppliedBody:
    """Apply with listed products of one's own organization."""
    framework = await queries.framework(reference)
    chosen = await admissions.product_ids(data.products)
    return AppliedBody(len(await service.apply_for_admission(principal, framework.id, chosen)))


@get("/my/admissions", guards=[requires(Permission.FRAMEWORK_APPLY)], summary="List one's organizations' admissions")
async def list_own(principal: CurrentPrincipal) -> list[AdmissionBody]:
    """All that one's organizations applied with, whatever became of it, the newest first."""
    rows = await admissions.of_organizations(principal.scope(Permission.FRAMEWORK_APPLY))
    return [AdmissionBody.of(row) for row in rows]


@post("/admissions/decisions", guards=[requires(Permission.FRAMEWORK_MANAGE)], summary="Decide applications")
async def decide(data: JSONBody[DecisionsBody], principal: CurrentPrincipal) -> CountsBody:
    """Admit or refuse applications, all or none; an admission is published at once."""
    ids = await admissions.admission_ids([one.id for one in data.decisions])
    decisions = [ApplicationDecision(row, one.admit, one.reason) for row, one in zip(ids, data.decisions, strict=True)]
    return CountsBody(dict(await service.decide_applications(principal, decisions)))


@post(
    "/admissions/{public_id:uuid}/withdrawal",
    guards=[requires(Permission.FRAMEWORK_APPLY)],
    status_code=204,
    summary="Leave a framework",
)
async def withdraw(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Leave a framework, or take an application back."""
    [admission_id] = await admissions.admission_ids([public_id])
    await service.withdraw_admission(principal, admission_id)


@post(
    "/admissions/{public_id:uuid}/removal",
    guards=[requires(Permission.FRAMEWORK_MANAGE)],
    status_code=204,
    summary="Remove a supplier",
)
async def remove(public_id: FromPath[UUID], data: JSONBody[RemovalBody], principal: CurrentPrincipal) -> None:
    """Remove a supplier for cause; it never returns to the same framework."""
    [admission_id] = await admissions.admission_ids([public_id])
    await service.remove_admission(principal, admission_id, data.ground, data.reason)
