"""The reviewer's desk and the page on which a product is decided."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.clock import today
from app.core.errors import DomainError
from app.core.text import N_, Message
from app.rulebook import rule
from app.web.components import Crumb, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.law import REVIEW_DAYS
from marketplace.organizations.interests.queries import is_tied
from marketplace.organizations.queries import uscc_of
from marketplace.products import history, queries
from marketplace.products.catalogue.tags import stage_tags
from marketplace.products.checking.queries import standing_check
from marketplace.products.content import FIELD_NAMES
from marketplace.products.controllers import WORDS
from marketplace.products.labels import LABELS
from marketplace.products.review import queries as desk
from marketplace.products.review import service
from marketplace.products.review.forms import DeskForm, VerdictForm
from marketplace.products.review.rules import Clock, Verdict
from marketplace.products.rules import EVENT_NAMES

REVIEWER = requires(Permission.PRODUCT_REVIEW)
BEFORE_DUE = 2  # working days before the term ends from which a review is urgent
CHECKLIST = (
    N_("不属于政府应当直接履行的职责，不是货物、工程、融资或单纯用工。"),
    N_("内容、标准、人员和流程写得具体，居民看得懂，验收时对得上。"),
    N_("人员资格与类别相符，时长和人数办得到。"),
    N_("价格与同类服务相当，没有超过限价。"),
    N_("本人与提供方三年内没有任职、持股、亲属等关系。"),
)


def clock_tag(clock: Clock) -> Tag:
    """Return how urgent a review is."""
    if clock.overdue:
        return Tag("need", Message(N_("超期 %(days)s 个工作日"), {"days": -clock.days_left}))
    if clock.days_left == 0:
        return Tag("need", N_("今天到期"))
    tone = "need" if clock.days_left <= BEFORE_DUE else "wait"
    return Tag(tone, Message(N_("还剩 %(days)s 个工作日"), {"days": clock.days_left}))


@get("/review/products", guards=[REVIEWER])
async def show_desk(principal: CurrentPrincipal) -> Response[str]:
    """Show what waits for review, the one due first on top."""
    return await _desk(principal, Form.empty(DeskForm))


@post("/review/products/begin", guards=[REVIEWER])
async def begin(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Take the ticked products up."""
    form = await Form.read(request, DeskForm)
    try:
        form.require_ticked("selected")
        references = form.value.references
        await service.begin_review(principal, references)
    except DomainError as refusal:
        return await _desk(principal, form.refused(refusal))
    back = f"/review/products/{references[0]}" if len(references) == 1 else "/review/products"
    return see_other(back, N_("已接手 %(count)s 个产品。"), count=len(references))


@post("/review/products/decide", guards=[REVIEWER])
async def decide_many(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Decide on all the ticked products alike."""
    form = await Form.read(request, DeskForm)
    try:
        form.require_ticked("selected")
        decisions = form.value.decisions()
        await service.decide_products(principal, decisions)
    except DomainError as refusal:
        return await _desk(principal, form.refused(refusal))
    return see_other("/review/products", N_("已办结 %(count)s 个产品，提供方会收到通知。"), count=len(decisions))


@get("/review/products/{reference:str}", guards=[REVIEWER])
async def examine(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one product with its history and what stands against it."""
    return await _examine(principal, reference, Form.empty(VerdictForm))


@post("/review/products/{reference:str}/decide", guards=[REVIEWER])
async def decide(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Decide on one product."""
    form = await Form.read(request, VerdictForm)
    try:
        await service.decide_products(principal, [form.value.decision(reference)])
    except DomainError as refusal:
        return await _examine(principal, reference, form.refused(refusal))
    return see_other("/review/products", N_("已办结 %(reference)s，提供方会收到通知。"), reference=reference)


async def _desk(principal: Principal, form: Form[DeskForm]) -> Response[str]:
    found = await desk.review_desk(principal)
    return await page(
        "marketplace/products/desk.html",
        form=form,
        desk=found,
        rows=[(row, stage_tags(row.stage)[-1], clock_tag(row.clock)) for row in found.rows],
        verdicts={verdict: EVENT_NAMES[verdict.event] for verdict in Verdict if not verdict.on_listing},
        category_names=WORDS["category_names"],
    )


async def _examine(principal: Principal, reference: str, form: Form[VerdictForm]) -> Response[str]:
    product = await queries.product_in_full(principal, reference)
    places = await history.place_names(product)
    due = await desk.clock_of(product.submitted_at) if product.submitted_at else None
    tied = await is_tied(principal, product.organization_id)
    possible = [] if tied else [verdict for verdict in Verdict if verdict.event in product.events]
    return await page(
        "marketplace/products/examine.html",
        form=form,
        product=product,
        verdicts={verdict: EVENT_NAMES[verdict.event] for verdict in possible},
        check=await standing_check(principal, reference),
        edit_path=None,
        tags=stage_tags(product.stage),
        versions=history.shown_versions(product, places),
        place_names=places,
        clock=due,
        clock_tag=clock_tag(due) if due else None,
        moments=history.moments(product),
        checklist=CHECKLIST,
        changeable={**FIELD_NAMES},
        may_begin="begin_review" in product.events and not tied,
        tied=tied,
        organization_uscc=await uscc_of(product.organization_id),
        from_listed=history.since_listed(product, places),
        term=(await rule(REVIEW_DAYS, on=today())),
        field_names=LABELS,
        crumbs=[Crumb(N_("产品审查"), "/review/products"), Crumb(product.reference)],
        **WORDS,
    )
