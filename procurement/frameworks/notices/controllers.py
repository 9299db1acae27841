"""The public notices of buying."""

from datetime import datetime
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import public
from app.web.pages import page
from app.web.pagination import decode_cursor, sliced
from marketplace.organizations.provision import CATEGORY_NAMES
from marketplace.products.content import UNIT_NAMES
from procurement.frameworks.forms import NoticeFilter
from procurement.frameworks.notices import queries
from procurement.frameworks.notices.tags import ARTICLES, KIND_TAGS, SAYINGS
from procurement.frameworks.rules import FRAMEWORK_RULES
from procurement.frameworks.tags import GROUND_NAMES


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


@get("/notices/{reference:str}", guards=[public])
async def notice(reference: FromPath[str]) -> Response[str]:
    """Show one notice of a framework, as it can be printed and cited."""
    found = await queries.notice(reference)
    return await page(
        "procurement/frameworks/notice.html",
        notice=found,
        tag_of=KIND_TAGS[found.kind],
        saying=SAYINGS[found.kind],
        document=FRAMEWORK_RULES,
        article=ARTICLES[found.kind],
        grounds=GROUND_NAMES,
        category_names=CATEGORY_NAMES,
        unit_names=UNIT_NAMES,
        crumbs=[Crumb(N_("采购公告"), "/notices"), Crumb(found.reference)],
    )
