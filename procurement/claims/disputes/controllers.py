"""Objecting to a claim, and answering the objection; both on the claim's own page."""

from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath

from app.core.access import Permission
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import see_other
from procurement.claims.disputes import service
from procurement.claims.disputes.rules import DisputeEvent
from procurement.claims.forms import Reason

CLAIMANTS = requires(Permission.CLAIM_SELF)
JUDGES = requires(Permission.CLAIM_APPROVE)


class ObjectionForm(msgspec.Struct):
    """What the claimant objects to."""

    text: Reason = ""


class AnswerForm(msgspec.Struct):
    """The answer, and whether the objection is upheld."""

    event: DisputeEvent
    answer: Reason = ""


@post("/claims/{reference:str}/dispute", guards=[CLAIMANTS])
async def raise_dispute(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take an objection."""
    given = (await Form.read(request, ObjectionForm)).value
    await service.raise_dispute(principal, reference, given.text)
    return see_other(f"/claims/{reference}", N_("异议已提出，由审核人以外的另一个人答复。"))


@post("/claims/{reference:str}/answer", guards=[JUDGES])
async def answer(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Answer an objection."""
    given = (await Form.read(request, AnswerForm)).value
    await service.answer_dispute(principal, reference, given.event, given.answer)
    return see_other(f"/claims/{reference}", N_("已答复，申领人会看到。"))
