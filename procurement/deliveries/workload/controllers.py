"""The workload list: on screen, on paper, as a file."""

import asyncio
from collections.abc import Sequence
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from app.core import clock
from app.core.text import N_
from app.imports.controllers import as_file
from app.imports.writing import written
from app.web.components import Crumb
from app.web.filters import localized
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import gettext
from app.web.pages import page
from procurement.deliveries.acceptances.rules import OUTCOME_NAMES
from procurement.deliveries.proofs.parties import READERS
from procurement.deliveries.proofs.rules import KIND_NAMES
from procurement.deliveries.tags import STATUS_TAGS
from procurement.deliveries.workload.queries import UnitRow, totals, workload

READER = requires(*READERS)
COLUMNS = (
    N_("序号"), N_("编号"), N_("服务日期"), N_("乡镇街道"), N_("村（社区）"), N_("谁来"), N_("分钟"),
    N_("讲了什么、办了什么"), N_("到场人数"), N_("验收确认人数"), N_("验收"), N_("群众评价"), N_("缺凭证"),
)  # fmt: skip


@get("/contracts/{reference:str}/workload", guards=[READER])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show every unit of a contract with its proofs."""
    contract, units = await workload(principal, reference)
    return await page(
        "procurement/deliveries/workload.html",
        contract=contract,
        units=units,
        totals=totals(units),
        status_tags=STATUS_TAGS,
        kind_names=KIND_NAMES,
        crumbs=[Crumb(N_("合同"), f"/contracts/{reference}"), Crumb(N_("工作量清单"))],
    )


@get("/contracts/{reference:str}/workload.csv", guards=[READER])
async def file(reference: FromPath[str], principal: CurrentPrincipal) -> Response[bytes]:
    """Hand the same out as a table."""
    contract, units = await workload(principal, reference)
    return as_file(await workload_table(units), f"{gettext(N_('工作量清单'))}-{contract.reference}.csv", "csv")


async def workload_table(units: Sequence[UnitRow]) -> bytes:
    """Return the list as CSV, in the reader's language."""
    header = [gettext(name) for name in COLUMNS]
    lines = [_line(number, unit) for number, unit in enumerate(units, 1)]
    return await asyncio.to_thread(written, "csv", header, lines)


def _line(number: int, unit: UnitRow) -> list[Any]:
    return [
        number,
        unit.reference,
        clock.local(unit.starts).date(),
        localized(unit, "town"),
        localized(unit, "place"),
        gettext(N_("、")).join(unit.people),
        unit.minutes,
        unit.topic_zh,
        unit.present,
        unit.reached,
        gettext(OUTCOME_NAMES[unit.verdict]) if unit.verdict else "",
        unit.opinions,
        gettext(N_("、")).join(gettext(KIND_NAMES[need.kind]) for need in unit.needs if need.missing),
    ]
