"""The public notices of buying."""

from datetime import datetime
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromQuery

from app.web.forms import Form
from app.web.guards import public
from app.web.pages import page
from app.web.pagination import decode_cursor, sliced
from procurement.frameworks.forms import NoticeFilter
from procurement.frameworks.notices import queries
from procurement.frameworks.notices.tags import KIND_TAGS


@get("/notices", guards=[public])
async def notices(request: Request[Any, Any, Any], cursor: FromQuery[str | None] = None) -> Response[str]:
    """List the notices."""
    asked = Form.from_query(request, NoticeFilter).value
    before = decode_cursor(cursor, tuple[datetime, str])
    rows = await queries.notices(asked.kind.value if asked.kind else "", before)
    return await page(
        "procurement/frameworks/notices.html",
        part=sliced(rows, key=lambda row: (row.published_at, row.key)),
        kind=asked.kind,
        tags=KIND_TAGS,
        kinds={kind: tag.label for kind, tag in KIND_TAGS.items()},
    )
