"""The closing file for programs: what it holds and still lacks, and its two downloads.

It is made while it is asked for, so there is nothing to start and nothing to wait for.
"""

from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from app.web.guards import CurrentPrincipal
from procurement.deliveries.closing_file.controllers import READER, document_of, originals_of
from procurement.deliveries.closing_file.queries import Outline, outline


class ClosingBody(msgspec.Struct):
    """What the file would hold if it were made now; ``complete`` when nothing is missing any more."""

    contract: Annotated[str, msgspec.Meta(examples=["HT-2026-000003"])]
    complete: Annotated[bool, msgspec.Meta(examples=[False])]
    units: Annotated[int, msgspec.Meta(examples=[12])]
    waiting: Annotated[list[str], msgspec.Meta(description="Units not judged yet.", examples=[["DD-2026-000042"]])]
    files: Annotated[int, msgspec.Meta(examples=[24])]
    opinions: Annotated[int, msgspec.Meta(examples=[31])]
    evaluated: Annotated[bool, msgspec.Meta(examples=[True])]

    @classmethod
    def of(cls, found: Outline) -> "ClosingBody":
        """Return what a program sees of it."""
        waiting = [unit.reference for unit in found.open_units]
        complete = bool(found.units) and found.evaluated and not waiting
        reference = found.contract.reference
        return cls(reference, complete, len(found.units), waiting, found.files, found.opinions, found.evaluated)


@get("/contracts/{reference:str}/closing-file", guards=[READER], summary="Show how complete a closing file is")
async def show_closing_file(reference: FromPath[str], principal: CurrentPrincipal) -> ClosingBody:
    """Say what the file holds, to the contract's parties and those who watch."""
    return ClosingBody.of(await outline(principal, reference))


@get(
    "/contracts/{reference:str}/closing-file/document",
    guards=[READER], media_type="application/pdf", summary="Download a closing file",
)  # fmt: skip
async def download_document(reference: FromPath[str], principal: CurrentPrincipal) -> Response[bytes]:
    """Return the file as one PDF with contents and page numbers; each time leaves a trace."""
    return await document_of(principal, reference)


@get(
    "/contracts/{reference:str}/closing-file/originals",
    guards=[READER], media_type="application/zip", summary="Download a closing file with its originals",
)  # fmt: skip
async def download_originals(reference: FromPath[str], principal: CurrentPrincipal) -> Response[bytes]:
    """Return a ZIP of the file, the contract, the workload list and every original, with their SHA-256."""
    return await originals_of(principal, reference)
