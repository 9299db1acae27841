"""A provider's pages: its products, writing one with the live check, its history, submitting and taking back."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.organizations.matrix.queries import load_matrix
from marketplace.organizations.provision import CATEGORY_NAMES, CREDENTIAL_NAMES, SKILL_NAMES, Category
from marketplace.organizations.queries import my_organizations
from marketplace.products import areas, history, queries, service
from marketplace.products.catalogue.tags import CATEGORY_TAGS, stage_tags
from marketplace.products.checking.negative_list import declared_by
from marketplace.products.checking.queries import check_of, negative_list
from marketplace.products.checking.rules import Check
from marketplace.products.content import GROUP_NAMES, PER_UNIT_NAMES
from marketplace.products.forms import NewProductForm, ProductForm, SelectionForm, known, mark_needed
from marketplace.products.labels import LABELS
from marketplace.products.queries import ProductInFull
from marketplace.products.rules import ProductEvent, events_from
from marketplace.products.service import NewProduct, NotDeclared, SubmissionRefused
from marketplace.products.suspension.rules import GROUND_NAMES

WRITER = requires(Permission.PRODUCT_WRITE)
MINE = Crumb(N_("我的服务产品"), "/my/products")


@get("/my/products", guards=[WRITER])
async def mine(principal: CurrentPrincipal) -> Response[str]:
    """List the products of one's organizations."""
    return await _list(principal)


@post("/my/products/submit", guards=[WRITER])
async def submit(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Submit the ticked products; all of them, or a page that says what stands against which."""
    asked = (await Form.read(request, SelectionForm)).value
    try:
        await service.submit_products(principal, asked.references, declared=asked.declared)
    except (SubmissionRefused, NotDeclared) as refusal:
        return await _list(principal, refusal)
    return see_other("/my/products", N_("已提交 %(count)s 个产品，审查结果会通知你。"), count=len(asked.references))


@get("/my/products/new", guards=[WRITER])
async def new(principal: CurrentPrincipal, organization: FromQuery[UUID | None] = None) -> Response[str]:
    """Show an empty product."""
    own = await my_organizations(principal)
    chosen = organization or (own[0].public_id if len(own) == 1 else None)
    return await _edit(principal, Form.empty(NewProductForm, organization=chosen))


@post("/my/products/new", guards=[WRITER])
async def create(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Save a first version."""
    form = await Form.read(request, NewProductForm)
    try:
        asked = form.value
        written = NewProduct(
            asked.organization, asked.category, await asked.content(), monthly_units=asked.monthly_units
        )
        saved = await service.create_product(principal, written)
    except DomainError as refusal:
        return await _edit(principal, form.refused(refusal))
    return see_other(f"/my/products/{saved.reference}", N_("草稿已保存。"))


@get("/my/products/{reference:str}", guards=[WRITER])
async def own(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one's product: where it stands, what would be refused, its versions and decisions."""
    product = await queries.product_in_full(principal, reference)
    found = Check()
    if ProductEvent.SUBMIT in product.events:
        found = await check_of(
            principal, product.organization, product.category, product.latest.content, product.monthly_units,
            sent_back_unchanged=product.sent_back_unchanged,
        )  # fmt: skip
    places = await history.place_names(product)
    return await page(
        "marketplace/products/own.html",
        product=product,
        declared_by=declared_by(await negative_list(clock.today())),
        check=found,
        edit_path=f"/my/products/{reference}/edit",
        tags=stage_tags(product.stage),
        versions=history.shown_versions(product, places),
        place_names=places,
        moments=history.moments(product),
        field_names=LABELS,
        crumbs=[MINE, Crumb(product.reference)],
        **WORDS,
    )


@get("/my/products/{reference:str}/edit", guards=[WRITER])
async def edit_form(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show the latest version to change."""
    product = await queries.product_in_full(principal, reference)
    districts = {area.code for area in await areas.city_and_districts()}
    written = known(product.latest.content, districts)
    stated = {"version": product.latest_version, "monthly_units": product.monthly_units}
    form = Form.empty(ProductForm, **written, **stated)
    return await _edit(principal, form, product)


@post("/my/products/{reference:str}/edit", guards=[WRITER])
async def edit(reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Save the next version."""
    form = await Form.read(request, ProductForm)
    try:
        asked = form.value
        saved = await service.save_product(
            principal, reference, asked.version, await asked.content(), asked.monthly_units
        )
    except DomainError as refusal:
        product = await queries.product_in_full(principal, reference)
        return await _edit(principal, form.refused(refusal), product)
    said = N_("已保存为第 %(number)s 版。") if saved.version != asked.version else N_("已登记每月可接数量。")
    return see_other(f"/my/products/{reference}", said, number=saved.version)


@post("/my/products/{reference:str}/withdraw", guards=[WRITER])
async def withdraw(reference: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Take the product back."""
    await service.withdraw_product(principal, reference)
    return see_other("/my/products", N_("已撤回 %(reference)s。"), reference=reference)


async def _list(principal: Principal, refusal: SubmissionRefused | NotDeclared | None = None) -> Response[str]:
    rows = await queries.my_products(principal)
    return await page(
        "marketplace/products/mine.html",
        status=refusal.status if refusal else None,
        rows=[(row, stage_tags(row.stage), ProductEvent.SUBMIT in events_from(row.stage)) for row in rows],
        refusal=refusal,
        faults_by_product=getattr(refusal, "faults", {}),
        declared_by=declared_by(await negative_list(clock.today())),
        category_names=CATEGORY_NAMES,
        field_names=LABELS,
    )


async def _edit(principal: Principal, form: Form[Any], product: ProductInFull | None = None) -> Response[str]:
    category = product.category if product else _category(form)
    own_organizations = await my_organizations(principal)
    choices = await areas.city_and_districts()
    staff = (await load_matrix()).staff(category, clock.today()) if category else ()
    mark_needed(form)
    return await page(
        "marketplace/products/edit.html",
        form=form,
        product=product,
        labels=LABELS,
        organization_options=[(str(row.public_id), localized(row, "name")) for row in own_organizations],
        area_options=[(area.code, localized(area, "name")) for area in choices],
        staff_options={code: name for code, name in CREDENTIAL_NAMES.items() if category is None or code in staff},
        skill_options=SKILL_NAMES,
        check=await _check(principal, form, product),
        edit_path="",
        field_names=LABELS,
        crumbs=[MINE, Crumb(product.reference, f"/my/products/{product.reference}"), Crumb(N_("修改"))]
        if product
        else [MINE, Crumb(N_("写一个新产品"))],
        **WORDS,
    )


def _category(form: Form[Any]) -> Category | None:
    text = form.text("category")
    return Category(text) if text in set(Category) else None


async def _check(principal: Principal, form: Form[Any], product: ProductInFull | None) -> Check:
    """Return what is said of the version being changed; a new product has been checked by nobody yet."""
    if product is None or form.errors:
        return Check()
    return await check_of(
        principal, product.organization, product.category, product.latest.content, product.monthly_units
    )


WORDS: dict[str, Any] = {
    "ground_names": GROUND_NAMES,
    "category_tags": CATEGORY_TAGS,
    "category_names": CATEGORY_NAMES,
    "credential_names": CREDENTIAL_NAMES,
    "group_names": GROUP_NAMES,
    "skill_names": SKILL_NAMES,
    "unit_names": PER_UNIT_NAMES,
}
