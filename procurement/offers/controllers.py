"""Quotations for officers and keepers: asking, inviting, watching, opening; one page shows where a purchase is."""

from datetime import datetime, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.slots import Fill
from marketplace.organizations.provision import CATEGORY_NAMES
from marketplace.products.content import PER_UNIT_NAMES, UNIT_NAMES
from procurement.blocks import Block
from procurement.choices import place_options
from procurement.offers import rules
from procurement.offers.forms import InviteForm, ProposeForm, SetAsideForm, UnlockForm, WishForm
from procurement.offers.openings.queries import files_of, opened
from procurement.offers.openings.service import unlock
from procurement.offers.requests.service import QuotationWish, request_quotations
from procurement.offers.rounds import queries
from procurement.offers.rounds.queries import AskedView, RoundView
from procurement.offers.rounds.service import Invitation, invite_suppliers, round_figures
from procurement.purchases import queries as purchases
from procurement.purchases.queries import PurchaseView
from procurement.purchases.rules import Method, PurchaseStatus
from procurement.purchases.tags import STATUS_TAGS, status_tag
from procurement.reading import BUYERS, reading_scope

READER = requires(*BUYERS)
OFFICER = requires(Permission.PURCHASE_REQUEST)
DAY, HOUR, MINUTE = 86_400, 3600, 60
NAMES: dict[str, Any] = {
    "status_tags": STATUS_TAGS,
    "status_tag": status_tag,
    "unit_names": UNIT_NAMES,
    "per_unit_names": PER_UNIT_NAMES,
    "category_names": CATEGORY_NAMES,
    "ground_names": rules.GROUND_NAMES,
    "chosen_grounds": {ground: rules.GROUND_NAMES[ground] for ground in rules.CHOSEN_GROUNDS},
}


@get("/buying/quotations/new", guards=[OFFICER])
async def wish_form(principal: CurrentPrincipal) -> Response[str]:
    """Show an empty request."""
    today = clock.today()
    starts = today + timedelta(days=14)
    return await _wish(principal, Form.empty(WishForm, starts_on=starts, ends_on=starts + timedelta(days=180)))


@post("/buying/quotations", guards=[OFFICER])
async def ask(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Ask for a purchase by quotations; its money is reserved at once."""
    form = await Form.read(request, WishForm)
    try:
        asked = form.value
        lines = {
            line.key: line.id for line in await purchases.line_choices(principal.scope(Permission.PURCHASE_REQUEST))
        }
        wish = QuotationWish(
            lines.get(asked.line, 0), asked.place_code, asked.category, asked.unit, asked.quantity, asked.ceiling_fen,
            asked.starts_on, asked.ends_on, asked.purpose_zh, asked.requirements.splitlines(),
        )  # fmt: skip
        [reference] = await purchases.references_of([await request_quotations(principal, wish)])
    except DomainError as refusal:
        return await _wish(principal, form.refused(refusal))
    return see_other(f"/buying/quotations/{reference}", N_("已按最高价预留预算，请邀请供应商。"))


@get("/buying/quotations/{reference:str}", guards=[READER])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show where a purchase by quotations is, with the step that waits for the reader."""
    return await show_quotations(principal, reference)


@post("/buying/quotations/{reference:str}/invitations", guards=[OFFICER])
async def invite(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Invite suppliers, for the first time or again."""
    form = await Form.read(request, InviteForm)
    found = await purchases.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    try:
        asked = form.value
        invitation = Invitation(found.id, asked.deadline, asked.organizations, asked.keepers, asked.needed)
        await invite_suppliers(principal, invitation)
    except DomainError as refusal:
        return await show_quotations(principal, reference, inviting=form.refused(refusal))
    return see_other(f"/buying/quotations/{reference}", N_("已邀请。截止之前谁都看不到报价。"))


@post("/buying/quotations/{reference:str}/unlocks", guards=[READER])
async def unlock_round(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Bring one keeper's shares."""
    form = await Form.read(request, UnlockForm)
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    try:
        done = await unlock(principal, found.id, form.value.passphrase)
    except DomainError as refusal:
        return await show_quotations(principal, reference, unlocking=form.refused(refusal))
    said = N_("报价已全部开启。") if done else N_("你的密钥已使用，等待其他保管人。")
    return see_other(f"/buying/quotations/{reference}", said)


async def next_step(_: Principal, reference: str, method: Method, status: PurchaseStatus) -> Fill | None:
    """Lead from a purchase's page to its quotations."""
    if method is not Method.QUOTATION:
        return None
    context = {"reference": reference, "status": status.value}
    return Fill("procurement/offers/next.html", context)


async def show_quotations(
    principal: Principal,
    reference: str,
    *,
    inviting: Form[InviteForm] | None = None,
    unlocking: Form[UnlockForm] | None = None,
    setting_aside: Form[SetAsideForm] | None = None,
    proposing: Form[ProposeForm] | None = None,
) -> Response[str]:
    """Show one purchase's quotations, with the form that was refused if one was."""
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    asked, latest = await queries.asked(found.id), await queries.latest_round(found.id)
    refused = inviting or unlocking or setting_aside or proposing
    works = _works(principal, found)
    comparison = await opened(found.id, asked.ceiling_fen) if latest and latest.opened_at else None
    me = next((one for one in latest.keepers if one.account_id == principal.account_id), None) if latest else None
    standing = await _standing(found, latest)
    return await page(
        "procurement/offers/show.html",
        status=refused.status if refused else None,
        purchase=found,
        asked=asked,
        round=latest,
        comparison=comparison,
        countable=[(one.public_id, f"{localized(one, 'organization')} · {yuan(one.unit_price_fen or 0)}")
                   for one in comparison.quotations if one.counts] if comparison else [],
        files=await files_of([one.id for one in comparison.quotations]) if comparison else {},
        me=me,
        works=works,
        **standing,
        **(await _inviting(found, asked, inviting) if works and standing["may_invite"] else {"inviting": None}),
        unlocking=unlocking or Form.empty(UnlockForm),
        setting_aside=setting_aside or Form.empty(SetAsideForm),
        proposing=proposing or Form.empty(ProposeForm, held_on=clock.today()),
        crumbs=[Crumb(N_("采购"), "/buying/purchases"), Crumb(reference, f"/buying/purchases/{reference}"),
                Crumb(N_("三家比价"))],
        **NAMES,
    )  # fmt: skip


def remaining(deadline: datetime) -> Message:
    """Say how long suppliers still have."""
    left = max(0, int((deadline - clock.now()).total_seconds()))
    values = {"days": left // DAY, "hours": left % DAY // HOUR, "minutes": left % HOUR // MINUTE}
    if not left:
        return Message(N_("已截止"))
    if left < DAY:
        return Message(N_("还有%(hours)s小时%(minutes)s分"), values)
    return Message(N_("还有%(days)s天%(hours)s小时"), values)


async def _standing(found: PurchaseView, latest: RoundView | None) -> dict[str, Any]:
    """Return what may be done now; before the deadline it does not depend on what was handed in."""
    closing: list[Block] = []
    if latest is None or found.status not in (PurchaseStatus.QUOTATIONS_SEALED, PurchaseStatus.OPENED):
        return {"may_invite": found.status is PurchaseStatus.RESERVED, "closing": closing, "over": False,
                "remaining": None}  # fmt: skip
    standing = await queries.latest_standing(found.id)
    fewest = (await round_figures(found.place_code)).suppliers
    over = standing.now > standing.deadline
    if found.status is PurchaseStatus.QUOTATIONS_SEALED and over:
        closing = rules.opening_blocks(standing, fewest)
    if found.status is PurchaseStatus.OPENED:
        closing = rules.comparison_blocks(standing.countable, fewest)
    again = rules.again_blocks(standing, fewest)
    return {"may_invite": not again, "closing": closing, "over": over, "remaining": remaining(latest.deadline)}


async def _inviting(found: PurchaseView, asked: AskedView, form: Form[InviteForm] | None) -> dict[str, Any]:
    suppliers = await queries.suppliers_for(asked.category)
    figures = await round_figures(found.place_code)
    first = clock.local(clock.now() + timedelta(days=figures.days.value + 1)).replace(hour=17, minute=0)
    return {
        "inviting": form or Form.empty(InviteForm, deadline=first, needed=figures.needed.value),
        "suppliers": [(one.public_id, localized(one, "name")) for one in suppliers],
        "keepers": [(one.public_id, one.name_zh) for one in
                    await queries.keepers_for(found.place_code, [found.requested_by])],
        "figures": figures,
    }  # fmt: skip


async def _wish(principal: Principal, form: Form[WishForm]) -> Response[str]:
    scope = principal.scope(Permission.PURCHASE_REQUEST)
    lines = [
        (line.key, f"{localized(line, 'place')} {line.year} · {yuan(line.left_fen)}")
        for line in await purchases.line_choices(scope)
    ]
    places = await place_options(scope)
    return await page("procurement/offers/new.html", form=form, lines=lines, places=places, **NAMES)


def _works(principal: Principal, found: PurchaseView) -> bool:
    scope = principal.scopes.get(Permission.PURCHASE_REQUEST)
    return scope is not None and scope.covers_place(found.place_code)
