"""Contracts on paper for programs: the PDF of a contract or amendment, and checking a paper's hash."""

from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery

from app.web.guards import CurrentPrincipal, public
from procurement.contracts import queries as contracts
from procurement.contracts.printing import queries
from procurement.contracts.printing.controllers import amendment_copy, contract_copy
from procurement.contracts.printing.rules import is_of


class CheckedBody(msgspec.Struct):
    """A text in force under the number: 0 is the contract, others its amendments."""

    number: Annotated[int, msgspec.Meta(examples=[0])]
    text_sha256: Annotated[str, msgspec.Meta(examples=["00d0288a4267d6197e01e8b87b1340ad2fd31dc5c0e6b4b79d75420037cf"])]
    untouched: Annotated[bool, msgspec.Meta(description="The stored text still has this hash.", examples=[True])]
    matches: Annotated[bool, msgspec.Meta(description="The hash asked about is this one.", examples=[True])]


@get(
    "/contracts/{reference:str}/document",
    guards=[public], media_type="application/pdf", summary="Download a contract",
)  # fmt: skip
async def download_contract(reference: FromPath[str], principal: CurrentPrincipal) -> Response[bytes]:
    """Return the contract as PDF; the signers' names are printed for its two parties only."""
    return await contract_copy(principal, reference)


@get(
    "/contracts/{reference:str}/amendments/{number:int}/document",
    guards=[public], media_type="application/pdf", summary="Download an amendment",
)  # fmt: skip
async def download_amendment(
    reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal
) -> Response[bytes]:
    """Return an amendment as PDF."""
    return await amendment_copy(principal, reference, number)


@get("/contracts/{reference:str}/check", guards=[public], summary="Check a paper's hash")
async def check_hash(
    reference: FromPath[str], principal: CurrentPrincipal, sha256: FromQuery[str] = ""
) -> list[CheckedBody]:
    """Return the texts in force under a number; ``sha256`` is a hash, or its first eight digits or more."""
    view = await contracts.contract(principal, reference)
    return [
        CheckedBody(text.number, text.text_sha256.hex(), text.untouched, is_of(sha256, text.text_sha256))
        for text in await queries.signed_texts(view.id)
    ]
