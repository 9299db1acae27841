"""The archive's download."""

from litestar import Response, get
from litestar.params import FromPath

from app.core.access import Principal
from app.web.guards import CurrentPrincipal, requires
from procurement.oversight.archives.service import purchase_archive
from procurement.reading import BUYERS


@get("/buying/purchases/{reference:str}/archive.zip", guards=[requires(*BUYERS)])
async def archive_file(reference: FromPath[str], principal: CurrentPrincipal) -> Response[bytes]:
    """Hand out the archive of a purchase."""
    return await archive_of(principal, reference)


async def archive_of(principal: Principal, reference: str) -> Response[bytes]:
    """Return the archive as a download, for the page and for programs."""
    content = await purchase_archive(principal, reference)
    headers = {
        "content-disposition": f'attachment; filename="archive-{reference}.zip"',
        "cache-control": "private, no-store",
    }
    return Response(content, media_type="application/zip", headers=headers)
