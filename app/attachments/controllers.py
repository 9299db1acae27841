"""Handing files out."""

from urllib.parse import quote

from litestar import Response, get

from app.attachments import queries
from app.core.access import Principal
from app.core.ids import parse_public_id
from app.web.guards import public


@get("/attachments/{public_id:str}", guards=[public])
async def download(public_id: str, principal: Principal) -> Response[bytes]:
    """Send a file for saving, never for display; the thing it belongs to decides who gets it."""
    file = await queries.download(principal, parse_public_id(public_id))
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
