"""Where every yuan went: public totals by programme and district."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Chart, Crumb, Series
from app.web.filters import localized
from app.web.guards import CurrentPrincipal, public
from app.web.pages import page
from procurement.ledger.disclosure import queries, towns
from procurement.ledger.disclosure.queries import Disclosure, Total


@dataclass(frozen=True, slots=True)
class Sum:
    """A district's or a programme's share: budget, approved and paid in fen, and how many pieces of work."""

    code: str
    name_zh: str
    name_en: str
    rows: tuple[Total, ...]
    hidden: bool

    @property
    def budget_fen(self) -> int:
        """Return what was appropriated."""
        return sum(row.budget_fen for row in self.rows)

    @property
    def approved_fen(self) -> int:
        """Return what was approved."""
        return sum(row.approved_fen for row in self.rows)

    @property
    def paid_fen(self) -> int:
        """Return what was paid."""
        return sum(row.paid_fen for row in self.rows)

    @property
    def works(self) -> int:
        """Return how many pieces of work were paid."""
        return sum(row.works for row in self.rows)


@get("/disclosure", guards=[public])
async def show(principal: CurrentPrincipal, year: FromQuery[int | None] = None) -> Response[str]:
    """Show where the money went in a year."""
    found = await queries.disclosure(year)
    districts, programmes = summed(found, "place"), summed(found, "programme")
    return await page(
        "procurement/ledger/disclosure.html",
        found=found,
        sums=found.sums(),
        districts=districts,
        programmes=programmes,
        all_hidden=queries.ALL in found.hidden,
        audited=_audited(principal, found.rows),
        chart_value=paid_chart(found, districts, programmes) if found.rows else None,
    )


@get("/disclosure/districts/{code:str}", guards=[public])
async def by_town(
    principal: CurrentPrincipal, code: FromPath[str], year: FromQuery[int | None] = None
) -> Response[str]:
    """Show a district's totals by town."""
    found = await towns.district(code, year)
    shown = [town for town in found.towns if town.code]
    chart_value = Chart(
        "row",
        Message(N_("%(year)s 年已付款，按乡镇街道"), {"year": found.whole.year}),
        [localized(town, "name") for town in shown],
        [Series(N_("已付款"), [None if town.hidden else town.paid_fen for town in shown])],
        unit="fen",
    )
    return await page(
        "procurement/ledger/towns.html",
        found=found,
        sums=found.sums(),
        chart_value=chart_value if shown else None,
        audited=_audited(principal, found.rows),
        crumbs=[Crumb(N_("资金公开"), f"/disclosure?year={found.whole.year}"), Crumb(localized(found, "name"))],
    )


def _audited(principal: Principal, rows: Sequence[Total]) -> Sequence[Total]:
    """Return the totals that the reader may follow down to each claim: an auditor's, of their places."""
    if not principal.can(Permission.LEDGER_READ):
        return ()
    scope = principal.scope(Permission.LEDGER_READ)
    return [row for row in rows if scope.covers_place(row.place_code)]


def summed(found: Disclosure, by: str) -> list[Sum]:
    """Add rows up by ``place`` or by ``programme``, in the order in which they first appear."""
    groups: dict[str, list[Total]] = {}
    for row in found.rows:
        groups.setdefault(row.place_code if by == "place" else row.programme, []).append(row)
    return [
        Sum(code, getattr(g[0], f"{by}_zh"), getattr(g[0], f"{by}_en"), tuple(g), (by, code) in found.hidden)
        for code, g in groups.items()
    ]


def paid_chart(found: Disclosure, districts: Sequence[Sum], programmes: Sequence[Sum]) -> Chart:
    """Return what was paid as bars, one for each district, stacked by programme."""
    paid = {(row.place_code, row.programme): None if row.hidden else row.paid_fen for row in found.rows}
    return Chart(
        "stacked",
        Message(N_("%(year)s 年已付款，按区县和项目"), {"year": found.year}),
        [localized(district, "name") for district in districts],
        [
            Series(
                localized(programme, "name"),
                [paid.get((d.rows[0].place_code, programme.rows[0].programme), 0) for d in districts],
            )
            for programme in programmes
        ],
        unit="fen",
    )
