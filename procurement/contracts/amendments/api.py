"""Amendments for programs: a contract's, proposing, agreeing, approving, ending one."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission, Principal
from app.web.guards import CurrentPrincipal, public, requires
from procurement.contracts import queries as contracts
from procurement.contracts.amendments import queries, service
from procurement.contracts.amendments.queries import AmendmentView
from procurement.contracts.amendments.rules import AmendmentStatus, Change
from procurement.purchases.api import ReasonBody

SIGNER, APPROVER = requires(Permission.CONTRACT_SIGN), requires(Permission.PURCHASE_APPROVE)


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class AmendmentBody(msgspec.Struct):
    """An amendment; it binds when it is in force."""

    number: Annotated[int, _example(1)]
    status: AmendmentStatus
    added: Annotated[int, _example(2)]
    ends_on: Annotated[date | None, _example(None)]
    reason_zh: Annotated[str, _example("村社需求增加")]
    body_zh: str
    text_sha256: Annotated[str, _example("00d0288a4267d6197e01e8b87b1340ad2fd31dc5c0e6b4b79d75420037cfdc39")]
    proposed_at: datetime
    agreed_at: datetime | None
    approved_at: datetime | None

    @classmethod
    def of(cls, view: AmendmentView) -> "AmendmentBody":
        """Return what a program sees of an amendment."""
        known = {name: getattr(view, name) for name in cls.__struct_fields__ if name != "text_sha256"}
        return cls(**known, text_sha256=view.text_sha256.hex())


class ProposalBody(msgspec.Struct):
    """Units to add, or a new last day; one matter at a time."""

    reason_zh: Annotated[str, _example("村社需求增加")]
    added: Annotated[int, _example(2)] = 0
    ends_on: Annotated[date | None, _example(None)] = None


class NumberBody(msgspec.Struct):
    """The number of the amendment within its contract."""

    number: Annotated[int, _example(1)]


@get("/contracts/{reference:str}/amendments", guards=[public], summary="List a contract's amendments")
async def list_amendments(reference: FromPath[str], principal: CurrentPrincipal) -> list[AmendmentBody]:
    """Those in force to everybody, all of them to the two parties."""
    view = await contracts.contract(principal, reference)
    rows = await queries.amendments(view.id, party=contracts.standing(principal, view).party)
    return [AmendmentBody.of(row) for row in rows]


@post("/contracts/{reference:str}/amendments", guards=[SIGNER], summary="Propose an amendment")
async def propose(reference: FromPath[str], data: JSONBody[ProposalBody], principal: CurrentPrincipal) -> NumberBody:
    """Sign an amendment for the buyer; all supplements stay within a tenth of the contract's price."""
    view = await contracts.contract(principal, reference)
    change = Change(data.added, data.ends_on)
    return NumberBody(await service.propose_amendment(principal, view.id, change, data.reason_zh))


@post(
    "/contracts/{reference:str}/amendments/{number:int}/agreement",
    guards=[SIGNER], status_code=204, summary="Agree to an amendment",
)  # fmt: skip
async def agree(reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal) -> None:
    """Sign for the provider."""
    await service.agree(principal, await _id(principal, reference, number))


@post(
    "/contracts/{reference:str}/amendments/{number:int}/approval",
    guards=[APPROVER], status_code=204, summary="Approve an amendment",
)  # fmt: skip
async def approve(reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal) -> None:
    """Bring it into force; the money of added units is bound at once."""
    await service.approve(principal, await _id(principal, reference, number))


@post(
    "/contracts/{reference:str}/amendments/{number:int}/withdrawal",
    guards=[SIGNER], status_code=204, summary="Withdraw an amendment",
)  # fmt: skip
async def withdraw(
    reference: FromPath[str], number: FromPath[int], data: JSONBody[ReasonBody], principal: CurrentPrincipal
) -> None:
    """Take it back for the buyer."""
    await service.withdraw(principal, await _id(principal, reference, number), data.reason)


@post(
    "/contracts/{reference:str}/amendments/{number:int}/refusal",
    guards=[SIGNER], status_code=204, summary="Turn an amendment down",
)  # fmt: skip
async def decline(
    reference: FromPath[str], number: FromPath[int], data: JSONBody[ReasonBody], principal: CurrentPrincipal
) -> None:
    """Turn it down for the provider."""
    await service.decline(principal, await _id(principal, reference, number), data.reason)


@post(
    "/contracts/{reference:str}/amendments/{number:int}/rejection",
    guards=[APPROVER], status_code=204, summary="Refuse an amendment",
)  # fmt: skip
async def refuse(
    reference: FromPath[str], number: FromPath[int], data: JSONBody[ReasonBody], principal: CurrentPrincipal
) -> None:
    """Refuse an agreed amendment for the buyer."""
    await service.refuse(principal, await _id(principal, reference, number), data.reason)


async def _id(principal: Principal, reference: str, number: int) -> int:
    view = await contracts.contract(principal, reference)
    return (await queries.amendment(view.id, number, party=contracts.standing(principal, view).party)).id
