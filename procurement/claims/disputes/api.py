"""Disputes for programs: objecting to one's own claim, answering an objection."""

from typing import Annotated

import msgspec
from litestar import post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from procurement.claims.disputes import service
from procurement.claims.disputes.controllers import CLAIMANTS, JUDGES
from procurement.claims.disputes.rules import DisputeEvent
from procurement.claims.forms import Reason


class ObjectionBody(msgspec.Struct):
    """What the claimant objects to."""

    text: Annotated[Reason, msgspec.Meta(min_length=1)]


class AnswerBody(msgspec.Struct):
    """The answer, and whether the objection is upheld."""

    event: DisputeEvent
    answer: Annotated[Reason, msgspec.Meta(min_length=1)]


@post("/claims/{reference:str}/dispute", guards=[CLAIMANTS], status_code=204, summary="Object to a claim")
async def raise_dispute(reference: FromPath[str], principal: CurrentPrincipal, data: JSONBody[ObjectionBody]) -> None:
    """Object to how one's own claim was judged or priced."""
    await service.raise_dispute(principal, reference, data.text)


@post("/claims/{reference:str}/answer", guards=[JUDGES], status_code=204, summary="Answer an objection")
async def answer_dispute(reference: FromPath[str], principal: CurrentPrincipal, data: JSONBody[AnswerBody]) -> None:
    """Answer an objection; upholding it takes a rejected or returned claim up again."""
    await service.answer_dispute(principal, reference, data.event, data.answer)
