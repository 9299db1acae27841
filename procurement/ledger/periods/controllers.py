"""Closing a month from the trial balance."""

from datetime import date

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission
from app.core.text import N_
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import see_other
from procurement.ledger.periods import service


@post("/ledger/months/{month:date}/close", guards=[requires(Permission.LEDGER_CLOSE)])
async def close(principal: CurrentPrincipal, month: FromPath[date]) -> Redirect:
    """Close a month, named by its first day."""
    await service.close_month(principal, month)
    return see_other("/ledger", N_("已结账。更正记入当前月份。"))
