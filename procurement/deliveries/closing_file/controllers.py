"""The closing file's page and its two downloads."""

from litestar import Response, get
from litestar.params import FromPath

from app.core.access import Principal
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import gettext
from app.web.pages import page, to_save
from procurement.deliveries.closing_file import service
from procurement.deliveries.closing_file.queries import outline
from procurement.deliveries.proofs.parties import READERS
from procurement.deliveries.workload.queries import totals

READER = requires(*READERS)


@get("/contracts/{reference:str}/closing", guards=[READER])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Say what the closing file holds and what it still lacks, and offer it."""
    found = await outline(principal, reference)
    return await page(
        "procurement/deliveries/closing.html",
        outline=found,
        contract=found.contract,
        totals=totals(list(found.units)),
        crumbs=[Crumb(N_("合同"), f"/contracts/{reference}"), Crumb(N_("结项材料包"))],
    )


@get("/contracts/{reference:str}/closing.pdf", guards=[READER])
async def document(reference: FromPath[str], principal: CurrentPrincipal) -> Response[bytes]:
    """Hand out the document."""
    return await document_of(principal, reference)


@get("/contracts/{reference:str}/closing.zip", guards=[READER])
async def bundle(reference: FromPath[str], principal: CurrentPrincipal) -> Response[bytes]:
    """Hand out the document with all originals."""
    return await originals_of(principal, reference)


async def document_of(principal: Principal, reference: str) -> Response[bytes]:
    """Return the document as a download, for the page and for programs."""
    content = await service.closing_document(principal, reference)
    return to_save(content, f"{gettext(N_('结项材料包'))}-{reference}.pdf", "application/pdf")


async def originals_of(principal: Principal, reference: str) -> Response[bytes]:
    """Return the document with all originals as a download."""
    content = await service.closing_bundle(principal, reference)
    return to_save(content, f"{gettext(N_('结项材料包'))}-{reference}.zip", "application/zip")
