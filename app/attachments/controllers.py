"""Handing files out."""

from urllib.parse import quote
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from app.attachments import queries
from app.web.guards import CurrentPrincipal, public


@get("/attachments/{public_id:uuid}", guards=[public])
async def download(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[bytes]:
    """Send a file for saving, never for display; the thing it belongs to decides who gets it."""
    file = await queries.download(principal, public_id)
    return Response(
        file.content,
        media_type=file.media_type,
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{quote(file.file_name, safe='')}",
            "x-content-type-options": "nosniff",
            "cache-control": "private, no-store",
            "content-security-policy": "default-src 'none'; sandbox",
        },
    )
