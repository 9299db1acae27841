"""Closed cases for programs: record, list, show, hand papers in, grade, take back."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.claims.cases import queries, service
from procurement.claims.cases.controllers import HANDS_IN, LOOKS
from procurement.claims.cases.forms import CaseForm, GradeForm, WithdrawForm
from procurement.claims.cases.queries import CasePage, CaseRow

RECORDERS = requires(Permission.CASE_RECORD)


class CaseBody(msgspec.Struct):
    """A closed case; ``missing`` counts the papers that hold its money, ``label`` says if the tariff is unofficial."""

    reference: Annotated[str, msgspec.Meta(examples=["AJ-2026-000012"])]
    item: Annotated[str, msgspec.Meta(examples=["mediation"])]
    agency: Annotated[str, msgspec.Meta(examples=["清波街道人民调解委员会"])]
    provider: Annotated[str, msgspec.Meta(examples=["沈一诺"])]
    closed_on: Annotated[date, msgspec.Meta(examples=["2026-11-16"])]
    grade: Annotated[str, msgspec.Meta(examples=["excellent"])]
    withdrawn: bool
    missing: Annotated[int, msgspec.Meta(examples=[1])]
    amount_fen: Annotated[int, msgspec.Meta(examples=[20_000])]
    label: Annotated[str, msgspec.Meta(examples=["Demonstration tariff (not official)"])]

    @classmethod
    def of(cls, row: CaseRow) -> "CaseBody":
        """Return the body of a view."""
        return cls(
            row.reference, row.item, row.agency, row.provider, row.closed_on, row.grade, row.withdrawn, row.missing,
            row.amount_fen, row.label_en or row.label_zh,
        )  # fmt: skip


class CaseClaimBody(msgspec.Struct):
    """A claim of a case; ``part`` is base, quality or deduction (below zero)."""

    reference: Annotated[str, msgspec.Meta(examples=["BT-2026-000123"])]
    part: Annotated[str, msgspec.Meta(examples=["base"])]
    status: Annotated[str, msgspec.Meta(examples=["accrued"])]
    amount_fen: Annotated[int, msgspec.Meta(examples=[20_000])]


class CaseDetailBody(CaseBody):
    """A case with its papers and claims.

    ``over_fen`` is what was approved beyond what its grade brings, until it is deducted.
    """

    matter: Annotated[str, msgspec.Meta(examples=["清调〔2026〕31号"])] = ""
    documents: list[str] = []
    missing_documents: list[str] = []
    claims: list[CaseClaimBody] = []
    over_fen: int = 0

    @classmethod
    def of_page(cls, found: CasePage) -> "CaseDetailBody":
        """Return the body of a view."""
        claims = [CaseClaimBody(one.reference, one.part, one.status, one.amount_fen) for one in found.claims]
        return cls(
            **msgspec.structs.asdict(CaseBody.of(found.row)), matter=found.matter, documents=list(found.documents),
            missing_documents=list(found.missing), claims=claims, over_fen=found.over_fen,
        )  # fmt: skip


class PaperBody(msgspec.Struct):
    """A paper that an office has received on paper; scans are handed in on the page."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40, examples=["调解协议书"])]


@get("/cases", guards=[RECORDERS], summary="List closed cases")
async def list_cases(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[CaseBody]:
    """Return the cases of the caller's places, the latest first."""
    size = page_size(limit)
    found = await queries.cases(principal, decode_cursor(cursor, str), size + 1)
    return page_of(sliced(found, lambda row: row.reference, size), CaseBody.of)


@get("/cases/{reference:str}", guards=[LOOKS], summary="Show a closed case")
async def show_case(principal: CurrentPrincipal, reference: FromPath[str]) -> CaseDetailBody:
    """Return one case to its provider or to officers of its place."""
    return CaseDetailBody.of_page(await queries.case_page(principal, reference))


@post("/cases", guards=[RECORDERS], summary="Record a closed case")
async def record_case(principal: CurrentPrincipal, data: JSONBody[CaseForm]) -> CaseDetailBody:
    """Record a case or stage that an agency closed; a job makes it a claim."""
    reference = await service.record_case(principal, await queries.draft_of(data), "program")
    return CaseDetailBody.of_page(await queries.case_page(principal, reference))


@post("/cases/{reference:str}/documents", guards=[HANDS_IN], status_code=204, summary="Hand in a paper of a case")
async def hand_in_document(principal: CurrentPrincipal, reference: FromPath[str], data: JSONBody[PaperBody]) -> None:
    """Say that a missing paper is there; the case is priced anew."""
    await service.hand_in(principal, reference, data.name)


@post("/cases/{reference:str}/grade", guards=[RECORDERS], status_code=204, summary="Grade a case")
async def grade_case(principal: CurrentPrincipal, reference: FromPath[str], data: JSONBody[GradeForm]) -> None:
    """Grade a case once; what it brings beyond its base becomes a further claim."""
    await service.grade_case(principal, reference, data.grade)


@post("/cases/{reference:str}/withdrawal", guards=[RECORDERS], status_code=204, summary="Take a record back")
async def withdraw_case(principal: CurrentPrincipal, reference: FromPath[str], data: JSONBody[WithdrawForm]) -> None:
    """Take a wrong record back, while none of its claims was approved."""
    await service.withdraw_case(principal, reference, data.reason)
