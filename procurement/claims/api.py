"""Claims for programs: list, show, approve, return, reject."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import translate
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.claims import queries, service
from procurement.claims.desk import queries as desk
from procurement.claims.desk.queries import ClaimFilter
from procurement.claims.forms import ApprovalBody, ReasonBody
from procurement.claims.queries import ClaimRow
from procurement.claims.rules import ClaimStatus
from procurement.claims.sampling.service import approve_many
from procurement.claims.standing.queries import standings
from procurement.claims.wording import explained

JUDGES = requires(Permission.CLAIM_APPROVE)


class ClaimBody(msgspec.Struct):
    """A claim; ``label`` says what the tariff behind the amount is if that is not official."""

    reference: Annotated[str, msgspec.Meta(examples=["BT-2026-000123"])]
    status: Annotated[str, msgspec.Meta(examples=["accrued"])]
    item: Annotated[str, msgspec.Meta(examples=["duty"])]
    service_day: Annotated[date, msgspec.Meta(examples=["2026-11-16"])]
    amount_fen: Annotated[int, msgspec.Meta(examples=[25_000])]
    label: Annotated[str, msgspec.Meta(examples=["Demonstration tariff (not official)"])]
    programme: Annotated[str, msgspec.Meta(examples=["On-site service subsidies"])]
    district: Annotated[str, msgspec.Meta(examples=["Xihu District"])]
    reason: str

    @classmethod
    def of(cls, row: ClaimRow) -> "ClaimBody":
        """Return the body of a view."""
        return cls(
            row.reference, row.status.value, row.item, row.service_day, row.amount_fen, row.label_en or row.label_zh,
            row.programme_en, row.district_en, row.reason,
        )  # fmt: skip


class ClaimDetailBody(ClaimBody):
    """A claim with the steps that led to its amount, in the caller's language, and the batch that pays it.

    ``waits_for`` names what bars it from going on, ``left_out_of`` the run that left it out; ``paid_next_on`` holds
    once nothing bars it.
    """

    steps: Annotated[list[str], msgspec.Meta(examples=[["值班律师（半天）：一个半天 × ¥250.00 = ¥250.00"]])] = []
    missing_documents: list[str] = []
    tariff_sha256: str = ""
    batch: Annotated[str | None, msgspec.Meta(examples=["JS-2026-000007"])] = None
    waits_for: Annotated[str, msgspec.Meta(examples=["short_of_money"])] = ""
    waits_because: Annotated[str, msgspec.Meta(examples=["结算的可用额度不够，先通过的先付。"])] = ""
    left_out_of: Annotated[str | None, msgspec.Meta(examples=["JS-2026-000007"])] = None
    paid_next_on: Annotated[date | None, msgspec.Meta(examples=["2026-12-15"])] = None


class ApprovedBody(msgspec.Struct):
    """How many claims were approved and for how much."""

    count: Annotated[int, msgspec.Meta(examples=[2])]
    total_fen: Annotated[int, msgspec.Meta(examples=[50_000])]


@get("/claims", guards=[JUDGES], summary="List claims")
async def list_claims(
    principal: CurrentPrincipal,
    district: FromQuery[str] = "",
    programme: FromQuery[str] = "",
    status: FromQuery[ClaimStatus | None] = None,
    week: FromQuery[date | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[ClaimBody]:
    """Return claims of the caller's places, oldest first; ``week`` is any day of a week."""
    size = page_size(limit)
    asked = ClaimFilter(district, programme, status.value if status else "", week)
    found = await desk.queue(principal, asked, decode_cursor(cursor, str), size + 1)
    return page_of(sliced(found.rows, lambda row: row.reference, size), ClaimBody.of)


@get(
    "/claims/{reference:str}",
    guards=[requires(Permission.CLAIM_SELF, *queries.READERS)],
    summary="Show a claim",
)
async def show_claim(principal: CurrentPrincipal, reference: FromPath[str]) -> ClaimDetailBody:
    """Return one claim with its price explained; to its payee, or to officers of its place."""
    claim = await queries.claim_page(principal, reference)
    standing = (await standings([claim.row.id])).get(claim.row.id)
    left_out = standing.left_out if standing else None
    return ClaimDetailBody(
        **msgspec.structs.asdict(ClaimBody.of(claim.row)),
        steps=[translate(step) for step in explained(claim.steps)],
        missing_documents=list(claim.missing_documents),
        tariff_sha256=claim.tariff_sha256,
        batch=claim.payment.batch if claim.payment else None,
        waits_for=standing.reason.value if standing and standing.reason else "",
        waits_because=translate(standing.text) if standing and standing.text else "",
        left_out_of=left_out.batch if left_out else None,
        paid_next_on=standing.next_on if standing else None,
    )


@post("/claims/approvals", guards=[JUDGES], summary="Approve claims", status_code=200)
async def approve_claims(principal: CurrentPrincipal, data: JSONBody[ApprovalBody]) -> ApprovedBody:
    """Approve claims, all or none: each is reserved on its budget line and booked as owed.

    From twenty claims of one day on, in however many requests, some are drawn by chance; until each was looked at,
    approving is refused.
    """
    ids = await desk.ids_of(principal, data.references)
    done = await approve_many(principal, ids)
    return ApprovedBody(done.count, done.total_fen)


@post("/claims/{reference:str}/return", guards=[JUDGES], summary="Send a claim back", status_code=204)
async def return_claim(principal: CurrentPrincipal, reference: FromPath[str], data: JSONBody[ReasonBody]) -> None:
    """Send a claim back to its payee with the reason."""
    (claim_id,) = await desk.ids_of(principal, [reference])
    await service.return_claim(principal, claim_id, data.reason)


@post("/claims/{reference:str}/reject", guards=[JUDGES], summary="Reject a claim", status_code=204)
async def reject_claim(principal: CurrentPrincipal, reference: FromPath[str], data: JSONBody[ReasonBody]) -> None:
    """Refuse a claim for good, with the reason."""
    (claim_id,) = await desk.ids_of(principal, [reference])
    await service.reject_claim(principal, claim_id, data.reason)
