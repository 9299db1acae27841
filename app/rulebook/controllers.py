"""The officer's pages of the rulebook."""

from decimal import Decimal, InvalidOperation
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from app.rulebook import queries, service
from app.rulebook.forms import ConfirmForm, SupersedeForm
from app.rulebook.rules import Rule
from app.rulebook.service import Replacement
from app.rulebook.wording import UNITS
from app.web.components import Crumb, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other

RULEBOOK = "/rulebook"
READERS = requires(Permission.RULEBOOK_CONFIRM, Permission.AUDIT_READ)
OFFICERS = requires(Permission.RULEBOOK_CONFIRM)
CONFIRMED, READ, UNVERIFIED = (
    Tag("done", N_("已确认")),
    Tag("info", N_("已对照原文")),
    Tag("need", N_("未核实")),
)


def verification(rule: Rule) -> Tag:
    """Return how far a figure may be relied on, for every page that shows one."""
    if rule.verified_by is not None:
        return CONFIRMED
    return READ if rule.text_read else UNVERIFIED


@get("/rulebook", guards=[READERS])
async def rulebook() -> Response[str]:
    """Show every figure with its source and standing."""
    rows = await queries.rulebook(clock.today())
    return await page(
        "app/rulebook/rulebook.html",
        rows=rows,
        verification=verification,
        unit_names=UNITS,
        unverified=sum(row.in_force and not row.rule.verified for row in rows),
    )


@get("/rulebook/{rule_id:int}", guards=[READERS])
async def rule(rule_id: FromPath[int]) -> Response[str]:
    """Show one figure."""
    return await _rule(rule_id)


@post("/rulebook/{rule_id:int}/confirm", guards=[OFFICERS])
async def confirm(
    request: Request[Any, Any, Any], rule_id: FromPath[int], principal: CurrentPrincipal
) -> Response[Any]:
    """Confirm a figure."""
    form = await Form.read(request, ConfirmForm)
    await service.confirm_rule(principal, rule_id, _decimal(form.value.value))
    return see_other(f"{RULEBOOK}/{rule_id}", N_("数值已确认，记入审计。"))


@post("/rulebook/{rule_id:int}/supersede", guards=[OFFICERS])
async def supersede(
    request: Request[Any, Any, Any], rule_id: FromPath[int], principal: CurrentPrincipal
) -> Response[Any]:
    """Let another figure hold from a day on."""
    form = await Form.read(request, SupersedeForm)
    try:
        given = form.value
        new = Replacement(
            *(_decimal(given.value), given.document, given.article, given.effective_from),
            note_zh=given.note_zh,
            note_en=given.note_en,
        )
        new_id = await service.supersede_rule(principal, rule_id, new)
    except DomainError as refusal:
        return await _rule(rule_id, form.refused(refusal))
    return see_other(f"{RULEBOOK}/{new_id}", N_("新数值自 %(day)s 起生效。"), day=given.effective_from.isoformat())


@get(["/rulebook/{rule_id:int}/confirm", "/rulebook/{rule_id:int}/supersede"], guards=[READERS])
async def back_to_rule(rule_id: FromPath[int]) -> Response[Any]:
    """Answer whoever reloads the answer to a form."""
    return see_other(f"{RULEBOOK}/{rule_id}")


async def _rule(rule_id: int, form: Form[SupersedeForm] | None = None) -> Response[str]:
    found = await queries.rule_by_id(rule_id)
    if found is None:
        raise NotFound
    return await page(
        "app/rulebook/rule.html",
        form=form or Form.empty(SupersedeForm, document=found.document, article=found.article),
        rule=found,
        status_tag=verification(found),
        unit_names=UNITS,
        crumbs=[Crumb(N_("规则库"), RULEBOOK), Crumb(found.key)],
    )


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        raise InvalidInput({"value": Message(N_("请填写数字。"))}) from None
