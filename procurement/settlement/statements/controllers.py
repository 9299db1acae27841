"""Statements of payees: one's own, and finance's, on a page and as PDF."""

from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission, Principal
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other, to_save
from procurement.settlement.queries import READERS
from procurement.settlement.statements import queries
from procurement.settlement.statements.paper import statement_pdf, title_of
from procurement.settlement.statements.queries import Statement

CLAIMANTS = requires(Permission.CLAIM_SELF)
OFFICERS = requires(*READERS)
OWN, FINANCE = "/my/statements", "/settlement/payees"


@get(OWN, guards=[CLAIMANTS])
async def own(principal: CurrentPrincipal) -> Response[str]:
    """Lead to one's own statement, or let somebody who acts for organizations choose."""
    payees = await queries.own_payees(principal)
    if len(payees) == 1:
        return see_other(f"{OWN}/{payees[0].payee_id}")  # type: ignore[return-value]
    return await page("procurement/settlement/statements/choose.html", payees=payees)


@get(f"{OWN}/{{payee:uuid}}", guards=[CLAIMANTS])
async def show_own(
    principal: CurrentPrincipal, payee: FromPath[UUID], year: FromQuery[int | None] = None,
    month: FromQuery[int | None] = None,
) -> Response[str]:  # fmt: skip
    """Show one's own statement."""
    found = await queries.statement(_self(principal), payee, year, month)
    return await _page(found, OWN, [Crumb(N_("我的补贴"), "/my/claims"), Crumb(N_("收款对账单"))])


@get(f"{OWN}/{{payee:uuid}}/pdf", guards=[CLAIMANTS])
async def print_own(
    principal: CurrentPrincipal, payee: FromPath[UUID], year: FromQuery[int | None] = None,
    month: FromQuery[int | None] = None,
) -> Response[bytes]:  # fmt: skip
    """Print one's own statement."""
    return await _file(await queries.statement(_self(principal), payee, year, month))


@get(f"{FINANCE}/{{payee:uuid}}", guards=[OFFICERS])
async def show_payee(
    principal: CurrentPrincipal, payee: FromPath[UUID], year: FromQuery[int | None] = None,
    month: FromQuery[int | None] = None,
) -> Response[str]:  # fmt: skip
    """Show finance a payee's statement."""
    found = await queries.statement(principal, payee, year, month)
    return await _page(found, FINANCE, [Crumb(N_("结算"), "/settlement"), Crumb(found.name)])


@get(f"{FINANCE}/{{payee:uuid}}/pdf", guards=[OFFICERS])
async def print_payee(
    principal: CurrentPrincipal, payee: FromPath[UUID], year: FromQuery[int | None] = None,
    month: FromQuery[int | None] = None,
) -> Response[bytes]:  # fmt: skip
    """Print a payee's statement for finance."""
    return await _file(await queries.statement(principal, payee, year, month))


async def _page(found: Statement, home: str, crumbs: list[Crumb]) -> Response[str]:
    return await page(
        "procurement/settlement/statements/show.html",
        found=found,
        sums=found.sums(),
        period=title_of(found),
        here=f"{home}/{found.payee_id}",
        crumbs=crumbs,
    )


async def _file(found: Statement) -> Response[bytes]:
    period = found.period
    name = f"statement-{period.year}" + (f"-{period.month:02d}" if period.month else "")
    return to_save(await statement_pdf(found), f"{name}.pdf", "application/pdf")


def _self(principal: Principal) -> Principal:
    """Return the reader as a payee alone: an officer's own statement is found at finance's address."""
    scopes = {Permission.CLAIM_SELF: principal.scope(Permission.CLAIM_SELF)}
    return Principal(principal.account_id, name=principal.name, kind=principal.kind, scopes=scopes)
