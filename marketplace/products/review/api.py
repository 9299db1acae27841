"""The reviewer's desk for programs: what waits, with its clock, what stands against one, and the verdict."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from app.web.i18n import translate
from marketplace.organizations.provision import Category
from marketplace.products import queries
from marketplace.products.api import Reference, Units
from marketplace.products.checking.queries import standing_check
from marketplace.products.guards import Fault
from marketplace.products.review import service
from marketplace.products.review.controllers import REVIEWER
from marketplace.products.review.queries import ReviewRow, review_desk
from marketplace.products.review.rules import Verdict
from marketplace.products.review.service import ProductDecision
from marketplace.products.rules import ProductStatus, Revision


class WaitingBody(msgspec.Struct):
    """A product that waits for a reviewer; ``own``: another person decides."""

    reference: Reference
    version: int
    category: Category
    status: ProductStatus
    revision: Revision
    title_zh: Annotated[str, msgspec.Meta(examples=["民法典进村社"])]
    organization_zh: Annotated[str, msgspec.Meta(examples=["西湖区某某法律服务中心"])]
    submitted_at: datetime
    due_on: Annotated[date, msgspec.Meta(examples=["2026-12-09"])]
    days_left: Annotated[int, msgspec.Meta(description="Working days; below 0 is overdue.", examples=[3])]
    monthly_units: Units | None
    own: bool
    taken_by: Annotated[str, msgspec.Meta(examples=["沈审核"])]

    @classmethod
    def of(cls, row: ReviewRow) -> "WaitingBody":
        """Return what a program sees of a row."""
        same = ("reference", "version", "category", "title_zh", "organization_zh", "submitted_at", "monthly_units",
                "own", "taken_by")  # fmt: skip
        known = {name: getattr(row, name) for name in same}
        due = row.clock
        return cls(
            **known, status=row.stage.status, revision=row.stage.revision, due_on=due.due, days_left=due.days_left
        )


class FaultBody(msgspec.Struct):
    """What would be refused today, or from ``due`` on, how it is mended, and what says so."""

    field: Annotated[str, msgspec.Meta(examples=["monthly_units"])]
    message: str
    remedy: str
    source: Annotated[str, msgspec.Meta(examples=["本平台规则 每月可接数量"])]
    due: date | None

    @classmethod
    def of(cls, fault: Fault) -> "FaultBody":
        """Return what a program sees of a fault, in the caller's language."""
        source = f"{translate(fault.citation.document)} {translate(fault.citation.article)}"
        return cls(fault.field, translate(fault.message), translate(fault.remedy), source, fault.due)


class VerdictBody(msgspec.Struct):
    """A reviewer's verdict on the version that was read."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    verdict: Verdict
    reasons: Annotated[
        str, msgspec.Meta(min_length=1, max_length=2000, examples=["内容、标准和人员写得具体，予以上架。"])
    ]
    fields: Annotated[
        list[str], msgspec.Meta(description="With request_changes: what to change.", examples=[["standard_zh"]])
    ] = []


@get("/products/waiting", guards=[REVIEWER], summary="List what waits for review")
async def list_waiting(principal: CurrentPrincipal) -> list[WaitingBody]:
    """What waits in one's places, the one due first on top."""
    return [WaitingBody.of(row) for row in (await review_desk(principal)).rows]


@get("/products/{reference:str}/faults", guards=[REVIEWER], summary="List what stands against a product")
async def list_faults(reference: FromPath[str], principal: CurrentPrincipal) -> list[FaultBody]:
    """What would be refused today, and what will be one day."""
    await queries.product_in_full(principal, reference)
    found = await standing_check(principal, reference)
    return [FaultBody.of(fault) for fault in (*found.faults, *found.warnings)]


@post("/products/{reference:str}/review", guards=[REVIEWER], status_code=204, summary="Take up")
async def begin_review(reference: FromPath[str], principal: CurrentPrincipal) -> None:
    """Take a submitted product up; the caller declares to have no tie to its provider."""
    await service.begin_review(principal, [reference])


@post(
    "/products/{reference:str}/decision",
    guards=[REVIEWER],
    status_code=204,
    summary="Decide on a product",
)
async def decide_product(reference: FromPath[str], data: JSONBody[VerdictBody], principal: CurrentPrincipal) -> None:
    """List, send back, reject, suspend, reinstate or delist; never by the author or by anyone tied to the provider."""
    decision = ProductDecision(reference, data.version, data.verdict, data.reasons, tuple(data.fields))
    await service.decide_products(principal, [decision])
