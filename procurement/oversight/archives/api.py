"""The archive of a purchase for programs."""

from litestar import Response, get
from litestar.params import FromPath

from app.web.guards import CurrentPrincipal, requires
from procurement.oversight.archives.controllers import archive_of
from procurement.reading import BUYERS


@get(
    "/purchases/{reference:str}/archive",
    guards=[requires(*BUYERS)], media_type="application/zip", summary="Download a purchase's archive",
)  # fmt: skip
async def download_archive(reference: FromPath[str], principal: CurrentPrincipal) -> Response[bytes]:
    """Return the archive in its fixed order with the audit chain's proof; `fahui archive verify` checks it."""
    return await archive_of(principal, reference)
