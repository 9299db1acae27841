"""The live check: a part of the page, answered while somebody types."""

from typing import Any

from litestar import Request, Response, post

from app.core.access import Permission
from app.core.errors import InvalidInput
from app.core.text import Message
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from marketplace.products.checking.queries import check_of
from marketplace.products.checking.rules import Check
from marketplace.products.forms import NewProductForm
from marketplace.products.labels import LABELS


@post("/my/products/check", guards=[requires(Permission.PRODUCT_WRITE)])
async def check(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Answer with what would be refused if the form as typed were submitted, now or from a date on."""
    form = await Form.read(request, NewProductForm)
    wrong: dict[str, Message] = {}
    found = Check()
    try:
        asked = form.value
        content = await asked.content()
        found = await check_of(principal, asked.organization, asked.category, content, asked.monthly_units)
    except InvalidInput as refusal:
        wrong = refusal.fields
    return await page(
        "marketplace/products/faults.html",
        check=found,
        wrong=wrong,
        field_names=LABELS,
        checked=True,
        organization=form.text("organization"),
        edit_path="",
    )
