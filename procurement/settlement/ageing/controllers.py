"""What is approved and unpaid, by district and programme, by age."""

from collections.abc import Sequence

from litestar import Response, get

from app.core.text import N_
from app.web.components import Chart, Crumb, Series
from app.web.filters import localized
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from procurement.settlement.ageing import queries
from procurement.settlement.ageing.queries import Aged
from procurement.settlement.queries import READERS
from procurement.settlement.reconciliation.rules import age_names


@get("/settlement/ageing", guards=[requires(*READERS)])
async def show(principal: CurrentPrincipal) -> Response[str]:
    """Show what is owed and since when."""
    rows = await queries.owed(principal)
    districts, programmes = queries.aged(rows, "place"), queries.aged(rows, "programme")
    return await page(
        "procurement/settlement/ageing/show.html",
        districts=districts,
        programmes=programmes,
        ages=age_names(),
        total_fen=sum(row.fen for row in rows),
        open_fen=sum(row.to_deduct_fen for row in rows),
        claims=sum(row.claims for row in rows),
        oldest=max((row.days for row in rows), default=0),
        chart_value=chart_of(programmes) if rows else None,
        crumbs=[Crumb(N_("结算"), "/settlement"), Crumb(N_("应付未付"))],
    )


def chart_of(programmes: Sequence[Aged]) -> Chart:
    """Return what is owed by age, stacked by programme."""
    return Chart(
        "stacked",
        N_("审核通过还没有付的金额，按天数"),
        age_names(),  # type: ignore[arg-type]
        [Series(localized(one, "name"), one.fen) for one in programmes],
        unit="fen",
    )
