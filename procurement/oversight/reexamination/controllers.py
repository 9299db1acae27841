"""The page on which a past purchase is judged again."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app.core.errors import DomainError
from app.core.text import N_
from app.rulebook.wording import unit_of
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.oversight.reexamination.forms import OtherDay
from procurement.oversight.reexamination.queries import reexamine
from procurement.oversight.reexamination.wording import STEP_NAMES
from procurement.purchases import queries as purchases
from procurement.reading import BUYERS, reading_scope

READER = requires(*BUYERS)


@get("/buying/purchases/{reference:str}/again", guards=[READER])
async def again(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[str]:
    """Judge every decided step again, by the law of its day and by that of another, today unless one is named."""
    bought = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    form = Form.from_query(request, OtherDay)
    day = None
    try:
        day = form.value.on
    except DomainError as refusal:
        form = form.refused(refusal)
    here = f"/buying/purchases/{reference}"
    return await page(
        "procurement/oversight/reexamination/again.html",
        status=form.status if form.errors else None,
        purchase=bought,
        found=await reexamine(bought.id, day),
        asked=form,
        here=f"{here}/again",
        step_names=STEP_NAMES,
        unit_of=unit_of,
        crumbs=[Crumb(N_("采购"), "/buying/purchases"), Crumb(reference, here), Crumb(N_("重新审查"))],
    )


@get("/buying/tenders/{reference:str}/again", guards=[READER])
async def again_of_tender(reference: FromPath[str]) -> Response[Any]:
    """Lead whoever kept the address of a tender's page to the one that every purchase has."""
    return see_other(f"/buying/purchases/{reference}/again")
