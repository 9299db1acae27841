"""The result of a tender for programs: as it waits for its approvers, and an approver's yes or no."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission, Principal
from app.core.errors import NotFound
from app.web.guards import CurrentPrincipal, requires
from procurement.purchases import queries as purchases
from procurement.purchases.approvals.api import StepBody
from procurement.purchases.rules import Method
from procurement.purchases.tenders.awards import queries, service
from procurement.purchases.tenders.awards.service import AwardWord
from procurement.purchases.tenders.controllers import READER
from procurement.reading import BUYERS, reading_scope


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class ResultBody(msgspec.Struct):
    """One recorded result; the newest is the one that is decided, unless it was refused."""

    round: Annotated[int, _example(1)]
    organization_public_id: UUID
    organization_zh: Annotated[str, _example("西湖区某某法律服务中心")]
    product_reference: Annotated[str, _example("CP-2026-000012")]
    rank: Annotated[int, _example(1)]
    reported_on: date
    unit_price_fen: Annotated[int, _example(55_000)]
    amount_fen: Annotated[int, _example(55_000_000)]
    happened_at: datetime
    recorder: Annotated[str, _example("Chen")]
    refused_by: Annotated[str, _example("")]
    refused_reason: Annotated[str, msgspec.Meta(examples=[""])]


class AwardBody(msgspec.Struct):
    """What approvers see: every recorded result, the newest first, and the chain of the newest."""

    waiting: Annotated[bool, _example(True)]
    yours: Annotated[bool, _example(False)]
    results: list[ResultBody]
    steps: list[StepBody]


class AwardWordBody(msgspec.Struct):
    """A word on the result that waits; ``round`` and ``step`` say what was seen, and a refusal needs its reason."""

    approve: bool
    reason: Annotated[str, msgspec.Meta(max_length=500, examples=["供应商的资质已经过期。"])] = ""
    minutes: Annotated[str, msgspec.Meta(max_length=100, examples=["办公会纪要〔2026〕5号"])] = ""
    round: Annotated[int | None, _example(1)] = None
    step: Annotated[int | None, _example(2)] = None


@get("/tenders/{reference:str}/award", guards=[READER], summary="Show the result that approvers decide")
async def show_award(reference: FromPath[str], principal: CurrentPrincipal) -> AwardBody:
    """The recorded results with whose turn it is; empty before the first is recorded."""
    return await _award(principal, reference)


@post(
    "/tenders/{reference:str}/award/decision",
    guards=[requires(Permission.PURCHASE_APPROVE)],
    status_code=200,
    summary="Decide a tender's result",
)
async def decide_award(
    reference: FromPath[str], data: JSONBody[AwardWordBody], principal: CurrentPrincipal
) -> AwardBody:
    """Approve or refuse what another approver recorded; the last yes awards the tender.

    Another result is recorded as a step of kind ``award``, which begins the chain anew.
    """
    found = await purchases.purchase(principal.scope(Permission.PURCHASE_APPROVE), reference)
    word = AwardWord(data.approve, data.reason, data.minutes, data.round, data.step)
    await service.decide_award(principal, found.id, word)
    return await _award(principal, reference)


async def _award(principal: Principal, reference: str) -> AwardBody:
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    if found.method is not Method.TENDER:
        raise NotFound
    stands = await queries.deciding(principal, found.id)
    results = [
        ResultBody(
            one.round, one.organization_public_id, one.organization_zh, one.facts.product, one.facts.rank,
            one.facts.reported_on, one.facts.unit_price_fen, one.amount_fen, one.happened_at, one.recorder,
            one.refused_by, one.refused_reason,
        )
        for one in stands.results
    ]  # fmt: skip
    yours = stands.turn is not None and stands.turn.mine
    return AwardBody(stands.waiting is not None, yours, results, [StepBody.of(step) for step in stands.steps])
