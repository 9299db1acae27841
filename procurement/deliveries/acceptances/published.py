"""What everybody sees of acceptances: numbers and verdicts, nobody's name (条例 §45)."""

import asyncio
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from app.core import clock
from app.core.text import N_
from app.imports.controllers import as_file
from app.imports.writing import written
from app.web.filters import localized
from app.web.guards import public
from app.web.i18n import gettext
from app.web.pages import page
from app.web.pagination import decode_cursor, sliced
from marketplace.products.areas import city_and_districts
from procurement.deliveries.acceptances.queries import PublicResult, public_results
from procurement.deliveries.acceptances.rules import OUTCOME_NAMES, Outcome
from procurement.deliveries.acceptances.tags import OUTCOME_TAGS

MOST_ROWS = 10_000
COLUMNS = (
    N_("编号"), N_("服务"), N_("机构"), N_("区县"), N_("乡镇街道"), N_("服务日期"), N_("验收日期"), N_("结果"),
    N_("服务人数"), N_("评分"), N_("需求条目"), N_("不符合"), N_("验收次数"), N_("群众评价"),
)  # fmt: skip


@get("/acceptances", guards=[public])
async def results(
    place: FromQuery[str] = "", verdict: FromQuery[Outcome | None] = None, cursor: FromQuery[str | None] = None
) -> Response[str]:
    """List what was accepted and what was not."""
    rows = await public_results(_place(place), verdict, decode_cursor(cursor, int))
    return await page(
        "procurement/deliveries/results.html",
        part=sliced(rows, key=lambda row: row.id),
        place=_place(place),
        verdict=verdict,
        places=[(area.code, localized(area, "name")) for area in await city_and_districts()],
        verdicts={one.value: OUTCOME_NAMES[one] for one in (Outcome.ACCEPTED, Outcome.REFUSED)},
        outcome_tags=OUTCOME_TAGS,
    )


@get("/acceptances.csv", guards=[public])
async def results_file(place: FromQuery[str] = "", verdict: FromQuery[Outcome | None] = None) -> Response[bytes]:
    """Hand the same out as a table."""
    rows = await public_results(_place(place), verdict, limit=MOST_ROWS)
    header = [gettext(name) for name in COLUMNS]
    content = await asyncio.to_thread(written, "csv", header, [_line(row) for row in rows])
    return as_file(content, f"{gettext(N_('验收结果'))}.csv", "csv")


def _place(code: str) -> str:
    return code if code.isdigit() and len(code) <= len("330106001001") else ""


def _line(row: PublicResult) -> list[Any]:
    return [
        row.reference,
        localized(row, "title"),
        localized(row, "organization"),
        localized(row, "district"),
        localized(row, "town"),
        clock.local(row.wished_start).date(),
        clock.local(row.accepted_at).date(),
        gettext(OUTCOME_NAMES[row.verdict]),
        row.people_reached,
        row.rating,
        row.lines,
        row.unmet,
        row.rounds,
        row.opinions,
    ]
