"""Tenders for programs: the recorded steps with their hashes, and the second look by the law of each day."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import FromPath

from app.web.guards import CurrentPrincipal, requires
from procurement.purchases import queries as purchases
from procurement.purchases.rules import PurchaseStatus
from procurement.purchases.tenders import queries
from procurement.purchases.tenders.facts import StepKind
from procurement.purchases.tenders.reexamining import reexamine
from procurement.reading import BUYERS, reading_scope

READER = requires(*BUYERS)


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class StepBody(msgspec.Struct):
    """One recorded step; ``facts`` are those of its kind."""

    kind: StepKind
    happened_at: datetime
    number: Annotated[str, _example("ZJZC-2026-0001")]
    url: Annotated[str, _example("https://zfcg.czt.zj.gov.cn/site/detail?id=1")]
    sha256: Annotated[str, _example("00d0288a4267d6197e01e8b87b1340ad2fd31dc5c0e6b4b79d75420037cfdc39")]
    facts: Annotated[dict[str, Any], _example({"submitted": 3, "refused_late": 0})]


class TenderBody(msgspec.Struct):
    """A tender with its steps."""

    reference: Annotated[str, _example("CG-2026-000007")]
    status: PurchaseStatus
    challenged_at: datetime | None
    steps: list[StepBody]


class VerdictBody(msgspec.Struct):
    """A step judged again: the codes of what the law of its day, and today's, has against it."""

    kind: StepKind
    happened_at: datetime
    then: Annotated[list[str], _example([])]
    now: Annotated[list[str], _example(["intent_too_recent"])]


@get("/tenders/{reference:str}", guards=[READER], summary="Show a tender")
async def show_tender(reference: FromPath[str], principal: CurrentPrincipal) -> TenderBody:
    """Every recorded step in its order."""
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    tender = await queries.tender(found.id, found.place_code)
    steps = [
        StepBody(
            view.step.kind, view.step.at, view.step.number, view.step.url, (view.step.sha256 or b"").hex(),
            msgspec.to_builtins(view.step.facts),
        )
        for view in tender.steps
    ]  # fmt: skip
    return TenderBody(found.reference, found.status, tender.challenged_at, steps)


@get("/tenders/{reference:str}/verdicts", guards=[READER], summary="Judge a tender again")
async def judge_again(reference: FromPath[str], principal: CurrentPrincipal) -> list[VerdictBody]:
    """Each step by the law of its own day, and by today's."""
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    return [
        VerdictBody(
            verdict.step.kind, verdict.step.at, [block.code for block in verdict.then],
            [block.code for block in verdict.now],
        )
        for verdict in await reexamine(found.id)
    ]  # fmt: skip
